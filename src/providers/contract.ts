import { z } from 'zod'

/** Shapes that properties, calendar providers and sync configurations share. The operations are in the `*.contract.ts` files beside it. */

/** Whose permission is used. normal: the application's. strict: one delegated mailbox's. personal: each person's own for what that person does, the delegated mailbox's for everything else. */
export const syncModes = ['normal', 'strict', 'personal'] as const
export const syncMode = z.enum(syncModes)
export type SyncMode = z.infer<typeof syncMode>

export const readers = ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'] as const
export const syncAdmins = ['rsvsync_admin'] as const

export const id = z.uuid()
export const byId = z.object({ id })
export const version = z.number().int().describe('The version that was read; a write with an older one is refused')
export const stamp = { version, updatedAt: z.iso.datetime(), updatedBy: z.string() }
export const done = z.object({ done: z.literal(true) })
export const reference = z.object({ id, name: z.string() })

/** What trying one thing came to. */
export const capability = z.object({
  ok: z.boolean().nullable().describe('Null: not known, because it was not tried or gave no clear answer'),
  code: z.string(),
  say: z.string().describe('What was found, and what to do next if it does not work'),
  at: z.iso.datetime(),
})
export type Capability = z.infer<typeof capability>

/** What can be done with one room's calendar, found out by trying. */
export const capabilities = z.object({
  read: capability,
  write: capability,
  subscribe: capability,
  delta: capability,
})
export type Capabilities = z.infer<typeof capabilities>

/** How a room is watched. delta: changes are read and notifications heard. windows: its calendar is read again and again, and compared. */
export const watchMethod = z.enum(['delta', 'windows'])
export type WatchMethod = z.infer<typeof watchMethod>

/** What a test of a room's calendar found. */
export const probeAnswer = z.object({
  capabilities,
  method: watchMethod.nullable().describe('How the room can be watched; null: not at all yet'),
  watcher: z.string().nullable().describe('With whose permission it is watched'),
})
export type ProbeAnswer = z.infer<typeof probeAnswer>

/** Can the system act, as whom, and if not, why and what to do next. */
export const systemActing = z.object({
  ok: z.boolean(),
  identity: z.string().nullable(),
  code: z.string(),
  say: z.string(),
  credentialId: z.uuid().nullable().describe('Where a token is missing or used'),
})
export type SystemActing = z.infer<typeof systemActing>

/** How a room is watched now, as whoever watches it says. */
export const watchFacts = z.object({
  state: z.enum(['waiting', 'watching', 'held', 'stopped']),
  say: z.string().nullable(),
  method: watchMethod.nullable(),
  identity: z.string().nullable(),
  capabilities: capabilities.partial(),
  readAt: z.iso.datetime().nullable(),
})
export type WatchFacts = z.infer<typeof watchFacts>

/** How many rooms of a provider are watched, wait for something, or are held until a person decides. */
export const watchCounts = z.object({
  watching: z.number().int(),
  waiting: z.number().int(),
  held: z.number().int(),
})
export type WatchCounts = z.infer<typeof watchCounts>
