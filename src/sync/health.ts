import type { Database } from '#db/database.ts'
import { queueFigures } from '#reservations/waiting-changes.ts'
import { findRoomsById } from '#rooms/room.ts'
import { type LagFigures, lagFigures, notificationsPerDay } from '#watch/lag.ts'
import { type RoomState, roomStates, type WatchFigures, watchFigures } from '#watch/watch-health.ts'
import type { SyncDeps } from './deps.ts'
import { type Health, type RoomHealth, roomsShownMax } from './health.contract.ts'
import { type ErrorRow, selectDays, selectErrors, selectOutboundLag } from './health-queries.ts'
import { judgeHealth } from './judge-health.ts'

type HealthDeps = Pick<SyncDeps, 'db' | 'seams'>

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Whether reservations and Outlook are in step: lag, queue, drift, subscriptions, rooms and errors, and one sentence about it all. */
export async function readHealth({ db, seams }: HealthDeps): Promise<Health> {
  const now = seams.now()
  const [hourAgo, dayAgo] = [new Date(now.getTime() - hourMs), new Date(now.getTime() - dayMs)]
  const watch = await watchFigures(db, now)
  const shown = await shownRooms(db, now)
  const outbox = await queueFigures(db)
  const inbound = { hour: await lagFigures(db, hourAgo), day: await lagFigures(db, dayAgo) }
  const outbound = { hour: await outboundLag(db, hourAgo), day: await outboundLag(db, dayAgo) }
  const errors = await selectErrors(db, dayAgo)
  const { rooms, items, hints, subscriptions } = watch
  const facts = { now, rooms, shown, outbox, items, hints, subscriptions, errors }
  return {
    at: now.toISOString(),
    verdict: judgeHealth({ ...facts, inbound: inbound.hour, outbound: outbound.hour }),
    lag: { inbound, outbound },
    queue: {
      outbox: { ...outbox, oldestAt: iso(outbox.oldestAt) },
      items: { due: items.due, oldestAt: iso(items.oldestAt) },
      hints: { rooms: hints.rooms, oldestAt: iso(hints.oldestAt) },
    },
    drift: { now: rooms.drift, found: rooms.driftFound },
    subscriptions: subscriptionsOf(subscriptions),
    rooms: { total: rooms.watching + rooms.waiting + rooms.held + rooms.stopped, counts: countsOf(rooms), shown },
    errors: errors.map(errorOf),
    days: await lastDays(db, now),
  }
}

async function outboundLag(db: Database, since: Date): Promise<LagFigures> {
  const { count, p50, p95, p99 } = await selectOutboundLag(db, since)
  return { count, p50Ms: p50, p95Ms: p95, p99Ms: p99 }
}

/** Those that need somebody first; among equals by building and name. */
async function shownRooms(db: Database, now: Date): Promise<RoomHealth[]> {
  const states = await roomStates(db, { now, limit: roomsShownMax })
  const rooms = await findRoomsById(
    db,
    states.map(({ roomId }) => roomId),
  )
  const shown = states.flatMap((state) => {
    const room = rooms.get(state.roomId)
    return room ? [{ ...roomHealth(state, now), name: room.name, building: room.building.name }] : []
  })
  return shown.toSorted((one, other) => urgency(one) - urgency(other) || nameOf(one).localeCompare(nameOf(other)))
}

function roomHealth({ roomId, is, method, readAt, unreadSince, drift, trouble }: RoomState, now: Date) {
  return {
    id: roomId,
    is,
    method,
    readAt: iso(readAt),
    behindMs: unreadSince === null ? null : now.getTime() - unreadSince.getTime(),
    drift,
    code: trouble?.code ?? null,
    say: trouble?.say || null,
  }
}

const urgencies: readonly RoomHealth['is'][] = ['held', 'waiting', 'troubled', 'late', 'drifted', 'in_step', 'stopped']

function urgency({ is }: RoomHealth): number {
  return urgencies.indexOf(is)
}

function nameOf({ building, name }: RoomHealth): string {
  return `${building} ${name}`
}

function countsOf(rooms: WatchFigures['rooms']): Health['rooms']['counts'] {
  const { watching, waiting, held, stopped, troubled, late, drifted } = rooms
  // A room that drifted may be late as well, and is shown as late.
  const inStep = Math.max(0, watching - troubled - late - drifted)
  return { in_step: inStep, drifted, late, troubled, waiting, held, stopped }
}

function subscriptionsOf({ failedSay: _, nextExpiryAt, ...counts }: WatchFigures['subscriptions']) {
  return { ...counts, nextExpiryAt: iso(nextExpiryAt) }
}

function errorOf({ code, say, count, last_at }: ErrorRow): Health['errors'][number] {
  return { code, say, count, lastAt: last_at.toISOString() }
}

const daysShown = 7

async function lastDays(db: Database, now: Date): Promise<Health['days']> {
  const today = Math.floor(now.getTime() / dayMs) * dayMs
  const since = new Date(today - (daysShown - 1) * dayMs)
  const changes = new Map((await selectDays(db, since)).map((row) => [row.day, row]))
  const notifications = await notificationsPerDay(db, since)
  return Array.from({ length: daysShown }, (_, index) => {
    const day = new Date(since.getTime() + index * dayMs).toISOString().slice(0, 10)
    const found = changes.get(day)
    return {
      day,
      changes: found?.changes ?? 0,
      errors: found?.errors ?? 0,
      notifications: notifications.get(day) ?? 0,
    }
  })
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null
}

/** How long an answer is good for everybody who asks. */
const goodForMs = 2_000

/** The same reading for all who ask at about the same time: however many look at the page, the database is asked every other second. */
export function sharedHealth(deps: HealthDeps): () => Promise<Health> {
  let last: { at: number; health: Promise<Health> } | null = null
  return () => {
    const at = deps.seams.now().getTime()
    if (last === null || at - last.at >= goodForMs) last = { at, health: readHealth(deps) }
    const { health } = last
    health.catch(() => {
      last = null
    })
    return health
  }
}
