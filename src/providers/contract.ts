import { z } from 'zod'

/** Whose permission is used. normal: the application's. strict: one delegated mailbox's. personal: each person's own for what that person does, the delegated mailbox's for everything else. */
export const syncModes = ['normal', 'strict', 'personal'] as const
export const syncMode = z.enum(syncModes)
export type SyncMode = z.infer<typeof syncMode>
