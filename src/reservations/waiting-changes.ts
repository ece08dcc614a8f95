import type { Database } from '#db/database.ts'
import type { OutboxEntry } from './outbox.ts'
import { type ChangeFilter, selectChanges, selectUntriedSeqs, selectWaitingFigures } from './outbox-list-queries.ts'
import type { OutboxRow } from './outbox-queries.ts'

/** A change, and how far it is. */
export type ChangeProgress = OutboxEntry & {
  /** Not before this moment. */
  notBefore: Date
  /** Whose permission it waits for; null when it waits for nobody's. */
  waitsForPermissionOf: string | null
  /** When everything about it was known outside; null while it is not. */
  doneAt: Date | null
}

/** Numbers of changes that nobody has tried to carry out yet, the newest first; at most so many. */
export function untriedChanges(db: Database, filter: ChangeFilter, limit: number): Promise<string[]> {
  return selectUntriedSeqs(db, filter, limit)
}

/** Changes by their numbers, carried out or not. */
export async function findChanges(db: Database, seqs: readonly string[]): Promise<Map<string, ChangeProgress>> {
  const rows = await selectChanges(db, seqs)
  return new Map(rows.map((row) => [row.seq, progressOf(row)]))
}

export type QueueFigures = { waiting: number; oldestAt: Date | null; forPermission: number }

/** How much still has to go out, and for how long it has waited. */
export async function queueFigures(db: Database): Promise<QueueFigures> {
  const { waiting, oldest_at: oldestAt, for_permission: forPermission } = await selectWaitingFigures(db)
  return { waiting, oldestAt, forPermission }
}

function progressOf(row: OutboxRow): ChangeProgress {
  return {
    seq: row.seq,
    reservationId: row.reservation_id,
    lane: row.lane,
    action: row.action,
    actorId: row.actor_id,
    source: row.source,
    createdAt: row.created_at,
    attempts: row.attempts,
    notBefore: row.not_before,
    waitsForPermissionOf: row.waits_for_permission_of,
    doneAt: row.done_at,
  }
}
