import type { Reservation } from '#reservations/contract.ts'

/** Whose calendar a meeting is in, as this reader would say it. */
export function whoseCalendar(
  { organizer, requestedFor }: Pick<Reservation, 'organizer' | 'requestedFor'>,
  readerId: string,
): string {
  if (organizer === 'delegated_mailbox') return 'the calendar of the mailbox that organises for everybody'
  return requestedFor.id === readerId ? 'your calendar' : `the calendar of ${requestedFor.displayName}`
}

/** How far Outlook is with it, in a few words. */
export function outlookWords(reservation: Reservation, readerId: string): string {
  const { inOutlook, syncState } = reservation
  const where = whoseCalendar(reservation, readerId)
  const there = inOutlook ? `In ${where}` : `Not in ${where}`
  switch (syncState) {
    case 'not_required':
      return inOutlook ? there : 'In no calendar but Anteroom’s own'
    case 'sync_enqueued':
      return `${there}; the latest change is on its way`
    case 'synchronization_required':
      return `${there}; the latest change has not got through yet`
    case 'not_sent':
      return `${there}: this room is set to No request, and nothing is sent`
    case 'failed':
      return `${there}; the latest change was refused`
    default:
      return there
  }
}
