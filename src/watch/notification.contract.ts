import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { watchRoles } from './contract.ts'

const instant = z.iso.datetime()

/** What Microsoft Graph told us: a hint that something may have changed, and nothing more. */
export const changeNotification = z.object({
  seq: z.string().describe('Its number: later ones have higher ones'),
  kind: z.string().describe('created, updated, deleted, or the name of a lifecycle event'),
  room: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  mailbox: z.string().describe('Whose calendar it was about'),
  subscriptionId: z.uuid(),
  eventId: z.string().nullable(),
  etag: z.string().nullable(),
  receivedAt: instant,
  handledAt: instant.nullable().describe('When what it hinted at had been read and compared'),
  tookMs: z.number().int().nullable(),
})
export type ChangeNotification = z.infer<typeof changeNotification>

/** Above this many, a list is not counted any further. */
export const countedMax = 10_000

export const listChangeNotifications = endpoint({
  method: 'GET',
  path: '/api/watch/notifications',
  summary: 'Notifications of the last two days, the newest first',
  access: watchRoles,
  query: listQuery.extend({
    roomId: z.uuid().optional(),
    subscriptionId: z.uuid().optional(),
    isHandled: z.stringbool().optional(),
  }),
  answer: pageOf(changeNotification).extend({
    totalIsAtLeast: z.boolean().describe(`More than ${countedMax} match; total is that number`),
  }),
})
