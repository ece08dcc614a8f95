import type { Database } from '#db/database.ts'
import type { TimeWindow } from '#graph/calendar-view.ts'
import type { ChangedItem, Known, RetouchedItem } from './mirror-changes.ts'
import type { MirrorItem } from './mirror-item.ts'

/** What the mirror has of these events. */
export async function selectKnown(
  db: Database,
  roomId: string,
  eventIds: readonly string[],
): Promise<Map<string, Known>> {
  if (eventIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('room_events')
    .select(['event_id', 'etag', 'digest', 'gone_at', 'changed_at'])
    .where('room_id', '=', roomId)
    .where('event_id', 'in', eventIds)
    .execute()
  return new Map(
    rows.map((row) => [
      row.event_id,
      { eventId: row.event_id, etag: row.etag, digest: row.digest, goneAt: row.gone_at, changedAt: row.changed_at },
    ]),
  )
}

/** Writes what is new or means something else, and makes it due to be compared with the reservations. */
export async function upsertChanged(
  trx: Database,
  { roomId, items, now, newId }: { roomId: string; items: readonly ChangedItem[]; now: Date; newId: () => string },
): Promise<void> {
  if (items.length === 0) return
  const rows = items.map((item) => ({
    ...columnsOf(item),
    id: newId(),
    room_id: roomId,
    gone_at: item.gone === null ? null : now,
    gone_why: item.gone,
    first_seen_at: now,
    seen_at: now,
    changed_at: item.changedAt,
    missing_at: null,
    plan_due_at: now,
    plan_attempts: 0,
  }))
  await trx
    .insertInto('room_events')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['room_id', 'event_id']).doUpdateSet(({ ref }) => ({
        i_cal_uid: ref('excluded.i_cal_uid'),
        etag: ref('excluded.etag'),
        digest: ref('excluded.digest'),
        starts_at: ref('excluded.starts_at'),
        ends_at: ref('excluded.ends_at'),
        view: ref('excluded.view'),
        gone_at: ref('excluded.gone_at'),
        gone_why: ref('excluded.gone_why'),
        seen_at: ref('excluded.seen_at'),
        changed_at: ref('excluded.changed_at'),
        missing_at: null,
        plan_due_at: ref('excluded.plan_due_at'),
        plan_attempts: 0,
      })),
    )
    .execute()
}

/**
 * Another version of the same meaning. It is due a little later, since several come one after the other: a subject that was changed in Outlook
 * changes no more than this in a room that hides subjects.
 */
export async function updateRetouched(
  trx: Database,
  roomId: string,
  { items, now, dueAt }: { items: readonly RetouchedItem[]; now: Date; dueAt: Date },
): Promise<void> {
  for (const { eventId, etag, view, changedAt } of items) {
    await trx
      .updateTable('room_events')
      .set(({ fn, val }) => ({
        etag,
        view,
        seen_at: now,
        missing_at: null,
        changed_at: changedAt,
        plan_due_at: fn.coalesce('plan_due_at', val(dueAt)),
      }))
      .where('room_id', '=', roomId)
      .where('event_id', '=', eventId)
      .execute()
  }
}

/** These were read again as they were known. */
export async function markSeen(
  trx: Database,
  roomId: string,
  { eventIds, now }: { eventIds: readonly string[]; now: Date },
): Promise<void> {
  if (eventIds.length === 0) return
  await trx
    .updateTable('room_events')
    .set({ seen_at: now, missing_at: null })
    .where('room_id', '=', roomId)
    .where('event_id', 'in', eventIds)
    .execute()
}

/** Of these, the ones that are missing no longer. */
export async function clearMissing(trx: Database, roomId: string, eventIds: readonly string[] | 'all'): Promise<void> {
  if (eventIds.length === 0) return
  let query = trx
    .updateTable('room_events')
    .set({ missing_at: null })
    .where('room_id', '=', roomId)
    .where('missing_at', 'is not', null)
  if (eventIds !== 'all') query = query.where('event_id', 'in', eventIds)
  await query.execute()
}

/** Known events that are said to be removed. Which of them are unknown or gone already does not matter. */
export async function markMissing(
  trx: Database,
  roomId: string,
  { eventIds, now }: { eventIds: readonly string[]; now: Date },
): Promise<void> {
  if (eventIds.length === 0) return
  await trx
    .updateTable('room_events')
    .set({ missing_at: now })
    .where('room_id', '=', roomId)
    .where('event_id', 'in', eventIds)
    .where('gone_at', 'is', null)
    .where('missing_at', 'is', null)
    .execute()
}

/** Known events of a window that a full round over it, begun at that moment, did not bring. */
export async function markUnseen(
  trx: Database,
  roomId: string,
  { window, beganAt, now }: { window: TimeWindow; beganAt: Date; now: Date },
): Promise<void> {
  await trx
    .updateTable('room_events')
    .set({ missing_at: now })
    .where('room_id', '=', roomId)
    .where('starts_at', '<', window.endsAt)
    .where('ends_at', '>', window.startsAt)
    .where('seen_at', '<', beganAt)
    .where('gone_at', 'is', null)
    .where('missing_at', 'is', null)
    .execute()
}

/** Ids of the events that are known in a window, without series, which no list of a window names. */
export async function selectKnownInWindow(db: Database, roomId: string, window: TimeWindow): Promise<string[]> {
  const rows = await db
    .selectFrom('room_events')
    .select(['event_id', 'view'])
    .where('room_id', '=', roomId)
    .where('starts_at', '<', window.endsAt)
    .where('ends_at', '>', window.startsAt)
    .where('gone_at', 'is', null)
    .execute()
  return rows.filter(({ view }) => view.type !== 'seriesMaster').map(({ event_id }) => event_id)
}

export type MissingRow = { id: string; event_id: string; ends_at: Date; missing_at: Date; changed_at: Date }

export async function selectMissing(db: Database, roomId: string): Promise<MissingRow[]> {
  const rows = await db
    .selectFrom('room_events')
    .select(['id', 'event_id', 'ends_at', 'missing_at', 'changed_at'])
    .where('room_id', '=', roomId)
    .where('missing_at', 'is not', null)
    .where('gone_at', 'is', null)
    .orderBy('starts_at')
    .execute()
  return rows.flatMap(({ missing_at, ...row }) => (missing_at === null ? [] : [{ ...row, missing_at }]))
}

/** Meetings still to come that are known in a room, missing ones too. */
export async function countComing(db: Database, roomId: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('room_events')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('room_id', '=', roomId)
    .where('gone_at', 'is', null)
    .where('ends_at', '>', now)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** There is none of that id in the mailbox: the row stays, as something that is over, and is due. */
export async function markGone(
  trx: Database,
  id: string,
  { changedAt, now }: { changedAt: Date; now: Date },
): Promise<void> {
  await trx
    .updateTable('room_events')
    .set({
      gone_at: now,
      gone_why: 'deleted',
      missing_at: null,
      seen_at: now,
      changed_at: changedAt,
      plan_due_at: now,
      plan_attempts: 0,
    })
    .where('id', '=', id)
    .execute()
}

/** The iCalUIds of what is known in a room within a window, gone or not. */
export async function selectUidsInWindow(db: Database, roomId: string, window: TimeWindow): Promise<string[]> {
  const rows = await db
    .selectFrom('room_events')
    .select('i_cal_uid')
    .where('room_id', '=', roomId)
    .where('starts_at', '<', window.endsAt)
    .where('ends_at', '>', window.startsAt)
    .execute()
  return rows.map((row) => row.i_cal_uid)
}

/** Forgets a mailbox that the room no longer has: its ids mean nothing in another. */
export async function deleteRoomEvents(trx: Database, roomIds: readonly string[]): Promise<void> {
  if (roomIds.length === 0) return
  await trx.deleteFrom('room_events').where('room_id', 'in', roomIds).execute()
}

export async function hasDueEvents(db: Database, roomId: string): Promise<boolean> {
  const row = await db
    .selectFrom('room_events')
    .select('id')
    .where('room_id', '=', roomId)
    .where('plan_due_at', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function columnsOf({ eventId, iCalUId, etag, digest, startsAt, endsAt, view }: MirrorItem) {
  return { event_id: eventId, i_cal_uid: iCalUId, etag, digest, starts_at: startsAt, ends_at: endsAt, view }
}

/** How many of these are known to be gone. */
export async function countGone(db: Database, roomId: string, eventIds: readonly string[]): Promise<number> {
  if (eventIds.length === 0) return 0
  const row = await db
    .selectFrom('room_events')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('room_id', '=', roomId)
    .where('event_id', 'in', eventIds)
    .where('gone_at', 'is not', null)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
