import type { Database } from '#db/database.ts'
import {
  type RoomCounts,
  selectDueItems,
  selectRoomCounts,
  selectRoomStates,
  selectSubscriptionCounts,
  selectWaitingNotifications,
} from './health-queries.ts'

/** A read that is later than this did not happen because of a busy moment. */
const overdueMs = 5 * 60_000

/** Subscriptions are renewed at half of their life; one that is this near its end was not. */
const lapsesWithinMs = 10 * 60_000

export type WatchFigures = {
  rooms: Omit<RoomCounts, 'drift_found' | 'unread_hints' | 'oldest_hint_at'> & { driftFound: number }
  /** Rooms that something hinted at and that have not been read since. */
  hints: { rooms: number; oldestAt: Date | null }
  notifications: { waiting: number; oldestAt: Date | null }
  /** Calendar items that have not been compared with the reservations. */
  items: { due: number; oldestAt: Date | null }
  subscriptions: {
    active: number
    expiring: number
    failed: number
    underWay: number
    nextExpiryAt: Date | null
    failedSay: string | null
  }
}

/** How watching is going, over all rooms. */
export async function watchFigures(db: Database, now: Date): Promise<WatchFigures> {
  const counts = await selectRoomCounts(db, new Date(now.getTime() - overdueMs))
  const { drift_found: driftFound, unread_hints: unreadHints, oldest_hint_at: oldestHintAt, ...rooms } = counts
  const waiting = await selectWaitingNotifications(db)
  const due = await selectDueItems(db, now)
  const subscribed = await selectSubscriptionCounts(db, new Date(now.getTime() + lapsesWithinMs))
  return {
    rooms: { ...rooms, driftFound },
    hints: { rooms: unreadHints, oldestAt: oldestHintAt },
    notifications: { waiting: waiting.count, oldestAt: waiting.oldest_at },
    items: { due: due.count, oldestAt: due.oldest_at },
    subscriptions: {
      active: subscribed.active,
      expiring: subscribed.expiring,
      failed: subscribed.failed,
      underWay: subscribed.under_way,
      nextExpiryAt: subscribed.next_expiry_at,
      failedSay: subscribed.failed_say,
    },
  }
}

/** One room as its watch has it. */
export type RoomState = {
  roomId: string
  /** `late`: it should have been read long ago. `troubled`: the last attempts to read it failed. */
  is: 'in_step' | 'drifted' | 'late' | 'troubled' | 'waiting' | 'held' | 'stopped'
  method: 'delta' | 'windows' | null
  identity: string | null
  readAt: Date | null
  /** Since when it is known that there is something unread; null when there is nothing. */
  unreadSince: Date | null
  drift: number
  trouble: { code: string; say: string; at: Date | null } | null
}

/** How rooms are watched: at most so many, those that need somebody first. */
export async function roomStates(db: Database, { now, limit }: { now: Date; limit: number }): Promise<RoomState[]> {
  const overdueSince = new Date(now.getTime() - overdueMs)
  const rows = await selectRoomStates(db, { overdueSince, limit })
  return rows.map((row) => ({
    roomId: row.room_id,
    is: conditionOf(row, overdueSince),
    method: row.method,
    identity: row.identity,
    readAt: row.read_at,
    unreadSince: row.unread_since,
    drift: row.drift,
    trouble: troubleOf(row),
  }))
}

type Row = Awaited<ReturnType<typeof selectRoomStates>>[number]

function conditionOf({ state, attempts, next_read_at, drift }: Row, overdueSince: Date): RoomState['is'] {
  if (state !== 'watching') return state
  if (attempts > 0) return 'troubled'
  if (next_read_at !== null && next_read_at < overdueSince) return 'late'
  return drift > 0 ? 'drifted' : 'in_step'
}

function troubleOf(row: Row): RoomState['trouble'] {
  if (row.state === 'watching') {
    if (row.attempts === 0 || row.last_error_code === null) return null
    return { code: row.last_error_code, say: row.last_error_say ?? '', at: row.last_error_at }
  }
  if (row.state_code === null && row.state_say === null) return null
  return { code: row.state_code ?? row.state, say: row.state_say ?? '', at: row.last_error_at }
}
