import type { Context, MiddlewareHandler } from 'hono'
import { type Bearer, readAccessToken } from './access-token.ts'
import type { TenantEnv } from './http.ts'
import type { LedgerEntry } from './model.ts'
import type { Collection, Store } from './store.ts'
import type { Tenant } from './tenant.ts'

/** What a handler knows about its request and the middleware does not. */
export type LedgerNotes = Partial<
  Pick<
    LedgerEntry,
    | 'clientId'
    | 'accountId'
    | 'accountName'
    | 'tokenKind'
    | 'grantType'
    | 'mailbox'
    | 'status'
    | 'errorCode'
    | 'batchId'
    | 'faultId'
  >
>

const keptEntries = 20_000

/** Every request the tenant answered, the newest 20,000 of them; the judge in tests. Ids only grow, over resets too, while the tenant runs. */
export class Ledger {
  /** Null in a tenant that forgets. */
  readonly #rows: Collection<{ id: string; entry: LedgerEntry }> | null
  #entries: LedgerEntry[] = []
  #next: number

  constructor(store: Store) {
    this.#rows = store.isKept ? store.collection('ledger') : null
    if (this.#rows !== null) this.#entries = this.#rows.list().map((row) => row.entry)
    this.#next = (this.#entries.at(-1)?.id ?? 0) + 1
  }

  add(entry: Omit<LedgerEntry, 'id'>): LedgerEntry {
    const numbered = { id: this.#next, ...entry }
    this.#next += 1
    this.#entries.push(numbered)
    this.#rows?.put({ id: String(numbered.id), entry: numbered })
    this.#rows?.delete(String(numbered.id - keptEntries))
    // Cut back now and then: taking one from the front each time would move all the others.
    if (this.#entries.length >= keptEntries * 2) this.#entries = this.#entries.slice(-keptEntries)
    return numbered
  }

  /** Entries with an id above `afterId`, oldest first. */
  since(afterId = 0): LedgerEntry[] {
    const newer = Math.max(0, this.#next - 1 - afterId)
    return newer === 0 ? [] : this.#entries.slice(-Math.min(newer, keptEntries))
  }

  clear(): void {
    this.#rows?.clear()
    this.#entries = []
  }
}

/** Adds what the handler knows (mailbox, error code, ...) to the entry of the request in hand. */
export function annotate(c: Context<TenantEnv>, notes: LedgerNotes): void {
  c.set('ledgerNotes', { ...c.get('ledgerNotes'), ...notes })
}

/**
 * Records every request on a surface after it was answered, with the app and account of its bearer token. Only the path is kept: never a
 * query, a body or a header. Sets `requestId` and, for Graph, `bearer` for the handlers behind it.
 */
export function recordRequests(tenant: Tenant, surface: LedgerEntry['surface']): MiddlewareHandler<TenantEnv> {
  return async (c, next) => {
    const at = tenant.now().toISOString()
    c.set('requestId', tenant.chance.uuid())
    c.set('ledgerNotes', {})
    c.set('bearer', readAccessToken(tenant, c.req.header('authorization')))
    await next()
    recordEntry(tenant, {
      at,
      surface,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      requestId: c.get('requestId'),
      clientRequestId: c.req.header('client-request-id') ?? null,
      ...holderOf(tenant, c.get('bearer')),
      ...c.get('ledgerNotes'),
    })
  }
}

type EntryFacts = Pick<LedgerEntry, 'surface' | 'method' | 'path' | 'status' | 'requestId'> &
  Partial<Omit<LedgerEntry, 'id'>>

/** Records one request that did not come through the middleware (an inner request of a `$batch`); what is not said is null. */
export function recordEntry(tenant: Tenant, facts: EntryFacts): LedgerEntry {
  return tenant.ledger.add({
    at: tenant.now().toISOString(),
    clientId: null,
    accountId: null,
    accountName: null,
    tokenKind: null,
    grantType: null,
    mailbox: null,
    errorCode: null,
    clientRequestId: null,
    batchId: null,
    faultId: null,
    ...facts,
  })
}

/** App and account of a readable bearer token, as the ledger names them. */
export function holderOf(
  tenant: Tenant,
  bearer: Bearer,
): Pick<LedgerEntry, 'clientId' | 'accountId' | 'accountName' | 'tokenKind'> {
  if (!bearer.ok) return { clientId: null, accountId: null, accountName: null, tokenKind: null }
  const { clientId, accountId, kind } = bearer.token
  const accountName = accountId === null ? null : (tenant.users.get(accountId)?.userPrincipalName ?? null)
  return { clientId, accountId, accountName, tokenKind: kind }
}
