import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { capabilities, watchMethod } from '#providers/contract.ts'

/** Who sees how rooms are watched, and has them read. */
export const watchRoles = ['rsvsync_admin'] as const

export const watchStates = ['watching', 'waiting', 'held', 'stopped'] as const
export type WatchState = (typeof watchStates)[number]

const instant = z.iso.datetime()
const reference = z.object({ id: z.uuid(), name: z.string() })

/** How one room's calendar is watched. */
export const watchedRoom = z.object({
  room: reference.extend({ mailbox: z.string(), building: z.string() }),
  provider: reference,
  state: z.enum(watchStates),
  code: z.string().nullable().describe('Why it is in this state, for programs'),
  say: z.string().nullable().describe('The same for people, with what to do next'),
  method: watchMethod.nullable(),
  identity: z.string().nullable().describe('With whose permission it is read'),
  capabilities: capabilities.partial().describe('What was found out by trying'),
  probedAt: instant.nullable(),
  nextProbeAt: instant.nullable(),
  readAt: instant.nullable().describe('When the last read began that worked'),
  nextReadAt: instant.nullable(),
  wholeReadAt: instant.nullable().describe('When everything was read, and not only what is near or has changed'),
  window: z.object({ startsAt: instant, endsAt: instant }).nullable().describe('What was read as a whole'),
  unreadSince: instant.nullable().describe('Since when something is hinted at that was not read; null: nothing is'),
  comparedAt: instant.nullable(),
  nextCompareAt: instant.nullable(),
  drift: z.number().int().describe('How much the last full comparison found that had been missed'),
  driftFound: z.number().int().describe('And all of them together'),
  attempts: z.number().int().describe('Reads that failed in a row'),
  error: z.object({ code: z.string(), say: z.string(), at: instant.nullable() }).nullable(),
  notified: z
    .object({ isProven: z.boolean(), at: instant.nullable() })
    .nullable()
    .describe('When Microsoft last told of this room; null: nobody subscribed to it'),
})
export type WatchedRoom = z.infer<typeof watchedRoom>

const byRoom = z.object({ id: z.uuid().describe('Id of the room') })
const begun = z.object({ say: z.string().describe('What happens now') })

export const listWatchedRooms = endpoint({
  method: 'GET',
  path: '/api/watch/rooms',
  summary: 'How each room’s calendar is watched',
  access: watchRoles,
  query: listQuery.extend({
    state: z.enum(watchStates).optional(),
    method: watchMethod.optional(),
    providerId: z.uuid().optional(),
    hasDrift: z.stringbool().optional().describe('Whether the last comparison found something'),
  }),
  answer: pageOf(watchedRoom),
})

export const readWatchedRoom = endpoint({
  method: 'GET',
  path: '/api/watch/rooms/{id}',
  summary: 'How one room’s calendar is watched',
  access: watchRoles,
  params: byRoom,
  answer: watchedRoom,
  errors: ['watch.room_not_watched'],
})

export const readRoomNow = endpoint({
  method: 'POST',
  path: '/api/watch/rooms/{id}/read',
  summary: 'Read a room’s calendar now',
  access: watchRoles,
  params: byRoom,
  answer: begun,
  status: 202,
  errors: ['watch.room_not_watched', 'watch.not_watching'],
})

export const compareRoomNow = endpoint({
  method: 'POST',
  path: '/api/watch/rooms/{id}/compare',
  summary: 'Compare everything in a room’s calendar with what is known of it, and mend what was missed',
  access: watchRoles,
  params: byRoom,
  answer: begun,
  status: 202,
  errors: ['watch.room_not_watched', 'watch.not_watching'],
})

export const probeRoomNow = endpoint({
  method: 'POST',
  path: '/api/watch/rooms/{id}/probe',
  summary: 'Try again what can be done with a room’s calendar, and watch it accordingly',
  access: watchRoles,
  params: byRoom,
  answer: begun,
  status: 202,
  errors: ['watch.room_not_watched', 'watch.not_watching'],
})

export const holdWords = ['they_are_gone', 'read_again'] as const
export type HoldWord = (typeof holdWords)[number]

export const releaseRoom = endpoint({
  method: 'POST',
  path: '/api/watch/rooms/{id}/release',
  summary: 'Let a held room go on: what is missing is gone, or is to be read again',
  access: ['admin'],
  params: byRoom,
  body: z.strictObject({ word: z.enum(holdWords) }),
  answer: watchedRoom,
  errors: ['watch.room_not_watched', 'watch.not_held'],
})

export const lookAtRoom = endpoint({
  method: 'POST',
  path: '/api/watch/rooms/{id}/look',
  summary: 'Somebody looks at this room: it is read now, and more often for two minutes',
  access: 'signed_in',
  params: byRoom,
  answer: z.object({ readAt: instant.nullable().describe('When it was last read; null while it is not watched') }),
})
