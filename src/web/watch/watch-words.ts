import type { WatchedRoom } from '#watch/contract.ts'
import type { CalendarItemRow, ItemState } from '#watch/item.contract.ts'
import type { SubscriptionState, WatchSubscription } from '#watch/subscription.contract.ts'
import type { Meaning } from '../design/meaning.tsx'
import { watchStateWords } from '../providers/words.ts'

type Word = { meaning: Meaning; word: string }

/** A watched room in one word: one that fails or has missed something says so. */
export function roomWord({ state, attempts, drift }: Pick<WatchedRoom, 'state' | 'attempts' | 'drift'>): Word {
  if (state !== 'watching') return watchStateWords[state]
  if (attempts > 0) return { meaning: 'attention', word: 'Trouble' }
  return drift > 0 ? { meaning: 'attention', word: 'Drifted' } : watchStateWords.watching
}

export const methodWords = { delta: 'Follows changes', windows: 'Looks again and again' } as const

/** What it says first: what is wrong now, and otherwise what there is to know about how it is watched. */
export function roomSay({ error, attempts, say, state }: WatchedRoom): string {
  return state === 'watching' && attempts > 0 && error !== null ? error.say : (say ?? '')
}

export const subscriptionWords: Record<SubscriptionState, Word> = {
  creating: { meaning: 'waiting', word: 'Being made' },
  active: { meaning: 'good', word: 'Active' },
  failed: { meaning: 'refused', word: 'Failed' },
  removing: { meaning: 'neutral', word: 'Being removed' },
  removed: { meaning: 'neutral', word: 'Removed' },
}

/** One that works although its last renewal did not is worth a look. */
export function subscriptionWord({ state, error }: Pick<WatchSubscription, 'state' | 'error'>): Word {
  return state === 'active' && error !== null ? { meaning: 'attention', word: 'Active' } : subscriptionWords[state]
}

export const itemStateWords: Record<ItemState, Word> = {
  due: { meaning: 'waiting', word: 'Being compared' },
  failed: { meaning: 'attention', word: 'Tried again' },
  compared: { meaning: 'good', word: 'Compared' },
}

export const answerWords: Record<CalendarItemRow['answer'], string> = {
  none: 'No answer yet',
  tentative: 'Tentative',
  accepted: 'Accepted',
  declined: 'Declined',
  organizer: 'Organised by the room',
}

export const goneWords = { deleted: 'Deleted', cancelled: 'Cancelled' } as const

const decisionWords: Record<string, string> = {
  nothing: 'Nothing to do',
  adopt: 'Became a reservation',
  take: 'Taken over from Outlook',
  end: 'Reservation ended',
  release: 'Room freed',
}

/** `Taken over from Outlook: moved in Outlook`; a dash before the first comparison. */
export function decisionText({ decision, why }: Pick<CalendarItemRow, 'decision' | 'why'>): string {
  if (decision === null) return '—'
  const because = (why ?? '').replaceAll('_', ' ').replaceAll(/\boutlook\b/g, 'Outlook')
  const did = decisionWords[decision] ?? decision
  return because === '' ? did : `${did}: ${because}`
}

const kindWords: Record<string, string> = {
  created: 'Made',
  updated: 'Changed',
  deleted: 'Deleted',
  missed: 'Notifications were lost',
  reauthorizationRequired: 'Asks for a renewal',
  subscriptionRemoved: 'Subscription removed',
}

export function kindWord(kind: string): string {
  return kindWords[kind] ?? kind
}
