import type { Graph } from '#graph/client.ts'
import type { Mailbox } from '#graph/events.ts'
import type { SyncDeps } from './deps.ts'

/** The alias of the founding page: each person's own permission at Exchange Online. */
export const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

/** Whose calendar the meeting is in, and with whose token it is written. */
export type Organizer = {
  is: 'ready'
  mailbox: Mailbox
  /** The account whose permission is used, as the timeline names it. */
  identity: string
  credentialId: string
  graph: Graph
}

export type NoOrganizer =
  | { is: 'sign_in_needed'; credentialId: string; say: string }
  | { is: 'refused'; code: string; say: string }

/** An application's token could write anywhere and would write as nobody: in Personal mode it is never used. */
const notAPerson = `The alias ${personalAlias} must use each person’s own permission. Ask an administrator to make its credential Personal.`

/** Personal mode, oneself: the person's own primary calendar, with their own token (product decision "whose calendar"). */
export async function organizerFor(deps: SyncDeps, userId: string): Promise<Organizer | NoOrganizer> {
  const found = await deps.resolve(personalAlias, { userId })
  if (found.is !== 'ready') return found
  const { fetch, account, credentialId } = found
  if (account === null) return { is: 'refused', code: 'sync.not_a_person', say: notAPerson }
  const graph = { fetch, newId: deps.seams.newId, now: deps.seams.now }
  return { is: 'ready', mailbox: { is: 'mine' }, identity: account.email, credentialId, graph }
}
