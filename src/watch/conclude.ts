import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { GraphProblem } from '#graph/graph-problem.ts'
import { readTroubleOf } from '#graph/read-trouble.ts'
import { assertFence } from '#jobs/lease.ts'
import { readProperty } from '#providers/property.ts'
import { keepWatch } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import { readRoomAt, readRoomSoon } from './jobs.ts'
import { hasDueEvents } from './mirror-queries.ts'
import { markHandled } from './notification-queries.ts'
import type { Reading, ReadOutcome } from './reading.ts'

import { coalesceMs, nextReadAt, nextTryAt, placeOf, provenMs } from './schedule.ts'
import { isProven } from './subscription-queries.ts'
import { waitForPermission } from './wait-for-permission.ts'
import { selectWatch, type WatchValues } from './watch-queries.ts'

/** What was known of hints and notifications when a read began: it has seen everything up to there. */
export type Began = { at: Date; hints: string; seq: string }

/** Writes down how a read ended, and when the next one is. */
export async function conclude(
  deps: WatchDeps,
  reading: Reading,
  { outcome, began }: { outcome: ReadOutcome; began: Began },
): Promise<void> {
  switch (outcome.is) {
    case 'read':
      return concludeRead(deps, reading, { began, changed: outcome.changed })
    case 'problem':
      return concludeTrouble(deps, reading, outcome.problem)
    case 'not_by_delta':
      return fallBack(deps, reading, outcome.because)
    case 'held':
      return
  }
}

async function concludeRead(
  deps: WatchDeps,
  reading: Reading,
  { began, changed }: { began: Began; changed: number },
): Promise<void> {
  const { watch } = reading
  const { room_id: roomId } = watch
  const now = deps.seams.now()
  const since = new Date(now.getTime() - provenMs)
  const rhythm = { roomId, method: watch.method, lookedAtUntil: watch.looked_at_until, ...(await polls(deps.db)) }
  const next = nextReadAt({ ...rhythm, isProven: await isProven(deps.db, roomId, since) }, now)
  const seen = { read_at: began.at, read_hints: began.hints, read_seq: began.seq }
  const well = { attempts: 0, last_error_code: null, last_error_say: null }
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, reading.lease)
    await keepWatch(trx, watch, { ...seen, ...well, next_read_at: next, updated_at: now })
    // Nothing came of what was told, or all of it was planned before: there is nobody else who would say so.
    if (!(await hasDueEvents(trx, roomId))) await markHandled(trx, roomId, { upTo: began.seq, now })
  })
  if (changed > 0) deps.publish({ topic: 'watch', id: roomId, userId: null })
  await readAgain(deps, roomId, { began, next })
}

async function polls(db: Database): Promise<{ healthyMs: number; unprovenMs: number }> {
  const healthy = await readProperty(db, 'sync.safety_poll_healthy_seconds')
  const unproven = await readProperty(db, 'sync.safety_poll_unproven_seconds')
  return { healthyMs: healthy * 1_000, unprovenMs: unproven * 1_000 }
}

/** What was hinted at meanwhile is looked at as soon as a read may follow the last. */
async function readAgain(
  deps: WatchDeps,
  roomId: string,
  { began, next }: { began: Began; next: Date },
): Promise<void> {
  const watch = await selectWatch(deps.db, roomId)
  if (watch === undefined || watch.state !== 'watching') return
  const isHinted = BigInt(watch.hints) > BigInt(began.hints)
  if (isHinted) return readRoomSoon(deps, roomId, new Date(began.at.getTime() + coalesceMs))
  await readRoomAt(deps, roomId, next)
}

async function concludeTrouble(deps: WatchDeps, reading: Reading, problem: GraphProblem): Promise<void> {
  const { watch } = reading
  const trouble = readTroubleOf(problem)
  const { code, requestId, status } = problem
  deps.log.warn(
    { roomId: watch.room_id, trouble, code, status, requestId, attempts: watch.attempts },
    'watch: a room was not read',
  )
  if (trouble === 'not_allowed' || trouble === 'no_mailbox') {
    return waitForPermission(deps, reading, { code: trouble, say: sayTrouble(problem, reading) })
  }
  const now = deps.seams.now()
  const failed = { attempts: watch.attempts, retryAfterMs: problem.retryAfterMs, place: placeOf(watch.room_id) }
  const next = nextTryAt(now, failed)
  const error = { last_error_code: code, last_error_say: sayTrouble(problem, reading), last_error_at: now }
  // A link that is refused for no reason we know may be a bad one.
  const anew: WatchValues = trouble === 'refused' && watch.attempts >= 2 ? { delta_link: null, round_link: null } : {}
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, reading.lease)
    await keepWatch(trx, watch, {
      ...error,
      ...anew,
      attempts: watch.attempts + 1,
      next_read_at: next,
      updated_at: now,
    })
  })
  await readRoomAt(deps, watch.room_id, next)
}

function sayTrouble({ status, message, code }: GraphProblem, { roomName, acting }: Reading): string {
  if (code.startsWith('connections.')) return message
  if (status === 401 || status === 403 || status === 404)
    return `${acting.identity} may not read the calendar of ${roomName} any more.`
  if (status === 429) return `Microsoft asked us to slow down with ${roomName}. It is read again by itself.`
  if (status === 0) return `Microsoft did not answer about ${roomName}. It is read again by itself.`
  return `Microsoft could not show the calendar of ${roomName} (${code}). It is read again by itself.`
}

/** Changes cannot be followed: the calendar is looked at, and after some hours it is tried again. */
async function fallBack(deps: WatchDeps, reading: Reading, because: 'endless' | 'too_slow'): Promise<void> {
  const { watch, roomName } = reading
  const now = deps.seams.now()
  const say = sentences[because](roomName)
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, reading.lease)
    await keepWatch(trx, watch, {
      method: 'windows',
      state_code: because,
      state_say: say,
      delta_link: null,
      round_link: null,
      round_began_at: null,
      whole_read_at: null,
      next_read_at: now,
      next_probe_at: new Date(now.getTime() + fallBackMs),
      updated_at: now,
    })
  })
  deps.log.warn({ roomId: watch.room_id, because }, 'watch: a room is looked at instead of followed')
  deps.publish({ topic: 'watch', id: watch.room_id, userId: null })
  await readRoomAt(deps, watch.room_id, now)
}

const fallBackMs = 6 * 3_600_000

const sentences = {
  endless: (room: string) =>
    `Graph's list of changes of ${room} did not come to an end, so its calendar is read again and again. It is tried anew in six hours.`,
  too_slow: (room: string) =>
    `Graph did not manage to list everything in the calendar of ${room} at once, so it is read in parts. It is tried anew in six hours.`,
}
