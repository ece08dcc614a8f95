import type { TimeWindow } from '#graph/calendar-view.ts'
import { sha256 } from '#kit/secret.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const weekMs = 7 * dayMs

/** A room is not read more often than this, however much is hinted at: what comes meanwhile is seen by the next read. */
export const coalesceMs = 1_500

/** Longer than a day without any notification proves nothing about the next. */
export const provenMs = dayMs

/** Where between 0 and 1 a room stands, always the same: what all rooms do now and then is spread over the time between. */
export function placeOf(roomId: string): number {
  return sha256(roomId).readUInt32BE(0) / 2 ** 32
}

export type Rhythm = {
  roomId: string
  method: 'delta' | 'windows' | null
  /** Graph has told of changes lately, so it would have told of another. */
  isProven: boolean
  lookedAtUntil: Date | null
  /** How often it is looked at without being told, in milliseconds; both are properties. */
  healthyMs: number
  unprovenMs: number
}

/**
 * When a room is read again if nothing hints at it. With notifications that work this is only a safety net; a room that can only be looked
 * at is read by this alone, and sooner while somebody looks at it.
 */
export function nextReadAt(rhythm: Rhythm, now: Date): Date {
  const { roomId, method, isProven, lookedAtUntil, healthyMs, unprovenMs } = rhythm
  const isLookedAt = lookedAtUntil !== null && lookedAtUntil > now
  const quietMs = method === 'delta' ? unprovenMs : (unprovenMs * 3) / 4
  const everyMs = isProven ? healthyMs : isLookedAt ? Math.min(15 * secondMs, quietMs) : quietMs
  return inAbout(now, everyMs, placeOf(roomId))
}

/** 2 s, 4 s, 8 s ... 5 minutes, never before what Graph asked for. */
export function nextTryAt(now: Date, failed: { attempts: number; retryAfterMs: number | null; place: number }): Date {
  const growingMs = Math.min(2 * secondMs * 2 ** Math.min(failed.attempts, 20), 5 * minuteMs)
  return new Date(
    now.getTime() + Math.max(failed.retryAfterMs ?? 0, growingMs) + Math.round(growingMs * 0.2 * failed.place),
  )
}

/** What is not there yet is asked for again and again: 15 s, 30 s ... 15 minutes, however long it takes. */
export function nextProbeAt(now: Date, attempts: number, place: number): Date {
  const growingMs = Math.min(15 * secondMs * 2 ** Math.min(attempts, 20), 14 * minuteMs)
  return new Date(now.getTime() + growingMs + Math.round(minuteMs * place * Math.min(1, growingMs / (14 * minuteMs))))
}

/** What works is looked at again: whether it still does, and whether something better has come to be possible. */
export function nextCheckAt(now: Date, method: 'delta' | 'windows', place: number): Date {
  return inAbout(now, method === 'delta' ? dayMs : hourMs, place)
}

/** What is near is compared with every read of a room that can only be looked at; the rest every five minutes. */
export function isWholeDue(wholeReadAt: Date | null, now: Date, place: number): boolean {
  return wholeReadAt === null || now.getTime() - wholeReadAt.getTime() >= 5 * minuteMs + place * minuteMs
}

/** A window that is frozen in a link grows old: about once a day a new one is begun. */
export function isSlideDue(wholeReadAt: Date | null, now: Date, place: number): boolean {
  return wholeReadAt === null || now.getTime() - wholeReadAt.getTime() >= dayMs - place * 2 * hourMs
}

/** The moment of each week at which a room is compared in full. */
export function nextCompareAt(now: Date, place: number): Date {
  const offsetMs = Math.floor(place * weekMs)
  const weeks = Math.floor((now.getTime() - offsetMs) / weekMs) + 1
  return new Date(weeks * weekMs + offsetMs)
}

/** How far back a room is read: what ended yesterday may still be changed by a person. */
const behindMs = dayMs

export type Horizon = { days: number; syncStartsOn: string | null; syncEndsOn: string | null }

/** Everything of a room that matters, within the days that its provider is for. Empty windows are a minute, since Graph wants one. */
export function wholeWindow(now: Date, { days, syncStartsOn, syncEndsOn }: Horizon): TimeWindow {
  const first = Math.max(
    now.getTime() - behindMs,
    syncStartsOn === null ? Number.NEGATIVE_INFINITY : Date.parse(syncStartsOn),
  )
  const last = Math.min(
    now.getTime() + days * dayMs,
    syncEndsOn === null ? Number.POSITIVE_INFINITY : Date.parse(syncEndsOn) + dayMs,
  )
  const startsAt = wholeSecond(first)
  return { startsAt, endsAt: wholeSecond(Math.max(last, startsAt.getTime() + minuteMs)) }
}

/** The part of it that is read most often; null when the provider's days are not now. */
export function nearWindow(now: Date, whole: TimeWindow): TimeWindow | null {
  const startsAt = wholeSecond(Math.max(now.getTime() - hourMs, whole.startsAt.getTime()))
  const endsAt = wholeSecond(Math.min(now.getTime() + 2 * dayMs, whole.endsAt.getTime()))
  return startsAt < endsAt ? { startsAt, endsAt } : null
}

function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / secondMs) * secondMs)
}

/** Up to a sixth sooner or later, by the room's place, so that thousands that began together do not stay together. */
function inAbout(now: Date, everyMs: number, place: number): Date {
  return new Date(now.getTime() + Math.round(everyMs * (5 / 6 + place / 3)))
}
