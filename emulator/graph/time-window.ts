import { instantOfBound } from '../exchange/time-zones.ts'
import type { MailboxCall } from './graph-call.ts'
import { GraphProblem } from './graph-problem.ts'

/** A span of time, both ends UTC instants; the end is outside. */
export type TimeWindow = { from: string; to: string }

/** The window a request names in `startDateTime` and `endDateTime`; one too large for the tenant times out. */
export function readTimeWindow(call: MailboxCall): TimeWindow {
  const window = { from: bound(call, 'startdatetime'), to: bound(call, 'enddatetime') }
  const { gatewayTimeoutAboveDays } = call.tenant.switches
  const days = (Date.parse(window.to) - Date.parse(window.from)) / 86_400_000
  if (gatewayTimeoutAboveDays === null || days <= gatewayTimeoutAboveDays) return window
  throw new GraphProblem(504, 'UnknownError', 'The server did not answer in time.')
}

/** An event that takes no time is in the window it starts in. */
export function overlaps(item: { startsAt: string; endsAt: string }, { from, to }: TimeWindow): boolean {
  if (item.startsAt === item.endsAt) return from <= item.startsAt && item.startsAt < to
  return item.startsAt < to && from < item.endsAt
}

/** A bound's offset is honoured and none is UTC, whatever zone was preferred for the answer. */
function bound(call: MailboxCall, name: string): string {
  const text = call.query.parameters.get(name)
  // A plus sign that nobody encoded arrives as a space.
  const instant = text === undefined ? null : instantOfBound(text.replace(/ (\d\d:\d\d)$/, '+$1'))
  if (instant !== null) return instant
  const message =
    'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.'
  throw new GraphProblem(400, 'ErrorInvalidParameter', message)
}
