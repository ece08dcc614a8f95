import { type Reach, reachToRead } from './access.ts'
import { type DeltaPage, type DeltaRow, newestVisible, type OpenState, pageOf } from './delta-round.ts'
import { type DeltaState, deltaToken, readDeltaToken } from './delta-token.ts'
import { linkRoot, startOfRound, syncStateGone, troubled } from './delta-trouble.ts'
import { eventJson } from './event-output.ts'
import { asSeen } from './event-sight.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { accessDenied, GraphProblem } from './graph-problem.ts'
import { mailboxRoutes, type Route } from './router.ts'
import { readTimeWindow } from './time-window.ts'

/**
 * Changes in a window of a calendar (Graph event-delta): one full round, then only what changed. Series will come here too:
 * masters and exceptions whole, occurrences as stubs of id, type, seriesMasterId, start and end.
 */
export const deltaRoutes: Route[] = [
  '/calendarView/delta',
  '/calendar/calendarView/delta',
  '/calendars/:calendar/calendarView/delta',
].flatMap((path) => mailboxRoutes('GET', path, delta))

const pageSize = 10
const pageSizeMax = 1000

function delta(call: MailboxCall): GraphAnswer {
  refuseOptions(call)
  const { sight } = reachToRead(call.tenant, call.token, call.mailbox)
  const state = stateOf(call)
  const page = pageOf(call, state, Math.min(call.preferences.maxPageSize ?? pageSize, pageSizeMax))
  return pageAnswer(call, troubled(call, state, page), sight)
}

function refuseOptions({ query }: MailboxCall): void {
  const { select, filter, expand, orderBy, search } = query
  if ([select, filter, expand, orderBy, search].every((option) => option === null)) return
  const message =
    "The following parameters are not supported with change tracking over the 'Events' resource: '$orderby, $filter, $select, $expand, $search'."
  throw new GraphProblem(400, 'ErrorInvalidUrlQuery', message)
}

/** Where this request goes on. An empty token begins anew, as the `Location` of a 410 has it. */
function stateOf(call: MailboxCall): OpenState {
  const { deltaToken: between, skipToken: within } = call.query
  const token = within ?? between ?? ''
  if (token === '') return freshState(call)
  const state = readDeltaToken(call.tenant, token)
  if (state === null || isGone(call, state)) throw syncStateGone(call, state)
  if (within !== null && state.page !== null) refuseForeignPages(call)
  if (state.page !== null) return { ...state, page: state.page }
  const since = startOfRound(call, state.since)
  return { ...state, since, page: { of: 'changes', after: since, upTo: Math.max(state.since, newestVisible(call)) } }
}

function freshState(call: MailboxCall): OpenState {
  const window = readTimeWindow(call)
  const upTo = newestVisible(call)
  const issuedAt = call.tenant.now().toISOString()
  return { mailboxId: call.mailbox.id, window, issuedAt, since: upTo, page: { of: 'everything', at: 0, upTo } }
}

/** Thrown out of the cache, too old, of another mailbox, or unlucky. */
function isGone({ tenant, mailbox }: MailboxCall, state: DeltaState): boolean {
  const { deltaTokenLifeMs, deltaGone } = tenant.switches
  const ageMs = tenant.now().getTime() - Date.parse(state.issuedAt)
  if (state.mailboxId !== mailbox.id || ageMs > (deltaTokenLifeMs ?? Number.POSITIVE_INFINITY)) return true
  return tenant.changes.between(mailbox.id, state.since, state.since) === null || tenant.chance.happens(deltaGone)
}

/** With a delegated token the first page of somebody else's calendar works and the second does not, as developers met it. */
function refuseForeignPages({ tenant, token, mailbox }: MailboxCall): void {
  const isForeign = token.accountId !== null && token.accountId !== mailbox.id
  if (isForeign && !tenant.switches.delegatedDeltaPages) throw accessDenied()
}

function pageAnswer(call: MailboxCall, page: DeltaPage, sight: Reach['sight']): GraphAnswer {
  const link = (name: string, state: DeltaState) =>
    `${linkRoot(call)}${call.request.url.pathname}?${name}=${deltaToken(call.tenant, state)}`
  const body = {
    '@odata.context': `${call.root}/$metadata#Collection(event)`,
    value: page.rows.map((row) => rowJson(call, row, sight)),
    ...(page.next === null
      ? { '@odata.deltaLink': link('$deltatoken', page.end) }
      : { '@odata.nextLink': link('$skiptoken', page.next) }),
  }
  return { status: 200, body }
}

function rowJson(call: MailboxCall, row: DeltaRow, sight: Reach['sight']): Record<string, unknown> {
  const type = { '@odata.type': '#microsoft.graph.event' }
  if (row.is === 'item') return { ...type, ...eventJson(asSeen(row.item, sight), call.preferences) }
  const removed = { id: row.id, '@removed': { reason: 'deleted' } }
  return call.tenant.switches.deltaSparseTombstones ? removed : { ...type, ...removed }
}
