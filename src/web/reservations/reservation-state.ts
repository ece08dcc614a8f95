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
    sentence: 'The room has accepted, and the meeting is in the calendar.',
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
export function stateWords(reservation: Stated): StateWords {
  const { state, stateReason, permissionNeeded, approval } = reservation
  const usual = words[state]
  if (state === 'draft' && permissionNeeded) {
    const sentence = 'It is kept, and goes on by itself once you have given your permission.'
    return { ...usual, word: 'Needs your permission', sentence }
  }
  const sentence = stateReason ?? usual.sentence
  const isOurs = state === 'awaiting_approval' && approval === 'awaiting_approval'
  return { ...usual, sentence: isOurs && stateReason ? `${sentence} Somebody here still has to approve it.` : sentence }
}

type Stated = Pick<Reservation, 'state' | 'stateReason' | 'permissionNeeded' | 'approval'>

/** Whether it still holds the room, or may yet. */
export function isOpen({ state }: Pick<Reservation, 'state'>): boolean {
  return !['declined', 'rejected', 'expired', 'cancelled', 'failed'].includes(state)
}
