import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Log } from '#kit/log.ts'
import type { ProvidersDeps } from '#providers/deps.ts'
import type { Probed, ProbedRoom } from '#providers/probe.ts'
import type { Provider } from '#providers/room-sync.ts'

/** What this feature needs from outside. */
export type WatchDeps = ProvidersDeps & {
  log: Log
  jobs: Pick<Jobs, 'add'>
  publish: (change: Change) => void
  /** Origin under which Graph reaches this service, without a trailing slash. */
  notificationUrl: string
  /** Something of this room is due to be compared with its reservations: says so in the transaction that made it due. */
  apply: (executor: Database, roomId: string) => Promise<void>
  /** A room was read in full: whatever should be there and was not seen can be asked for. */
  wholeRead: (roomId: string, window: { startsAt: Date; endsAt: Date }) => Promise<void>
  /** Tries out live what can be done with a room's mailbox, and by whom. */
  probe: (provider: Provider, room: ProbedRoom) => Promise<Probed>
  /** Rooms of the meetings that this event of the delegated mailbox is; none when nobody knows it. */
  roomsOfEvent: (eventId: string) => Promise<string[]>
}
