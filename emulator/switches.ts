import { z } from 'zod'

const share = z.number().min(0).max(1)
const milliseconds = z.number().nonnegative()

/** How an endpoint that is slow to take notifications is treated; Microsoft's pages of three years disagree. */
export const endpointFigures = ['2023', '2024', '2025', 'off'] as const

/**
 * What tests and administrators turn. Every default is what Microsoft documents, and nothing hostile happens unless asked for. Numbers
 * from 0 to 1 are probabilities, drawn from the tenant's chance. Each is described in emulator/README.md.
 */
export const switchShape = z.strictObject({
  singleUseRefreshTokens: z.boolean(),
  accessTokenLifetimeSeconds: z.number().int().positive().nullable(),
  deliveryDelayMs: milliseconds,
  throttle: z.boolean(),
  requestsPerTenMinutes: z.number().int().positive(),
  concurrentPerMailbox: z.number().int().positive(),
  /** `microsoft`: discovery names Microsoft's hosts. `self`: names this server, for clients that cannot be redirected (MSAL). */
  endpointsOn: z.enum(['microsoft', 'self']),
  serviceTimeMs: milliseconds,

  permissionDelayMs: milliseconds,
  appScopeDelayMs: milliseconds,
  placesDelayMs: milliseconds,
  reformatsBodies: z.boolean(),
  trimsSubjects: z.boolean(),
  rewritesAttendees: z.boolean(),

  deltaChangesKept: z.number().int().positive(),
  deltaTokenLifeMs: milliseconds.nullable(),
  deltaRemovesUnseen: z.boolean(),
  delegatedDeltaPages: z.boolean(),
  deltaDelayMs: milliseconds,
  deltaGone: share,
  deltaGoneAs: z.enum(['SyncStateNotFound', 'syncStateNotFound', 'resyncRequired', 'any']),
  deltaReplays: share,
  deltaDuplicates: share,
  deltaSilentDeletions: share,
  deltaSparseTombstones: z.boolean(),
  deltaEmptyPages: share,
  deltaEndless: z.boolean(),
  deltaForeignLinks: share,
  gatewayTimeoutAboveDays: z.number().positive().nullable(),

  subscriptionShortestMinutes: z.number().positive(),
  subscriptionLongestMinutes: z.number().positive(),
  subscriptionOverlong: z.enum(['refuse', 'shorten']),
  subscriptionDuplicates: z.enum(['refuse', 'allow']),
  subscriptionsPerMailbox: z.number().int().positive(),
  subscriptionVanishes: share,
  notificationBatchMs: milliseconds,
  notificationRetryForMs: milliseconds,
  notificationEndpointFigures: z.enum(endpointFigures),
  notificationsPauseWithToken: z.enum(['none', 'delegated', 'application', 'both']),
  notificationDrops: share,
  notificationDuplicates: share,
  notificationReorders: share,
  notificationDelays: share,
  notificationDelayMaxMs: milliseconds,
  notificationWrongClientState: share,
  reauthorizationLeadMs: milliseconds,
  reauthorizationEveryMs: z.number().positive(),
  missedEvents: z.boolean(),
})

export type SwitchSettings = z.infer<typeof switchShape>

export const defaultSwitches: SwitchSettings = {
  singleUseRefreshTokens: false,
  accessTokenLifetimeSeconds: null,
  deliveryDelayMs: 300,
  throttle: true,
  requestsPerTenMinutes: 10_000,
  concurrentPerMailbox: 4,
  endpointsOn: 'microsoft',
  serviceTimeMs: 0,

  permissionDelayMs: 0,
  appScopeDelayMs: 0,
  placesDelayMs: 0,
  reformatsBodies: false,
  trimsSubjects: false,
  rewritesAttendees: false,

  deltaChangesKept: 5_000,
  deltaTokenLifeMs: null,
  deltaRemovesUnseen: true,
  delegatedDeltaPages: false,
  deltaDelayMs: 0,
  deltaGone: 0,
  deltaGoneAs: 'SyncStateNotFound',
  deltaReplays: 0,
  deltaDuplicates: 0,
  deltaSilentDeletions: 0,
  deltaSparseTombstones: false,
  deltaEmptyPages: 0,
  deltaEndless: false,
  deltaForeignLinks: 0,
  gatewayTimeoutAboveDays: null,

  subscriptionShortestMinutes: 45,
  subscriptionLongestMinutes: 10_080,
  subscriptionOverlong: 'refuse',
  subscriptionDuplicates: 'refuse',
  subscriptionsPerMailbox: 1_000,
  subscriptionVanishes: 0,
  notificationBatchMs: 200,
  notificationRetryForMs: 4 * 3_600_000,
  notificationEndpointFigures: '2025',
  notificationsPauseWithToken: 'none',
  notificationDrops: 0,
  notificationDuplicates: 0,
  notificationReorders: 0,
  notificationDelays: 0,
  notificationDelayMaxMs: 4 * 3_600_000,
  notificationWrongClientState: 0,
  reauthorizationLeadMs: 3_600_000,
  reauthorizationEveryMs: 15 * 60_000,
  missedEvents: true,
}
