import type { Reservation, ReservationState } from '#reservations/contract.ts'
import type { Meaning } from '../design/meaning.tsx'

type StateWords = { meaning: Meaning; word: string; sentence: string }

const words: Record<ReservationState, StateWords> = {
  draft: {
    meaning: 'attention',
    word: 'Not sent yet',
    sentence: 'This is kept and has not been sent to the room yet.',
  },
  awaiting_confirmation: {
    meaning: 'waiting',
    word: 'Waiting for the room',
    sentence: 'The invitation is on its way. The room usually answers within seconds.',
  },
  awaiting_approval: {
    meaning: 'waiting',
    word: 'Waiting for approval',
    sentence: 'A person has to agree before this room is yours.',
  },
  confirmed: {
    meaning: 'good',
    word: 'Confirmed',
    sentence: 'The room is yours, and the meeting is in the calendar.',
  },
  conflicted: {
    meaning: 'attention',
    word: 'Taken twice',
    sentence: 'Outlook has this meeting in the room, and somebody else holds the room at that time.',
  },
  declined: { meaning: 'refused', word: 'Declined', sentence: 'The room declined.' },
  rejected: {
    meaning: 'refused',
    word: 'Rejected',
    sentence: 'Whoever approves this room said no. The room is free again.',
  },
  expired: {
    meaning: 'refused',
    word: 'Expired',
    sentence: 'Nobody confirmed it in time, so the room is free again.',
  },
  cancelled: { meaning: 'neutral', word: 'Cancelled', sentence: 'This was cancelled, and the room is free again.' },
  failed: { meaning: 'refused', word: 'Not reserved', sentence: 'This could not be reserved.' },
}

/** The state with its icon's meaning, its word, and the sentence that says why and what to do. */
export function stateWords(reservation: Pick<Reservation, 'state' | 'stateReason' | 'permissionNeeded'>): StateWords {
  const { state, stateReason, permissionNeeded } = reservation
  const usual = words[state]
  if (state === 'draft' && permissionNeeded) {
    const sentence = 'It is kept, and goes on by itself once you have given your permission.'
    return { ...usual, word: 'Needs your permission', sentence }
  }
  return { ...usual, sentence: stateReason ?? usual.sentence }
}

/** Whether it still holds the room, or may yet. */
export function isOpen({ state }: Pick<Reservation, 'state'>): boolean {
  return !['declined', 'rejected', 'expired', 'cancelled', 'failed'].includes(state)
}
