import type { Acting } from '#providers/acting.ts'

/** What one try came to. `ok` is null where it was not tried. */
export type Ability = { ok: boolean | null; code: string | null; say: string | null }

export const abilities = ['read', 'write', 'subscribe', 'delta'] as const
export type AbilityName = (typeof abilities)[number]

/** What can be done with a room's mailbox, and who watches it; null while nobody can. */
export type Probed = { abilities: Record<AbilityName, Ability>; watcher: Acting | null }
