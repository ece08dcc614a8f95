import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'

export type RoomsDeps = { db: Database; seams: Seams; log: Log }
