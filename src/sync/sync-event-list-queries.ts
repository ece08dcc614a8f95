import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { SyncEventRow } from './sync-event-queries.ts'

/** Which sync events to find; what is left out does not narrow. */
export type SyncEventFilter = {
  state?: SyncEventRow['state'] | undefined
  subState?: string | undefined
  action?: SyncEventRow['action'] | undefined
  roomId?: string | undefined
  reservationId?: string | undefined
  errorCode?: string | undefined
  since?: Date | undefined
  /** Found in the subject that the reservation had then, or the room is one of these. */
  search?: { text: string; roomIds: readonly string[] } | undefined
}

/** Numbers of those that match, the newest first; at most so many. */
export async function selectSyncEventSeqs(db: Database, filter: SyncEventFilter, limit: number): Promise<string[]> {
  const rows = await matching(db, filter).select('seq').orderBy('seq', 'desc').limit(limit).execute()
  return rows.map(({ seq }) => seq)
}

export async function selectSyncEvents(db: Database, seqs: readonly string[]): Promise<SyncEventRow[]> {
  if (seqs.length === 0) return []
  return db.selectFrom('sync_events').selectAll().where('seq', 'in', seqs).execute()
}

/** Those among these numbers that have begun. */
export async function selectBegun(db: Database, seqs: readonly string[]): Promise<Set<string>> {
  if (seqs.length === 0) return new Set()
  const rows = await db.selectFrom('sync_events').select('seq').where('seq', 'in', seqs).execute()
  return new Set(rows.map(({ seq }) => seq))
}

type SyncEvents = SelectQueryBuilder<Schema, 'sync_events', object>

function matching(db: Database, filter: SyncEventFilter): SyncEvents {
  const { state, subState, action, roomId, reservationId, errorCode, since, search } = filter
  let query: SyncEvents = db.selectFrom('sync_events')
  if (state !== undefined) query = query.where('state', '=', state)
  if (subState !== undefined) query = query.where('sub_state', '=', subState)
  if (action !== undefined) query = query.where('action', '=', action)
  if (roomId !== undefined) query = query.where('room_id', '=', roomId)
  if (reservationId !== undefined) query = query.where('reservation_id', '=', reservationId)
  if (errorCode !== undefined) query = query.where('last_error_code', '=', errorCode)
  if (since !== undefined) query = query.where('created_at', '>=', since)
  return search === undefined ? query : query.where(holding(search))
}

/** What a person typed is text, never a pattern. */
function holding({ text, roomIds }: NonNullable<SyncEventFilter['search']>) {
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const inSubject = sql<boolean>`payload ->> 'subject' ilike ${part}`
  if (roomIds.length === 0) return inSubject
  return sql<boolean>`(${inSubject} or room_id in (${sql.join(roomIds)}))`
}
