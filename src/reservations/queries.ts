import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import { holdingStates } from './state.ts'
import type { TimeSpan } from './wished-time.ts'

export type ReservationRow = Selectable<Schema['reservations']>
export type InviteeRow = Selectable<Schema['reservation_invitees']>

/**
 * One change at a time per room, until the transaction ends. The exclusion constraint alone would also keep two from overlapping,
 * but two inserts that wait for each other there are a deadlock, found only after a second.
 */
export async function lockRoom(trx: Database, roomId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`reservations ${roomId}`}, 0))`.execute(trx)
}

export async function insertReservation(trx: Database, row: Insertable<Schema['reservations']>): Promise<void> {
  await trx.insertInto('reservations').values(row).execute()
}

export async function selectReservation(db: Database, id: string): Promise<ReservationRow | undefined> {
  return db.selectFrom('reservations').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function selectReservations(db: Database, ids: readonly string[]): Promise<ReservationRow[]> {
  if (ids.length === 0) return []
  return db.selectFrom('reservations').selectAll().where('id', 'in', ids).execute()
}

/** One reservation, and nobody else changes it until the transaction ends. */
export async function lockReservation(trx: Database, id: string): Promise<ReservationRow | undefined> {
  return trx.selectFrom('reservations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function selectByKey(db: Database, openedById: string, key: string): Promise<ReservationRow | undefined> {
  return db
    .selectFrom('reservations')
    .selectAll()
    .where('opened_by_id', '=', openedById)
    .where('idempotency_key', '=', key)
    .executeTakeFirst()
}

export async function updateReservation(
  trx: Database,
  id: string,
  values: Updateable<Schema['reservations']>,
): Promise<void> {
  await trx.updateTable('reservations').set(values).where('id', '=', id).execute()
}

export async function replaceInvitees(
  trx: Database,
  reservationId: string,
  invitees: readonly { email: string; displayName: string }[],
): Promise<void> {
  await trx.deleteFrom('reservation_invitees').where('reservation_id', '=', reservationId).execute()
  if (invitees.length === 0) return
  const rows = invitees.map(({ email, displayName }) => ({
    reservation_id: reservationId,
    email,
    display_name: displayName,
  }))
  await trx.insertInto('reservation_invitees').values(rows).execute()
}

export async function selectInvitees(db: Database, reservationIds: readonly string[]): Promise<InviteeRow[]> {
  if (reservationIds.length === 0) return []
  return db
    .selectFrom('reservation_invitees')
    .selectAll()
    .where('reservation_id', 'in', reservationIds)
    .orderBy('email')
    .execute()
}

export async function selectDraftsOf(db: Database, userId: string): Promise<ReservationRow[]> {
  return db
    .selectFrom('reservations')
    .selectAll()
    .where('requested_for_id', '=', userId)
    .where('state', '=', 'draft')
    .orderBy('created_at')
    .limit(100)
    .execute()
}

/** Reservations that hold a room within a span and are in a calendar, earliest first. */
export async function selectInCalendar(
  db: Database,
  roomId: string,
  { startsAt, endsAt }: TimeSpan,
): Promise<ReservationRow[]> {
  return db
    .selectFrom('reservations')
    .selectAll()
    .where('room_id', '=', roomId)
    .where('state', 'in', [...holdingStates, 'conflicted'])
    .where('in_calendar', '=', true)
    .where('starts_at', '<', endsAt)
    .where('ends_at', '>', startsAt)
    .orderBy('starts_at')
    .execute()
}

export type Holder = Pick<
  ReservationRow,
  'id' | 'room_id' | 'requested_for_id' | 'subject' | 'is_private' | 'starts_at' | 'ends_at'
>

/** What holds these rooms at some moment of a span, earliest first. */
export async function selectHolders(
  db: Database,
  roomIds: readonly string[],
  { startsAt, endsAt }: TimeSpan,
): Promise<Holder[]> {
  if (roomIds.length === 0) return []
  return db
    .selectFrom('reservations')
    .select(['id', 'room_id', 'requested_for_id', 'subject', 'is_private', 'starts_at', 'ends_at'])
    .where('room_id', 'in', roomIds)
    .where('state', 'in', holdingStates)
    .where(sql<boolean>`tstzrange(starts_at, ends_at) && tstzrange(${startsAt}, ${endsAt})`)
    .orderBy('starts_at')
    .execute()
}

/** Reservations of a room that Outlook has and somebody else holds, the oldest first, locked. */
export async function selectConflicted(trx: Database, roomId: string): Promise<ReservationRow[]> {
  return trx
    .selectFrom('reservations')
    .selectAll()
    .where('room_id', '=', roomId)
    .where('state', '=', 'conflicted')
    .orderBy('created_at')
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Reservations that have waited for their room since before a moment, and have nothing on its way out. */
export async function selectUnconfirmed(db: Database, before: Date, limit: number): Promise<ReservationRow[]> {
  return (
    db
      .selectFrom('reservations')
      .selectAll()
      .where('state', '=', 'awaiting_confirmation')
      // Whoever invites a room in Outlook waits for it there.
      .where('source', '<>', 'outlook')
      .where('updated_at', '<', before)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('reservation_outbox')
              .select('seq')
              .whereRef('reservation_outbox.reservation_id', '=', 'reservations.id')
              .where('done_at', 'is', null),
          ),
        ),
      )
      .orderBy('updated_at')
      .limit(limit)
      .execute()
  )
}

export type PageWish = {
  /** Null for everybody's. Theirs is what is for them and what they asked for. */
  requestedForId: string | null
  /** Only what waits for our approval. */
  toApprove?: boolean
  when: 'upcoming' | 'past' | 'any'
  now: Date
  /** Found in the subject, or the room is one of these. */
  search: { text: string; roomIds: readonly string[] } | null
  sort: { column: 'starts_at' | 'subject' | 'state' | 'created_at'; direction: 'asc' | 'desc' }
  page: number
  pageSize: number
}

/** One page of reservations and how many there are. Upcoming means not over and not cancelled. */
export async function selectPage(db: Database, wish: PageWish): Promise<{ rows: ReservationRow[]; total: number }> {
  let query = db.selectFrom('reservations')
  const { requestedForId: whose } = wish
  if (whose)
    query = query.where(({ or, eb }) => or([eb('requested_for_id', '=', whose), eb('opened_by_id', '=', whose)]))
  if (wish.toApprove) {
    query = query
      .where('approval', '=', 'awaiting_approval')
      .where('state', 'in', ['awaiting_confirmation', 'awaiting_approval', 'conflicted'])
  }
  if (wish.when === 'upcoming') query = query.where('ends_at', '>', wish.now).where('state', '<>', 'cancelled')
  if (wish.when === 'past')
    query = query.where(({ or, eb }) => or([eb('ends_at', '<=', wish.now), eb('state', '=', 'cancelled')]))
  const { search } = wish
  if (search) {
    query = query.where(({ or, eb }) =>
      or([
        eb('subject', 'ilike', `%${search.text.replaceAll(/[\\%_]/g, '\\$&')}%`),
        ...(search.roomIds.length > 0 ? [eb('room_id', 'in', search.roomIds)] : []),
      ]),
    )
  }
  const { total } = await query.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy(wish.sort.column, wish.sort.direction)
    .orderBy('id')
    .limit(wish.pageSize)
    .offset((wish.page - 1) * wish.pageSize)
    .execute()
  return { rows, total: Number(total) }
}
