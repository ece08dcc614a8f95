import type { LedgerEntry } from '../../emulator/model.ts'
import { outlookApp } from './outlook-person.ts'
import type { TestTenant } from './tenant.ts'

/** What Anteroom asked of Graph after an entry of the ledger, oldest first; what people do in Outlook is none of it. */
export function ourCalls(tenant: TestTenant, afterId = 0): LedgerEntry[] {
  return tenant.ledger(afterId).filter(({ surface, clientId }) => surface === 'graph' && clientId !== outlookApp)
}

/** Asked of an event that does not exist, to see whether the permission would suffice. */
export const isProbe = ({ method, path }: LedgerEntry) => method === 'PATCH' && path.endsWith('/events/AAMkAnothing')

const verbs: readonly [RegExp, string][] = [
  [/^POST .*\/events$/, 'create'],
  [/^PATCH .*\/events\/[^/]+$/, 'change'],
  [/^POST .*\/events\/[^/]+\/cancel$/, 'cancel'],
  [/^DELETE .*\/events\/[^/]+$/, 'delete'],
  [/^POST .*\/events\/[^/]+\/(accept|tentativelyAccept|decline)$/, 'answer'],
]

/** Everything of ours that changed a calendar since: what, with whose permission, in whose mailbox. */
export function ourWrites(tenant: TestTenant, afterId = 0): string[] {
  return ourCalls(tenant, afterId).flatMap((call) => {
    const verb = verbs.find(([pattern]) => pattern.test(`${call.method} ${call.path}`))?.[1]
    return verb === undefined || call.status >= 400 ? [] : [`${verb} by ${callerOf(call)} in ${call.mailbox}`]
  })
}

/** Whose permissions were used in a mailbox since. */
export function callersIn(tenant: TestTenant, mailbox: string, afterId = 0): string[] {
  const calls = ourCalls(tenant, afterId).filter((call) => call.mailbox === mailbox)
  return [...new Set(calls.map(callerOf))].sort()
}

export function callerOf({ accountName, tokenKind }: LedgerEntry): string {
  return tokenKind === 'application' ? 'the application' : (accountName ?? 'nobody')
}
