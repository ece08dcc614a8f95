import type { Capability, SyncMode, WatchFacts, WatchMethod } from '#providers/contract.ts'
import type { Meaning } from '../design/meaning.tsx'

/** The words of the reference for the three modes. */
export const modeWords: Record<SyncMode, string> = { normal: 'Normal', strict: 'Strict', personal: 'Personal' }

export const watchStateWords = {
  watching: { meaning: 'good', word: 'Watched' },
  waiting: { meaning: 'waiting', word: 'Waiting' },
  held: { meaning: 'refused', word: 'Held' },
  stopped: { meaning: 'neutral', word: 'Stopped' },
} as const satisfies Record<WatchFacts['state'], { meaning: Meaning; word: string }>

export const watchMethodWords: Record<WatchMethod, string> = {
  delta: 'its changes are followed, and notifications heard',
  windows: 'its calendar is read again and again, and compared',
}

export const capabilityWords = {
  read: 'Read the calendar',
  delta: 'Follow its changes',
  subscribe: 'Get notifications',
  write: 'Organise meetings',
} as const

export function capabilityState({ ok, code }: Pick<Capability, 'ok' | 'code'>): { meaning: Meaning; word: string } {
  if (ok === null) return { meaning: 'waiting', word: 'Not known' }
  // Nothing is wrong: this kind of account cannot, and there is another way.
  if (code === 'needs_application') return { meaning: 'neutral', word: 'Not with this account' }
  return ok ? { meaning: 'good', word: 'Works' } : { meaning: 'refused', word: 'Does not work' }
}
