import { readCalendarView, type TimeWindow } from '#graph/calendar-view.ts'
import { commitPage } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import type { Reading, ReadOutcome } from './reading.ts'
import { isWholeDue, nearWindow, placeOf } from './schedule.ts'

/**
 * Looks at what is near, and now and then at everything: what is in the calendar is compared with what was there before. A hint does not
 * say where, so what it hints at is looked for everywhere.
 */
export async function readWindows(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  const { watch, whole } = reading
  const now = deps.seams.now()
  const isHinted = BigInt(watch.hints) > BigInt(watch.read_hints)
  if (isHinted || isWholeDue(watch.whole_read_at, now, placeOf(watch.room_id))) return readWhole(deps, reading)
  const near = nearWindow(now, whole)
  return near === null ? { is: 'read', changed: 0 } : readOne(deps, reading, near)
}

/**
 * Everything, window by window where one answer over all of it takes Exchange too long. Each is complete in itself, so that what does not
 * come in it is missing in it.
 */
export async function readWhole(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  const beganAt = deps.seams.now()
  let changed = 0
  for (const window of partsOf(reading.whole, reading.watch.attempts)) {
    if (reading.lost.aborted) break
    const outcome = await readOne(deps, reading, window)
    if (outcome.is !== 'read') return outcome
    changed += outcome.changed
  }
  const { startsAt: window_starts_at, endsAt: window_ends_at } = reading.whole
  const finished = await commitPage(deps, reading, {
    items: [],
    progress: { whole_read_at: beganAt, window_starts_at, window_ends_at },
  })
  return finished.is === 'problem' ? finished : { is: 'read', changed }
}

async function readOne(deps: WatchDeps, reading: Reading, window: TimeWindow): Promise<ReadOutcome> {
  const outcome = await readCalendarView(reading.acting.graph, reading.mailbox, window)
  if (outcome.is === 'problem') return { is: 'problem', problem: outcome }
  const committed = await commitPage(deps, reading, { items: outcome.value, isAllOf: window })
  return committed.is === 'problem' ? committed : { is: 'read', changed: committed.changed }
}

/** One, and after every second failure in a row twice as many, up to 32. */
function partsOf({ startsAt, endsAt }: TimeWindow, attempts: number): TimeWindow[] {
  const count = 2 ** Math.min(Math.floor(attempts / 2), 5)
  const partMs = (endsAt.getTime() - startsAt.getTime()) / count
  const edge = (index: number) => new Date(Math.round((startsAt.getTime() + index * partMs) / 1000) * 1000)
  return Array.from({ length: count }, (_, index) => ({ startsAt: edge(index), endsAt: edge(index + 1) })).filter(
    (part) => part.startsAt < part.endsAt,
  )
}
