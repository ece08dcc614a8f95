import type { CalendarItem } from '#graph/calendar-copy.ts'
import { readCalendarView, type TimeWindow } from '#graph/calendar-view.ts'
import { commitPage, copiesIn } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import { compareRoomAt } from './jobs.ts'
import { changesOf } from './mirror-changes.ts'
import { countGone, selectKnown, selectKnownInWindow } from './mirror-queries.ts'
import { readInLane } from './read.ts'
import { readDelta } from './read-delta.ts'
import { readWhole } from './read-windows.ts'
import type { Reading, ReadOutcome } from './reading.ts'
import { nextCompareAt, placeOf } from './schedule.ts'
import { settleMissing } from './settle-missing.ts'

const busyMs = 2_000

/**
 * Compares everything in a room's calendar with the mirror, after an ordinary read: what still differs had been missed. It is counted, which
 * is the honest measure of how well a room is watched, and mended by being read. Once a week for each room, and by hand.
 */
export async function compareRoom(deps: WatchDeps, roomId: string): Promise<void> {
  const compared = await readInLane(deps, roomId, compareAll)
  if (compared === 'busy') await compareRoomAt(deps, roomId, new Date(deps.seams.now().getTime() + busyMs))
}

async function compareAll(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  const read = await (reading.watch.method === 'delta' ? readDelta(deps, reading) : readWhole(deps, reading))
  if (read.is !== 'read') return read
  const window = comparedWindow(reading)
  const listed = await readCalendarView(reading.acting.graph, reading.mailbox, window)
  if (listed.is === 'problem') return { is: 'problem', problem: listed }
  const items = comparable(reading, listed.value)
  if (isNothing(await differenceOf(deps, reading, { items, window }))) return conclude(deps, reading, 0)
  // It may have changed between the two: whoever follows changes is asked once more, and then it was missed.
  const again = reading.watch.method === 'delta' ? await readDelta(deps, reading) : read
  if (again.is !== 'read') return again
  return mend(deps, reading, { items, window })
}

/** What is frozen in the link is what had been followed. */
function comparedWindow({ watch, whole }: Reading): TimeWindow {
  const { window_starts_at: startsAt, window_ends_at: endsAt } = watch
  return startsAt === null || endsAt === null ? whole : { startsAt, endsAt }
}

/** A list has series as occurrences, and changes have them as series: neither is missing in the other. */
function comparable({ watch }: Reading, items: readonly CalendarItem[]): CalendarItem[] {
  if (watch.method !== 'delta') return [...items]
  return items.filter((item) => item.is !== 'copy' || item.copy.type !== 'occurrence')
}

type Compared = { items: readonly CalendarItem[]; window: TimeWindow }
type Difference = { changed: number; absent: string[] }

async function differenceOf(deps: WatchDeps, reading: Reading, { items, window }: Compared): Promise<Difference> {
  const roomId = reading.watch.room_id
  const copies = copiesIn(deps, reading, items)
  const known = await selectKnown(
    deps.db,
    roomId,
    copies.map(({ eventId }) => eventId),
  )
  const here = new Set(items.map(({ id }) => id))
  const absent = (await selectKnownInWindow(deps.db, roomId, window)).filter((id) => !here.has(id))
  return { changed: changesOf(known, copies, deps.seams.now()).changed.length, absent }
}

function isNothing({ changed, absent }: Difference): boolean {
  return changed === 0 && absent.length === 0
}

async function mend(deps: WatchDeps, reading: Reading, compared: Compared): Promise<ReadOutcome> {
  const { changed, absent } = await differenceOf(deps, reading, compared)
  const committed = await commitPage(deps, reading, { items: compared.items, isAllOf: compared.window })
  if (committed.is === 'problem') return committed
  const settled = await settleMissing(deps, reading)
  if (settled.is !== 'read') return settled
  // One that is there although it was not listed had not been missed.
  return conclude(deps, reading, changed + (await countGone(deps.db, reading.watch.room_id, absent)))
}

async function conclude(deps: WatchDeps, reading: Reading, drift: number): Promise<ReadOutcome> {
  const { room_id: roomId, drift_found: before } = reading.watch
  const now = deps.seams.now()
  if (drift > 0) deps.log.warn({ roomId, drift }, 'watch: a comparison found what had been missed')
  await commitPage(deps, reading, {
    items: [],
    progress: {
      drift,
      drift_found: before + drift,
      compared_at: now,
      next_compare_at: nextCompareAt(now, placeOf(roomId)),
    },
  })
  deps.publish({ topic: 'watch', id: roomId, userId: null })
  return { is: 'read', changed: drift }
}
