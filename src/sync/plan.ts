import type { ReservationState } from '#reservations/contract.ts'
import type { OutsideChanges, RoomAnswer } from '#reservations/outside.ts'
import { type Agreed, timeOf } from './agreed.ts'
import { isStale, type Live, patienceMs, planLive, wasJustWritten } from './plan-live.ts'
import { answerIn, type Guest, type OrganizerSeen, type RoomSeen, type Seen } from './seen.ts'

/** Our side of a meeting. */
export type Ours = {
  state: ReservationState
  startsAt: Date
  endsAt: Date
  subject: string
  isPrivate: boolean
  invitees: readonly Guest[]
  answer: RoomAnswer
  /** When it was last changed here. */
  changedAt: Date
  /** Changes that still have to reach Outlook. */
  underWay: readonly ('create' | 'update' | 'cancel' | 'release')[]
  /** Made and shown, and on purpose never sent. */
  notSent: boolean
  /** Which side ended it, when it is over. */
  endedBy: 'here' | 'outlook' | null
}

export type Facts = {
  now: Date
  /** Another reservation holds the room at the meeting's time. */
  roomIsHeld: boolean
  /** Another room has this meeting now. */
  isElsewhere: boolean
  /** One of ours for this room and time may have been made without our knowing: its answer was lost on the way. */
  mayBeOurs: boolean
  /** The room's copy was read before the meeting ended, and the room could not be asked for it since. */
  copyMayBeOld: boolean
}

/** What is to be done about one meeting, with the reason. Closed sets: both are stored, and people read them. */
export type Plan =
  | {
      do: 'nothing'
      why:
        | 'in_step'
        | 'nobody_knows_it'
        | 'both_ended'
        | 'ended_here'
        | 'change_on_its_way'
        | 'not_sent'
        | 'shown_as_free'
        | 'known_by_its_occurrences'
      lookAgainInMs?: number
    }
  | { do: 'wait'; why: 'room_will_answer' | 'room_not_told_yet' | 'change_on_its_way' | 'may_be_ours'; forMs: number }
  | { do: 'adopt'; why: 'made_in_outlook' | 'invited_again' }
  | {
      do: 'take'
      why: TakeWhy
      also: readonly TakeWhy[]
      changes: OutsideChanges
      agreed: Agreed | null
      /** Something in the room's copy may be old news or new: it is compared again when that can be told. */
      lookAgainInMs?: number
    }
  | { do: 'end'; why: EndWhy; as: 'declined' | 'cancelled' }
  | { do: 'release'; why: 'rejected_here' | 'expired_here' }

export type TakeWhy =
  | 'moved_in_outlook'
  | 'outlook_wins'
  | 'refused_so_as_before'
  | 'renamed_in_outlook'
  | 'privacy_in_outlook'
  | 'invitees_in_outlook'
  | 'room_accepted'
  | 'room_tentative'
  | 'room_asked_again'
  | 'agreed_anyway'

export type EndWhy =
  | 'cancelled_in_outlook'
  | 'deleted_in_outlook'
  | 'room_removed_in_outlook'
  | 'moved_to_another_room'
  | 'declined_by_room'
  | 'released_by_room'

export type Sides = { ours: Ours | null; seen: Seen; base: Agreed | null; facts: Facts }

/**
 * Compares both sides of a meeting with what they last agreed on, and decides. Pure; the only place where it is decided who wins:
 *
 * - A deletion made by a person beats a change made meanwhile.
 * - Time: Outlook, once the room has accepted; until then the side that changed it, and ours if both did.
 * - Subject: the side that changed it; if both did, the later one. Privacy: the side that changed it; if both did, the stricter.
 * - Invitees: everybody whom either side invited, without those whom either side took out.
 * - A meeting that ended here never comes back from a look at Outlook; one that ended in Outlook does when its room has it again.
 * - What Microsoft refused for good is as it was before.
 */
export function plan(sides: Sides): Plan {
  const { ours, seen } = sides
  if (ours === null) return planUnknown(sides)
  if (isOver(ours.state)) return planEnded(ours, sides)
  const end = endOf(ours, sides)
  if (end !== null) return end
  if (ours.notSent) return { do: 'nothing', why: 'not_sent' }
  return planLive(ours, { ...sides, organizer: read(seen.organizer), room: read(seen.room) })
}

/** Nobody here knows the meeting. One that its room has yet to answer, and cannot accept as far as we know, is left to the room. */
function planUnknown({ seen, facts }: Sides): Plan {
  const room = read(seen.room)
  if (room === null || seen.organizer === 'gone') return { do: 'nothing', why: 'nobody_knows_it' }
  if (facts.mayBeOurs) return { do: 'wait', why: 'may_be_ours', forMs: patienceMs }
  if (room.view.type === 'seriesMaster') return { do: 'nothing', why: 'known_by_its_occurrences' }
  if (room.view.showAs === 'free' && room.view.answer !== 'none') return { do: 'nothing', why: 'shown_as_free' }
  if (room.view.answer === 'declined') return { do: 'nothing', why: 'nobody_knows_it' }
  if (room.view.answer === 'none' && facts.roomIsHeld) return { do: 'wait', why: 'room_will_answer', forMs: patienceMs }
  return { do: 'adopt', why: 'made_in_outlook' }
}

/** Nobody could be asked: in a while perhaps. */
const askAgainMs = 30_000

function planEnded(ours: Ours, { seen, base, facts }: Sides): Plan {
  const room = read(seen.room)
  if (room === null || seen.organizer === 'gone') return { do: 'nothing', why: 'both_ended' }
  if (ours.underWay.length > 0) return { do: 'nothing', why: 'change_on_its_way' }
  if (ours.state === 'failed') return { do: 'nothing', why: 'ended_here' }
  const organizer = read(seen.organizer)
  // A copy that is there is newer than the organizer's tally of an earlier answer, which comes by mail.
  if (organizer?.answer === 'removed') return { do: 'nothing', why: 'both_ended' }
  const again = askedAgain(ours, { seen, base, facts, ours, organizer, room })
  if (ours.state === 'rejected' || ours.state === 'expired') return planFreed(ours, { again, room, base, facts })
  if (ours.endedBy === 'here') return { do: 'nothing', why: 'ended_here' }
  if (answerIn(room.view) === 'declined') return { do: 'nothing', why: 'both_ended' }
  if (facts.copyMayBeOld) return { do: 'wait', why: 'room_not_told_yet', forMs: askAgainMs }
  return ours.state === 'cancelled' ? { do: 'adopt', why: 'invited_again' } : again
}

type Take = Extract<Plan, { do: 'take' }>

/** Its room has it again, or may get it: everything as Outlook has it now, with the room's answer to that. */
function askedAgain(ours: Ours, live: Live): Take {
  const { base } = live
  const revived: Ours = { ...ours, state: 'awaiting_confirmation', answer: 'none' }
  const decided = planLive(revived, live)
  const taken = decided.do === 'take' ? decided : { why: null, also: [], changes: {}, agreed: base }
  const also = [taken.why, ...taken.also].filter((why) => why !== null && why !== 'agreed_anyway')
  const changes = { answer: 'none' as const, ...taken.changes }
  return { do: 'take', why: 'room_asked_again', also, changes, agreed: taken.agreed }
}

type Freed = { again: Take; room: RoomSeen; base: Agreed | null; facts: Facts }

/** We freed the room: one that has the meeting at another time, or answered after all, is believed; else it is freed again. */
function planFreed(ours: Ours, { again, room, base, facts }: Freed): Plan {
  const isMoved = again.changes.startsAt !== undefined && !isStale(room, base, facts.now)
  if (isMoved || (ours.state === 'expired' && again.changes.answer === 'accepted')) return again
  if (answerIn(room.view) === 'declined') return { do: 'nothing', why: 'both_ended' }
  return { do: 'release', why: ours.state === 'rejected' ? 'rejected_here' : 'expired_here' }
}

/** Does Outlook say that it is over? */
function endOf(ours: Ours, { seen, base, facts }: Sides): Plan | null {
  const { organizer, room } = seen
  if (organizer === 'gone') {
    return { do: 'end', as: 'cancelled', why: room === 'cancelled' ? 'cancelled_in_outlook' : 'deleted_in_outlook' }
  }
  if (organizer?.answer === 'removed') {
    return { do: 'end', as: 'cancelled', why: facts.isElsewhere ? 'moved_to_another_room' : 'room_removed_in_outlook' }
  }
  const asksAgain = ours.underWay.includes('create') || ours.underWay.includes('update')
  // A copy of the meeting as it is now is newer than the organizer's tally of an earlier answer, which comes by mail.
  if (organizer?.answer === 'declined' && !asksAgain && !isOf(organizer, read(room))) {
    return { do: 'end', as: 'declined', why: 'declined_by_room' }
  }
  if (room === null) return null
  if (read(room) !== null) return declinedCopy(read(room), asksAgain)
  if (asksAgain) return { do: 'wait', why: 'change_on_its_way', forMs: patienceMs * 12 }
  // The organizer still invites the room: it was told of a new time and has not taken it up yet.
  if (organizer !== null && wasJustWritten(base, facts.now))
    return { do: 'wait', why: 'room_not_told_yet', forMs: patienceMs }
  if (room === 'cancelled') {
    return { do: 'end', as: 'cancelled', why: facts.isElsewhere ? 'moved_to_another_room' : 'cancelled_in_outlook' }
  }
  return { do: 'end', as: 'declined', why: ours.answer === 'accepted' ? 'released_by_room' : 'declined_by_room' }
}

function isOf(organizer: OrganizerSeen, room: RoomSeen | null): boolean {
  return room !== null && timeOf(room) === timeOf(organizer)
}

function declinedCopy(room: RoomSeen | null, asksAgain: boolean): Plan | null {
  if (room?.view.answer !== 'declined' || asksAgain) return null
  return { do: 'end', as: 'declined', why: 'declined_by_room' }
}

function isOver(state: ReservationState): boolean {
  return ['declined', 'rejected', 'expired', 'cancelled', 'failed'].includes(state)
}

export function read<T extends object>(side: T | string | null): T | null {
  return typeof side === 'string' ? null : side
}
