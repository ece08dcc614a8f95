import type { Context } from 'hono'
import { type AuditEntry, recordAudit } from '#audit/audit.ts'
import { clientAddress } from './client-address.ts'
import type { PeopleDeps } from './deps.ts'
import { openTokenBuckets } from './token-bucket.ts'

type Deps = Pick<PeopleDeps, 'db' | 'seams' | 'log' | 'trustedProxyHops'>

/** One address can leave ten entries at once and then one in ten seconds, all addresses together a hundred and one a second. */
const perAddress = { capacity: 10, refillMs: 10_000 }
const together = { capacity: 100, refillMs: 1_000 }
/** How often the use of one token for one purpose is written down. The token's own last use is exact to a minute. */
const perUse = { capacity: 1, refillMs: 60 * 60_000 }

type NotedEntry = Pick<AuditEntry, 'action' | 'subject' | 'details'> & { actor?: { id: string; name: string } }

/**
 * Entries that somebody outside causes by merely asking: refused sign-ins and tokens, and uses of tokens. They are written in
 * the trail too, but never at the pace of whoever asks: every entry takes the chain's lock, and the table only grows. What is
 * over the limit is in the log alone.
 */
export type Noted = {
  refusal: (context: Context, entry: NotedEntry) => Promise<void>
  use: (context: Context, token: { id: string; name: string }, by: { id: string; name: string }) => Promise<void>
}

export function openNoted(deps: Deps): Noted {
  const addresses = openTokenBuckets(deps.seams.now, perAddress)
  const everybody = openTokenBuckets(deps.seams.now, together)
  const uses = openTokenBuckets(deps.seams.now, perUse)
  return {
    refusal: async (context, entry) => {
      const from = clientAddress(context, deps.trustedProxyHops ?? 0)
      deps.log.warn({ requestId: requestIdOf(context), from }, entry.action)
      if (!addresses.take(from) || !everybody.take('all')) return
      await write(deps, context, { ...entry, details: { ...entry.details, from } })
    },
    use: async (context, token, by) => {
      const purpose = purposeOf(context)
      if (!uses.take(`${token.id} ${purpose}`)) return
      const from = clientAddress(context, deps.trustedProxyHops ?? 0)
      const subject = { kind: 'api_token', ...token }
      await write(deps, context, { action: 'people.api_token_used', subject, details: { purpose, from }, actor: by })
    },
  }
}

function write({ db }: Deps, context: Context, { actor, ...entry }: NotedEntry): Promise<void> {
  return recordAudit(db, {
    ...entry,
    actorId: actor?.id ?? null,
    actorName: actor?.name ?? 'somebody who is not signed in',
    requestId: requestIdOf(context),
  })
}

/** `read reservations`, `write connections`: what a token is used for, without the records it is used on. */
function purposeOf({ req }: Context): string {
  const feature = /^\/api\/([a-z-]{1,40})/.exec(req.path)?.[1] ?? 'other'
  return `${['GET', 'HEAD'].includes(req.method) ? 'read' : 'write'} ${feature}`
}

function requestIdOf(context: Context): string {
  return String(context.get('requestId') ?? '')
}
