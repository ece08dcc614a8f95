import type { z } from 'zod'
import type { Database } from '#db/database.ts'
import { untriedChanges } from '#reservations/waiting-changes.ts'
import { findRooms } from '#rooms/room.ts'
import type { SyncDeps } from './deps.ts'
import { describeEvent, wholeEvents } from './describe-event.ts'
import { countedMax, type listSyncEvents as listEndpoint } from './sync-event.contract.ts'
import { type SyncEventFilter, selectBegun, selectSyncEventSeqs } from './sync-event-list-queries.ts'

type Query = z.output<NonNullable<typeof listEndpoint.query>>

/**
 * One page of the changes on their way to Outlook, the newest first: those that have begun, and those in the outbox that nobody has
 * taken yet. Both are numbered in the order in which they were made, so two lists of numbers are all that has to be put together.
 */
export async function listSyncEvents(
  { db, seams }: Pick<SyncDeps, 'db' | 'seams'>,
  query: Query,
): Promise<z.input<typeof listEndpoint.answer>> {
  const filter = await filterOf(db, query)
  // What is taken between the two readings is then in both, and not in neither.
  const untaken = await untakenSeqs(db, filter)
  const begun = filter.state === 'new' ? [] : await selectSyncEventSeqs(db, filter, countedMax + 1)
  const seqs = [...new Set([...untaken, ...begun])].sort(byNumber)
  const { page, pageSize } = query
  const events = await wholeEvents(db, seqs.slice(0, countedMax).slice((page - 1) * pageSize, page * pageSize))
  const now = seams.now()
  return {
    rows: events.map((event) => describeEvent(event, now)),
    total: Math.min(seqs.length, countedMax),
    totalIsAtLeast: seqs.length > countedMax,
    page,
    pageSize,
  }
}

const shownMax = 50

/** Numbers of the sync events of one reservation, the newest first. */
export async function eventSeqsOf(db: Database, reservationId: string): Promise<string[]> {
  const untaken = await untakenSeqs(db, { reservationId })
  const begun = await selectSyncEventSeqs(db, { reservationId }, shownMax)
  return [...new Set([...untaken, ...begun])].sort(byNumber).slice(0, shownMax)
}

/** A whole id of a reservation finds it; everything else is text in a subject, or in a room's name. */
async function filterOf(db: Database, query: Query): Promise<SyncEventFilter> {
  const { q = '', since, state, subState, action, roomId, reservationId, errorCode } = query
  const narrowing = { state, subState, action, roomId, reservationId, errorCode }
  const filter = since === undefined ? narrowing : { ...narrowing, since: new Date(since) }
  const text = q.trim()
  if (text === '') return filter
  if (uuid.test(text)) return { ...filter, reservationId: text.toLowerCase() }
  const rooms = await findRooms(db, { q: text })
  return { ...filter, search: { text, roomIds: rooms.map(({ id }) => id) } }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Nobody has begun with them, so nothing has come of them yet. */
async function untakenSeqs(db: Database, filter: SyncEventFilter): Promise<string[]> {
  const { state, subState, errorCode, ...narrowing } = filter
  if ((state !== undefined && state !== 'new') || subState !== undefined || errorCode !== undefined) return []
  const untried = await untriedChanges(db, narrowing, countedMax + 1)
  const begun = await selectBegun(db, untried)
  return untried.filter((seq) => !begun.has(seq))
}

function byNumber(one: string, other: string): number {
  return Number(BigInt(other) - BigInt(one))
}
