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
  readonly #entries: Collection<{ id: string; entry: LedgerEntry }>
  #oldest: number
  #next: number

  constructor(store: Store) {
    this.#entries = store.collection('ledger')
    const kept = this.#entries.list().map((row) => row.entry.id)
    this.#oldest = kept[0] ?? 1
    this.#next = (kept.at(-1) ?? 0) + 1
  }

  add(entry: Omit<LedgerEntry, 'id'>): LedgerEntry {
    const numbered = { id: this.#next, ...entry }
    this.#next += 1
    this.#entries.put({ id: String(numbered.id), entry: numbered })
    while (this.#entries.size > keptEntries) {
      this.#entries.delete(String(this.#oldest))
      this.#oldest += 1
    }
    return numbered
  }

  /** Entries with an id above `afterId`, oldest first. */
  since(afterId = 0): LedgerEntry[] {
    return this.#entries
      .list()
      .map((row) => row.entry)
      .filter((entry) => entry.id > afterId)
  }

  clear(): void {
    this.#entries.clear()
    this.#oldest = this.#next
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
