import { type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { OutboxRow } from './outbox-queries.ts'

/** Which changes to find; what is left out does not narrow. */
export type ChangeFilter = {
  roomId?: string | undefined
  action?: OutboxRow['action'] | undefined
  reservationId?: string | undefined
  since?: Date | undefined
  /** Found in the subject, or the room is one of these. */
  search?: { text: string; roomIds: readonly string[] } | undefined
}

/** Numbers of changes that nobody has tried to carry out and that wait for nobody's permission, the newest first. */
export async function selectUntriedSeqs(db: Database, filter: ChangeFilter, limit: number): Promise<string[]> {
  const rows = await matching(db, filter)
    .select('reservation_outbox.seq')
    .where('done_at', 'is', null)
    .where('attempts', '=', 0)
    .where('waits_for_permission_of', 'is', null)
    .orderBy('reservation_outbox.seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ seq }) => seq)
}

export async function selectChanges(db: Database, seqs: readonly string[]): Promise<OutboxRow[]> {
  if (seqs.length === 0) return []
  return db.selectFrom('reservation_outbox').selectAll().where('seq', 'in', seqs).execute()
}

export type WaitingFigures = {
  /** May go, or could as soon as its time has come. */
  waiting: number
  /** When the one that has waited longest was made; null when none waits. */
  oldest_at: Date | null
  /** Can only go when a person gives their permission. */
  for_permission: number
}

export async function selectWaitingFigures(db: Database): Promise<WaitingFigures> {
  return db
    .selectFrom('reservation_outbox')
    .select([
      sql<number>`count(*) filter (where waits_for_permission_of is null)::integer`.as('waiting'),
      sql<Date | null>`min(created_at) filter (where waits_for_permission_of is null)`.as('oldest_at'),
      sql<number>`count(*) filter (where waits_for_permission_of is not null)::integer`.as('for_permission'),
    ])
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
}

/** Everything of a reservation that still has to go out may go now, whatever it waited for. @returns how many. */
export async function updateGoesNow(trx: Database, reservationId: string, now: Date): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('reservation_outbox')
    .set({ not_before: now, waits_for_permission_of: null })
    .where('reservation_id', '=', reservationId)
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

type Changes = SelectQueryBuilder<Schema, 'reservation_outbox' | 'reservations', object>

function matching(db: Database, { roomId, action, reservationId, since, search }: ChangeFilter): Changes {
  let query: Changes = db
    .selectFrom('reservation_outbox')
    .innerJoin('reservations', 'reservations.id', 'reservation_outbox.reservation_id')
  if (roomId !== undefined) query = query.where('lane', '=', roomId)
  if (action !== undefined) query = query.where('action', '=', action)
  if (reservationId !== undefined) query = query.where('reservation_id', '=', reservationId)
  if (since !== undefined) query = query.where('reservation_outbox.created_at', '>=', since)
  if (search !== undefined) {
    const { text, roomIds } = search
    query = query.where(({ or, eb }) =>
      or([
        // What a person typed is text, never a pattern.
        eb('reservations.subject', 'ilike', `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`),
        ...(roomIds.length > 0 ? [eb('lane', 'in', roomIds)] : []),
      ]),
    )
  }
  return query
}
