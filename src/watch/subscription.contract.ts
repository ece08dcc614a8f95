import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { watchRoles } from './contract.ts'

export const subscriptionStates = ['creating', 'active', 'failed', 'removing', 'removed'] as const
export type SubscriptionState = (typeof subscriptionStates)[number]

const instant = z.iso.datetime()

/** One subscription as it is wanted, and as it is at Microsoft Graph. What Graph sends back with each notification is shown to nobody. */
export const watchSubscription = z.object({
  id: z.uuid(),
  room: z.object({ id: z.uuid(), name: z.string() }).nullable().describe('Null: the delegated mailbox itself'),
  provider: z.object({ id: z.uuid(), name: z.string() }),
  mailbox: z.string(),
  resource: z.string(),
  state: z.enum(subscriptionStates),
  say: z.string().describe('How it stands, and what comes next, in a sentence'),
  externalId: z.string().nullable().describe('Its id at Microsoft Graph'),
  expiresAt: instant.nullable(),
  renewAt: instant.nullable().describe('When something is done about it next'),
  renewedAt: instant.nullable(),
  lastNotificationAt: instant.nullable(),
  refused: z.number().int().describe('Notifications that came with a wrong client state'),
  attempts: z.number().int(),
  error: z.object({ code: z.string(), say: z.string() }).nullable(),
  isAtOldAddress: z.boolean().describe('The address was rotated since; it is made anew at the new one'),
  createdAt: instant,
})
export type WatchSubscription = z.infer<typeof watchSubscription>

export const listWatchSubscriptions = endpoint({
  method: 'GET',
  path: '/api/watch/subscriptions',
  summary: 'Subscriptions at Microsoft Graph, as they are wanted and as they are',
  access: watchRoles,
  query: listQuery.extend({
    state: z.enum(subscriptionStates).optional(),
    providerId: z.uuid().optional(),
    roomId: z.uuid().optional(),
  }),
  answer: pageOf(watchSubscription),
})

export const renewWatchSubscription = endpoint({
  method: 'POST',
  path: '/api/watch/subscriptions/{id}/renew',
  summary: 'Make or renew a subscription now',
  access: watchRoles,
  params: z.object({ id: z.uuid() }),
  answer: z.object({ say: z.string() }),
  status: 202,
  errors: ['watch.subscription_not_found', 'watch.subscription_over'],
})

export const notificationRegistry = z.object({
  name: z.string(),
  callbackUrl: z.string().describe('Where notifications are sent to. Its last part is a secret'),
  lifecycleUrl: z.string(),
  clientState: z.string().describe('How the secret that comes back with each notification is made'),
  rotatedAt: instant,
  rotatedBy: z.string(),
  inUse: z.number().int().describe('Subscriptions that send there'),
  atOldAddress: z.number().int().describe('Subscriptions that still send to an older one'),
  isPublic: z.boolean().describe('Can Microsoft reach it, as far as the address tells'),
})
export type NotificationRegistry = z.infer<typeof notificationRegistry>

export const readRegistry = endpoint({
  method: 'GET',
  path: '/api/watch/registry',
  summary: 'Where Microsoft Graph sends its notifications',
  access: watchRoles,
  answer: notificationRegistry,
})

export const rotateRegistryNow = endpoint({
  method: 'POST',
  path: '/api/watch/registry/rotate',
  summary: 'A new address; subscriptions go on at the old one until each was made anew at the new one',
  access: watchRoles,
  answer: notificationRegistry,
})
