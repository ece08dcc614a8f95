import type { Database } from '#db/database.ts'

/** What was read of a room has been compared with its reservations: the notifications that hinted at it are handled. */
export async function noteApplied(_db: Database, _roomId: string, _now: Date): Promise<void> {}
