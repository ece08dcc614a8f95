import type { Reservation } from '#reservations/contract.ts'
import type { Meaning } from '../design/meaning.tsx'

export type ApprovalWord = { who: string; meaning: Meaning; word: string }

const ours: Record<Reservation['approval'], Omit<ApprovalWord, 'who'> | null> = {
  not_required: null,
  awaiting_approval: { meaning: 'waiting', word: 'waiting for an approver' },
  approved: { meaning: 'good', word: 'approved' },
  rejected: { meaning: 'refused', word: 'rejected' },
}

const inOutlook: Record<Reservation['externalApproval'], Omit<ApprovalWord, 'who'> | null> = {
  not_required: null,
  awaiting_approval: { meaning: 'waiting', word: 'waiting for whoever looks after the room' },
  accepted: { meaning: 'good', word: 'accepted' },
  declined: { meaning: 'refused', word: 'declined' },
}

/** Who has to agree besides the room itself, and what they said: our own approver, and the people who look after it in Outlook. */
export function approvalWords({
  approval,
  externalApproval,
}: Pick<Reservation, 'approval' | 'externalApproval'>): ApprovalWord[] {
  const words = [
    { who: 'Here', said: ours[approval] },
    { who: 'In Outlook', said: inOutlook[externalApproval] },
  ]
  return words.flatMap(({ who, said }) => (said === null ? [] : [{ who, ...said }]))
}
