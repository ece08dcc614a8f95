import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { CalendarItem } from '#graph/calendar-copy.ts'
import { readCopy, type TimeWindow } from '#graph/calendar-view.ts'
import type { GraphOutcome, GraphProblem } from '#graph/graph-problem.ts'
import { assertFence } from '#jobs/lease.ts'
import type { WatchDeps } from './deps.ts'
import { changesOf } from './mirror-changes.ts'
import { type MirrorItem, mirrorItemOf } from './mirror-item.ts'
import {
  clearMissing,
  markMissing,
  markSeen,
  markUnseen,
  selectKnown,
  selectKnownInWindow,
  updateRetouched,
  upsertChanged,
} from './mirror-queries.ts'
import { type Reading, WatchMoved } from './reading.ts'
import { updateWatchAsSeen, type WatchRow, type WatchValues } from './watch-queries.ts'

export type PageRead = {
  items: readonly CalendarItem[]
  /** What the watch says afterwards: the link that covers this page, above all. */
  progress?: WatchValues
  /** This is all there is in the window: what is known in it and does not come is missing. */
  isAllOf?: TimeWindow
  /** A page of a full round: whatever comes is seen in it. */
  isOfRound?: boolean
  /** The last page of a full round: what is known in its window and was not seen since it began is missing. */
  endsRound?: { window: TimeWindow; beganAt: Date }
}

export type PageCommitted = { is: 'committed'; changed: number } | { is: 'problem'; problem: GraphProblem }

/**
 * Writes a page into the mirror, and the link that covers it, in one transaction: a crash on either side of it repeats or skips nothing.
 * Nothing is gone because it does not come; it is missing, and asked for afterwards (`settleMissing`).
 *
 * @throws LeaseLost, WatchMoved: then nothing was written
 */
export async function commitPage(deps: WatchDeps, reading: Reading, page: PageRead): Promise<PageCommitted> {
  const items = lastOfEach(page.items)
  const copies = await withoutGhosts(deps, reading, copiesIn(deps, reading, items))
  if (copies.is === 'problem') return { is: 'problem', problem: copies }
  const now = deps.seams.now()
  const roomId = reading.watch.room_id
  const changed = await transaction(deps.db, async (trx) => {
    await assertFence(trx, reading.lease)
    await keepWatch(trx, reading.watch, { ...page.progress, updated_at: now })
    const due = await writeCopies(trx, deps, { roomId, copies: copies.value, now, isOfRound: page.isOfRound === true })
    await writeAbsent(trx, roomId, { page, items, now })
    if (due > 0) await deps.apply(trx, roomId)
    return due
  })
  Object.assign(reading.watch, page.progress)
  return { is: 'committed', changed }
}

/** Whoever gives the room another mailbox writes this row too, so one of both comes first and the other notices. */
export async function keepWatch(trx: Database, watch: WatchRow, values: WatchValues): Promise<void> {
  if (!(await updateWatchAsSeen(trx, watch, values))) throw new WatchMoved()
}

/** What can be kept of these; the rest is in the log, and holds up nothing. */
export function copiesIn(
  { log }: Pick<WatchDeps, 'log'>,
  { zone, watch }: Reading,
  items: readonly CalendarItem[],
): MirrorItem[] {
  return items.flatMap((item) => {
    const read = item.is === 'copy' ? mirrorItemOf(item.copy, zone) : null
    if (read !== null) return [read]
    if (item.is === 'copy' || item.is === 'unreadable') {
      const because = item.is === 'unreadable' ? item.because : 'its ids cannot be kept'
      log.warn({ roomId: watch.room_id, because }, 'watch: one event of a calendar cannot be read; the others are')
    }
    return []
  })
}

/** The same item may come several times in one answer; its last appearance counts (event-delta). */
function lastOfEach(items: readonly CalendarItem[]): CalendarItem[] {
  const unnamed = items.filter(({ id }) => id === null)
  return [...new Map(items.filter(({ id }) => id !== null).map((item) => [item.id, item])).values(), ...unnamed]
}

/**
 * What was asked for by its id and was not there does not come back to life because an old page shows it: it is asked for again, and what
 * that says counts.
 */
async function withoutGhosts(
  { db }: WatchDeps,
  { watch, acting, mailbox, zone }: Reading,
  copies: MirrorItem[],
): Promise<GraphOutcome<MirrorItem[]>> {
  const live = copies.filter(({ view }) => !view.isCancelled).map(({ eventId }) => eventId)
  const known = await selectKnown(db, watch.room_id, live)
  const alive: MirrorItem[] = []
  for (const copy of copies) {
    if (known.get(copy.eventId)?.goneAt == null || copy.view.isCancelled) {
      alive.push(copy)
      continue
    }
    const outcome = await readCopy(acting.graph, mailbox, copy.eventId)
    if (outcome.is === 'problem') return outcome
    const again = outcome.value?.is === 'copy' ? mirrorItemOf(outcome.value.copy, zone) : null
    if (again !== null) alive.push(again)
  }
  return { is: 'ok', value: alive, requestId: null }
}

/** A room's attendant writes its copy several times within a second or two. */
const retouchedAfterMs = 4_000

type Writing = { roomId: string; copies: readonly MirrorItem[]; now: Date; isOfRound?: boolean }

/** @returns how many became due */
export async function writeCopies(
  trx: Database,
  { seams }: Pick<WatchDeps, 'seams'>,
  { roomId, copies, now, isOfRound = false }: Writing,
): Promise<number> {
  const known = await selectKnown(
    trx,
    roomId,
    copies.map(({ eventId }) => eventId),
  )
  const { changed, retouched, same } = changesOf(known, copies, now)
  await upsertChanged(trx, { roomId, items: changed, now, newId: seams.newId })
  const dueAt = new Date(now.getTime() + retouchedAfterMs)
  await updateRetouched(trx, roomId, { items: retouched, now, dueAt })
  if (isOfRound) await markSeen(trx, roomId, { eventIds: same, now })
  else await clearMissing(trx, roomId, same)
  return changed.length + retouched.length
}

type Absent = { page: PageRead; items: readonly CalendarItem[]; now: Date }

async function writeAbsent(trx: Database, roomId: string, { page, items, now }: Absent): Promise<void> {
  const here = items.flatMap((item) => (item.id === null || item.is === 'removed' ? [] : [item.id]))
  const removed = items.flatMap((item) => (item.is === 'removed' ? [item.id] : []))
  await markMissing(trx, roomId, { eventIds: removed, now })
  // What is there and cannot be read, or only half, is not missing.
  const halfRead = items.flatMap((item) =>
    item.is === 'stub' || (item.is === 'unreadable' && item.id) ? [item.id ?? ''] : [],
  )
  if (page.isOfRound) await markSeen(trx, roomId, { eventIds: halfRead, now })
  if (page.endsRound) await markUnseen(trx, roomId, { ...page.endsRound, now })
  if (page.isAllOf) {
    const listed = new Set(here)
    const absent = (await selectKnownInWindow(trx, roomId, page.isAllOf)).filter((id) => !listed.has(id))
    await markMissing(trx, roomId, { eventIds: absent, now })
  }
}
