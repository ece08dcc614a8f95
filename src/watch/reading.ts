import type { TimeWindow } from '#graph/calendar-view.ts'
import type { Mailbox } from '#graph/events.ts'
import type { GraphProblem } from '#graph/graph-problem.ts'
import type { Lease } from '#jobs/lease.ts'
import type { Acting } from '#providers/acting.ts'
import type { WatchRow } from './watch-queries.ts'

/** One read of a room under way: which, as whom, over which window, in whose lane. */
export type Reading = {
  /** As it was last committed. */
  watch: WatchRow
  acting: Acting
  mailbox: Mailbox
  roomName: string
  /** Of the building, for meetings that take whole days. */
  zone: string
  whole: TimeWindow
  lease: Lease
  /** Aborts when the lane was lost. */
  lost: AbortSignal
}

export type ReadOutcome =
  /** `changed` counts what became due. */
  | { is: 'read'; changed: number }
  | { is: 'problem'; problem: GraphProblem }
  /** Too much was missing at once: nothing is called gone until a person says so. */
  | { is: 'held' }
  /** Changes cannot be followed here for now; the calendar can be looked at. */
  | { is: 'not_by_delta'; because: 'endless' | 'too_slow' }

/** The room was given another mailbox or provider while it was read: what was read is of no use. */
export class WatchMoved extends Error {
  constructor() {
    super('the room is not watched in this way any more')
    this.name = 'WatchMoved'
  }
}
