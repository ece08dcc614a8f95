import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { syncRoles } from './sync-event.contract.ts'

const instant = z.iso.datetime()
const count = z.number().int()

const lag = z
  .object({ count, p50Ms: z.number().nullable(), p95Ms: z.number().nullable(), p99Ms: z.number().nullable() })
  .describe('Half, 95 % and 99 % of them took at most so many milliseconds')
export type Lag = z.infer<typeof lag>

/** What a cause is about: where to look. */
export const causeKinds = ['rooms', 'outbox', 'items', 'hints', 'errors', 'subscriptions', 'lag', 'drift'] as const

export const roomConditions = ['in_step', 'drifted', 'late', 'troubled', 'waiting', 'held', 'stopped'] as const

const cause = z.object({
  kind: z.enum(causeKinds),
  isTrouble: z.boolean().describe('Somebody has to do something; otherwise it may pass by itself'),
  say: z.string(),
  roomId: z.uuid().nullable().describe('The one room it is about'),
  condition: z.enum(roomConditions).nullable().describe('What the rooms are in that it is about'),
})
export type Cause = z.infer<typeof cause>

const roomHealth = z.object({
  id: z.uuid(),
  name: z.string(),
  building: z.string(),
  is: z.enum(roomConditions),
  method: z.enum(['delta', 'windows']).nullable().describe('How it is read: changes, or windows that are compared'),
  readAt: instant.nullable(),
  behindMs: z.number().nullable().describe('How long something in its calendar has been unread; null when nothing is'),
  drift: count.describe('Items that the last full comparison found to have been missed'),
  code: z.string().nullable(),
  say: z.string().nullable().describe('Why it is not in step, and what to do'),
})
export type RoomHealth = z.infer<typeof roomHealth>

/** Rooms that the answer holds at most, those that need somebody first. */
export const roomsShownMax = 500

export const health = z.object({
  at: instant,
  verdict: z.object({
    is: z.enum(['well', 'attention', 'trouble', 'empty']),
    say: z.string().describe('One line: all is well, or why not'),
    causes: z.array(cause),
  }),
  lag: z.object({
    inbound: z
      .object({ hour: lag, day: lag })
      .describe('From the arrival of a notification until the reservation shows what it hinted at'),
    outbound: z.object({ hour: lag, day: lag }).describe('From a change here until Outlook has it'),
  }),
  queue: z.object({
    outbox: z.object({ waiting: count, oldestAt: instant.nullable(), forPermission: count }),
    items: z
      .object({ due: count, oldestAt: instant.nullable() })
      .describe('Read in a room’s calendar, not compared yet'),
    hints: z.object({ rooms: count, oldestAt: instant.nullable() }).describe('Rooms with something unread'),
  }),
  drift: z.object({ now: count, found: count }).describe('Missed items: found by the last comparisons, and by all'),
  subscriptions: z.object({
    active: count,
    expiring: count,
    failed: count,
    underWay: count,
    nextExpiryAt: instant.nullable(),
  }),
  rooms: z.object({
    total: count,
    counts: z.record(z.enum(roomConditions), count),
    shown: z.array(roomHealth).describe(`At most ${roomsShownMax}, those that need somebody first`),
  }),
  errors: z
    .array(z.object({ code: z.string(), say: z.string(), count, lastAt: instant }))
    .describe('Changes that did not get through in the last 24 hours and have not since, by reason'),
  days: z
    .array(z.object({ day: z.iso.date(), changes: count, errors: count, notifications: count }))
    .describe('The last seven days of UTC, the oldest first'),
})
export type Health = z.infer<typeof health>

export const readHealth = endpoint({
  method: 'GET',
  path: '/api/sync/health',
  summary: 'Whether reservations and Outlook are in step, and why not',
  access: syncRoles,
  answer: health,
})
