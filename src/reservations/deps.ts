import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { Post } from '#mail/post.ts'
import type { ReservationSource } from './contract.ts'

/** Whose calendar a meeting is in: the person's it is for, or the mailbox that organises for everybody. */
export type SyncMailbox = 'user' | 'other'

/** Somebody wants to do something with a reservation, or with a room that they have no reservation of yet. */
export type Question = {
  roomId: string
  action: 'create' | 'update' | 'cancel'
  /** How it is asked for: by a person at a screen, or by a program. */
  source: ReservationSource
  actorId: string
  /** Whose meeting it is or will be; without an id when they are not known here. */
  requestedFor: { id: string | null; displayName: string; email: string }
  /** The reservation there is. */
  existing: { mailbox: SyncMailbox | null; bornOutside: boolean } | null
}

/** What the rules say to a question. Every sentence has the reason and the next step. */
export type Rule =
  /** The room is in no calendar but ours. */
  | { is: 'local' }
  | { is: 'allowed'; mailbox: SyncMailbox; withPermissionOf: 'person' | 'system' }
  /** They may not write that meeting: what they want is kept and mailed to its organizer. */
  | { is: 'proposed'; say: string }
  | { is: 'refused'; say: string }

/** May we act in that calendar? Reservations do not know how that is found out. */
export type Permission =
  | { is: 'given' }
  /** The person has to say yes first: `credentialId` is what they authorise, `say` the sentence they read. */
  | { is: 'needed'; credentialId: string; say: string }
  /** Nothing they can do helps: `say` tells why and who can. */
  | { is: 'impossible'; say: string }

export type ReservationsDeps = {
  db: Database
  seams: Seams
  log: Log
  publish: (change: Change) => void
  post: Post
  /** The rules of these rooms, read once for as many questions as wanted. */
  rules: (roomIds: readonly string[]) => Promise<(question: Question) => Rule>
  permission: (question: Question, rule: Extract<Rule, { is: 'allowed' }>) => Promise<Permission>
  /** Somebody has opened the page of a reservation: what the outside has is read afresh, and shows by itself. */
  opened: (reservationId: string, userId: string) => Promise<void>
  /** Says that a lane (a room) has work in the outbox. Losing it delays, and loses nothing. */
  wake: (executor: Database, lane: string) => Promise<void>
}
