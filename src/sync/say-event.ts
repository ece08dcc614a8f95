import type { SubState, SyncEventState } from './sync-event.contract.ts'

type Standing = {
  state: SyncEventState
  subState: SubState | null
  roomName: string
  /** Whose calendar it is about, as far as that is known. */
  mailbox: string | null
  /** What the last attempt ran into, with the next step. */
  errorSay: string | null
  /** Who has to give permission, where that is what it waits for. */
  waitsFor: string | null
}

/** How a change on its way to Outlook stands, and what comes next, in a sentence. */
export function sayEvent({ state, subState, roomName, mailbox, errorSay, waitsFor }: Standing): string {
  if (state === 'new') return 'It has not gone out yet. It goes as soon as the changes of this room before it are out.'
  if (state === 'processing') return 'It is being carried out now.'
  const calendar = mailbox === null ? 'the calendar' : `the calendar of ${mailbox}`
  switch (subState) {
    case 'created':
      return `The meeting was put in ${calendar}, and ${roomName} was asked.`
    case 'found_again':
      return `The meeting was in ${calendar} already: an earlier attempt had worked, and it was not sent twice.`
    case 'changed':
      return `The meeting was changed in ${calendar}.`
    case 'unchanged':
      return 'Outlook had all of it already, so nothing was sent.'
    case 'removed':
      return `The meeting is out of ${calendar}.`
    case 'released':
      return `${roomName} is free again, and the meeting itself stays.`
    case 'answered_meanwhile':
      return `${roomName} accepted at the last moment, so the reservation stands.`
    case 'deleted_outside':
      return 'Somebody deleted the meeting in Outlook meanwhile, and that stands.'
    case 'overruled':
      return 'Outlook said otherwise meanwhile, and that stands.'
    case 'no_request':
      return `${roomName} is set to No request: what would be sent is shown, and was not sent.`
    case 'not_required':
      return 'Nobody outside has to hear of it.'
    case 'waits_for_permission':
      return `${waitsFor ?? 'A person'} has to give their permission. Then it goes on by itself.`
    default:
      return errorSay ?? 'It did not work. It is tried again by itself.'
  }
}
