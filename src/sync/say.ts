import type { WholeReservation } from '#reservations/reservation.ts'
import { dayAndHoursIn, hoursIn } from '#reservations/wall-time.ts'
import type { Plan } from './plan.ts'

type Take = Extract<Plan, { do: 'take' }>
type End = Extract<Plan, { do: 'end' }>

/** The line of the timeline for what was taken over from Outlook: its kind, and one sentence for each reason. */
export function sayTake(whole: WholeReservation, { why, also, changes }: Take): { kind: string; sentence: string } {
  const sentences = [why, ...also].map((one) => sayOne(whole, one, changes)).filter((text) => text !== '')
  return { kind: why, sentence: sentences.join(' ') || 'Both sides agree again.' }
}

function sayOne({ row, room }: WholeReservation, why: Take['why'], changes: Take['changes']): string {
  const { startsAt = row.starts_at, endsAt = row.ends_at } = changes
  const when = dayAndHoursIn({ startsAt, endsAt }, row.time_zone)
  switch (why) {
    case 'moved_in_outlook':
      return `The meeting was moved in Outlook to ${when}.`
    case 'outlook_wins':
      return `The meeting was moved here and in Outlook, and ${room.name} had accepted the time in Outlook: it is ${when}.`
    case 'refused_so_as_before':
      return 'What was changed here did not reach Outlook, so it is again as Outlook has it.'
    case 'renamed_in_outlook':
      return `It was called “${changes.subject ?? row.subject}” in Outlook.`
    case 'privacy_in_outlook':
      return changes.isPrivate ? 'It was made private in Outlook.' : 'It was made visible in Outlook.'
    case 'invitees_in_outlook':
      return 'The guests were changed in Outlook.'
    case 'room_accepted':
      return `${room.name} accepted.`
    case 'room_tentative':
      return `${room.name} has passed the request on to the people who look after it.`
    case 'room_asked_again':
      return `${room.name} was asked again in Outlook, for ${when}.`
    case 'agreed_anyway':
      return ''
  }
}

/** Why a reservation ended in Outlook, in a sentence that also says what became of the room. */
export function sayEnd({ row, room }: WholeReservation, { why }: Pick<End, 'why'>): string {
  const hours = hoursIn({ startsAt: row.starts_at, endsAt: row.ends_at }, row.time_zone)
  switch (why) {
    case 'cancelled_in_outlook':
      return `The meeting was cancelled in Outlook, or ${room.name} was taken out of it, so the room was given back.`
    case 'deleted_in_outlook':
      return 'The meeting was deleted in Outlook, so the room was given back.'
    case 'room_removed_in_outlook':
      return `${room.name} was taken out of the meeting in Outlook, so the room was given back.`
    case 'moved_to_another_room':
      return `The meeting was given another room in Outlook, so ${room.name} was given back.`
    case 'declined_by_room':
      return `${room.name} declined.`
    case 'released_by_room':
      return `${room.name} no longer has the meeting from ${hours} in its calendar: whoever looks after the room took it out.`
  }
}

/** The kinds of the timeline that pages know by name. */
export function kindOfEnd(why: End['why']): string {
  if (why === 'declined_by_room' || why === 'released_by_room') return 'room_declined'
  return why === 'room_removed_in_outlook' || why === 'moved_to_another_room' ? 'room_removed' : 'deleted_in_outlook'
}
