export type Loss = {
  /** Meetings still to come that are known in this room, with those that are missing. */
  coming: number
  /** Of these, the missing ones that nobody has given a word about. */
  missing: number
}

export type LossVerdict = { is: 'plausible' } | { is: 'held'; code: 'mass_loss' | 'many_deletions' }

const knownMin = 5
const deletionsMax = 25

/**
 * Is it plausible that so many meetings were really deleted? A list that comes back empty once (an outage, a mailbox that was moved or made
 * anew, a lost right) must not cancel everybody's reservations, so a person is asked.
 */
export function judgeLoss({ coming, missing }: Loss): LossVerdict {
  if (coming >= knownMin && missing * 2 > coming) return { is: 'held', code: 'mass_loss' }
  if (missing > deletionsMax) return { is: 'held', code: 'many_deletions' }
  return { is: 'plausible' }
}
