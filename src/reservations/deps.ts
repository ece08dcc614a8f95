import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'

/** May we act for this person in their calendar? Reservations do not know how that is found out. */
export type Permission =
  | { is: 'given' }
  /** They have to say yes first: `credentialId` is what they authorise, `say` the sentence they read. */
  | { is: 'needed'; credentialId: string; say: string }
  /** Nothing they can do helps: `say` tells why and who can. */
  | { is: 'impossible'; say: string }

export type ReservationsDeps = {
  db: Database
  seams: Seams
  log: Log
  publish: (change: Change) => void
  permission: (userId: string) => Promise<Permission>
  /** Says that a lane (a room) has work in the outbox. Losing it delays, and loses nothing. */
  wake: (executor: Database, lane: string) => Promise<void>
}
