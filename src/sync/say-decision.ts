import type { EndWhy, Plan, TakeWhy } from './plan.ts'

type DecisionWhy = TakeWhy | EndWhy | Extract<Plan, { do: 'adopt' | 'release' }>['why']

const says: Record<DecisionWhy, string> = {
  made_in_outlook: 'Somebody made the meeting in Outlook with this room, so it became a reservation.',
  invited_again: 'The room was invited again in Outlook, so it became a reservation once more.',
  moved_in_outlook: 'The time was changed in Outlook and not here, so Outlook’s counts.',
  outlook_wins: 'The time was changed on both sides. The room had accepted the one in Outlook, so that counts.',
  refused_so_as_before: 'What was changed here did not get through, so it is again as Outlook has it.',
  renamed_in_outlook: 'The subject was changed in Outlook, later than here.',
  privacy_in_outlook: 'The privacy was changed in Outlook. Where both sides change it, the stricter one counts.',
  invitees_in_outlook: 'Guests were changed in Outlook. Everybody whom either side invited stays invited.',
  room_accepted: 'The room accepted.',
  room_tentative: 'The room passed the request on to the people who look after it.',
  room_asked_again: 'The room was asked again in Outlook.',
  agreed_anyway: 'Both sides say the same again.',
  cancelled_in_outlook: 'The meeting was cancelled in Outlook, and a cancellation made by a person counts.',
  deleted_in_outlook: 'The meeting was deleted in Outlook, and a deletion made by a person counts.',
  room_removed_in_outlook: 'The room was taken out of the meeting in Outlook.',
  moved_to_another_room: 'The meeting was given another room in Outlook.',
  declined_by_room: 'The room declined.',
  released_by_room: 'Whoever looks after the room took the meeting out of its calendar.',
  rejected_here: 'Our approver said no, and the room’s calendar still had the meeting.',
  expired_here: 'Nobody confirmed it in time, and the room’s calendar still had the meeting.',
}

/** Why something was decided, in a sentence. A reason that only a newer version knows is shown as it is. */
export function sayDecision(why: string): string {
  return Object.hasOwn(says, why) ? says[why as DecisionWhy] : why.replaceAll('_', ' ')
}
