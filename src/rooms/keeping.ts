import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { violatedConstraint } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { Change } from '#http/live.ts'
import type { RoomsDeps } from './deps.ts'
import { type RoomErrorCode, refused } from './errors.ts'

/** What it takes to look after rooms and buildings. */
export type KeepingDeps = RoomsDeps & {
  publish: (change: Change) => void
  /** These rooms have another mailbox: whoever keeps their calendars in step must read them anew. */
  changed: (roomIds: readonly string[]) => Promise<void>
}

export type Subject = { kind: 'room' | 'building'; id: string; name: string }

/** The audit entry of a change, in the change's transaction. */
export async function auditRooms(
  trx: Database,
  { actor, requestId }: Editor,
  entry: { action: `rooms.${string}`; subject: Subject; details?: Record<string, unknown> },
): Promise<void> {
  await recordAudit(trx, { ...entry, actorId: actor.userId, actorName: actor.displayName, requestId })
}

/** @throws `rooms.changed_by_someone_else` with the version it has by now */
export function requireVersion(row: { version: number }, version: number): void {
  if (row.version !== version) throw refused('rooms.changed_by_someone_else', { facts: { current: row.version } })
}

/** Runs a write and turns a violated constraint into the refusal it stands for. */
export async function refusing<T>(constraints: Record<string, Refused>, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    const found = constraints[violatedConstraint(cause) ?? '']
    if (found === undefined) throw cause
    throw refused(found.code, { cause, fields: { [found.field]: refused(found.code).message } })
  }
}

type Refused = { code: RoomErrorCode; field: string }
