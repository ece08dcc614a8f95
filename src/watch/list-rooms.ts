import type { Database } from '#db/database.ts'
import type { QueryOf } from '#http/contract.ts'
import type { Seams } from '#kit/seams.ts'
import type { listWatchedRooms, WatchedRoom } from './contract.ts'
import { refused } from './errors.ts'
import { selectNotified, selectWatchedRoom, selectWatchedRooms, type WatchedRoomRow } from './list-queries.ts'
import { provenMs } from './schedule.ts'

type Deps = { db: Database; seams: Pick<Seams, 'now'> }

export async function listRooms({ db, seams }: Deps, query: QueryOf<typeof listWatchedRooms>) {
  const { rows, total } = await selectWatchedRooms(db, query)
  const notified = await selectNotified(
    db,
    rows.map(({ room_id }) => room_id),
  )
  const now = seams.now()
  const shown = rows.map((row) => watchedRoomOf(row, { notified, now }))
  return { rows: shown, total, page: query.page, pageSize: query.pageSize }
}

/** @throws `watch.room_not_watched` */
export async function readRoomRecord({ db, seams }: Deps, roomId: string): Promise<WatchedRoom> {
  const row = await selectWatchedRoom(db, roomId)
  if (row === undefined) throw refused('watch.room_not_watched')
  return watchedRoomOf(row, { notified: await selectNotified(db, [roomId]), now: seams.now() })
}

type Told = { notified: ReadonlyMap<string, Date | null>; now: Date }

function watchedRoomOf(row: WatchedRoomRow, told: Told): WatchedRoom {
  const isUnread = BigInt(row.hints) > BigInt(row.read_hints)
  return {
    room: { id: row.room_id, name: row.room_name, mailbox: row.mailbox, building: row.building_name },
    provider: { id: row.provider_id, name: row.provider_name },
    state: row.state,
    code: row.state_code,
    say: row.state_say,
    method: row.method,
    identity: row.identity,
    capabilities: row.capabilities,
    probedAt: text(row.probed_at),
    nextProbeAt: text(row.next_probe_at),
    readAt: text(row.read_at),
    nextReadAt: text(row.next_read_at),
    wholeReadAt: text(row.whole_read_at),
    window: windowOf(row),
    unreadSince: isUnread ? text(row.hinted_at) : null,
    comparedAt: text(row.compared_at),
    nextCompareAt: text(row.next_compare_at),
    drift: row.drift,
    driftFound: row.drift_found,
    attempts: row.attempts,
    error: errorOf(row),
    notified: notifiedOf(row.room_id, told),
  }
}

function windowOf({ window_starts_at: startsAt, window_ends_at: endsAt }: WatchedRoomRow): WatchedRoom['window'] {
  return startsAt === null || endsAt === null
    ? null
    : { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

function errorOf({
  last_error_code: code,
  last_error_say: say,
  last_error_at: at,
}: WatchedRoomRow): WatchedRoom['error'] {
  return code === null ? null : { code, say: say ?? '', at: text(at) }
}

function notifiedOf(roomId: string, { notified, now }: Told): WatchedRoom['notified'] {
  if (!notified.has(roomId)) return null
  const at = notified.get(roomId) ?? null
  return { isProven: at !== null && now.getTime() - at.getTime() < provenMs, at: text(at) }
}

function text(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
