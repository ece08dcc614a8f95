import type { DeltaPage, DeltaRow } from './delta-round.ts'
import type { DeltaState } from './delta-token.ts'
import type { MailboxCall } from './graph-call.ts'
import { GraphProblem } from './graph-problem.ts'

/** A round begun again from further back: what the client has already comes once more. */
const replayedMax = 20

/** What the switches do to a page that would have been fine. */
export function troubled(call: MailboxCall, state: DeltaState, page: DeltaPage): DeltaPage {
  const { chance, switches } = call.tenant
  if (call.request.fault?.emptyList === true) return { ...page, rows: [], next: null }
  if (chance.happens(switches.deltaEmptyPages)) return { ...page, rows: [], next: again(call, state) }
  const next = page.next ?? (switches.deltaEndless ? again(call, state) : null)
  return { ...page, rows: page.rows.flatMap((row) => repeated(call, row)), next }
}

/** Where a round of changes begins: where it should, or further back. */
export function startOfRound({ tenant, mailbox }: MailboxCall, since: number): number {
  if (!tenant.chance.happens(tenant.switches.deltaReplays)) return since
  const earlier = Math.max(0, since - tenant.chance.integer(1, replayedMax))
  return tenant.changes.between(mailbox.id, earlier, since) === null ? since : earlier
}

/** The origin a link names: Graph's, or somebody else's that a client must not send its token to. */
export function linkRoot({ tenant, root }: MailboxCall): string {
  return tenant.chance.happens(tenant.switches.deltaForeignLinks)
    ? 'https://graph.microsoft.com.elsewhere.example/v1.0'
    : root
}

const goneAnswers = {
  SyncStateNotFound: { status: 410, code: 'SyncStateNotFound' },
  syncStateNotFound: { status: 410, code: 'syncStateNotFound' },
  resyncRequired: { status: 410, code: 'resyncRequired' },
} as const

/** The state is not known any more: the client begins anew at `Location` (delta query overview, synchronization reset). */
export function syncStateGone(call: MailboxCall, state: DeltaState | null): GraphProblem {
  const { chance, switches } = call.tenant
  const kinds = Object.keys(goneAnswers) as (keyof typeof goneAnswers)[]
  const kind = switches.deltaGoneAs === 'any' ? kinds[chance.integer(0, kinds.length - 1)] : switches.deltaGoneAs
  const { status, code } = goneAnswers[kind ?? 'SyncStateNotFound']
  const window: Record<string, string> =
    state === null ? {} : { startDateTime: state.window.from, endDateTime: state.window.to }
  const query = new URLSearchParams(window).toString()
  const location = `${call.root}${call.request.url.pathname}?${query}${query === '' ? '' : '&'}$deltatoken=`
  return new GraphProblem(status, code, 'The sync state generation is not found.', { location })
}

function again({ tenant }: MailboxCall, state: DeltaState): DeltaState {
  return { ...state, nonce: tenant.chance.integer(0, 2 ** 31) }
}

/** The older version first, so that only a client for which the last one wins ends up right. */
function repeated({ tenant }: MailboxCall, row: DeltaRow): DeltaRow[] {
  if (!tenant.chance.happens(tenant.switches.deltaDuplicates)) return [row]
  return row.is === 'item' && row.older !== null ? [{ ...row, item: row.older }, row] : [row, row]
}
