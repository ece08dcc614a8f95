import type { ReservationState } from '#reservations/contract.ts'
import type { OutsideChanges, RoomAnswer } from '#reservations/outside.ts'
import { type Agreed, addressesOf, digestOf, privacyOf, timeOf } from './agreed.ts'
import { answerIn, type Guest, type OrganizerSeen, type RoomSeen, type Seen, subjectInCopy } from './seen.ts'

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

type Sides = { ours: Ours | null; seen: Seen; base: Agreed | null; facts: Facts }

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

/** How long a room's answer, or the mail that tells it of a change, is waited for before it is looked at again. */
const patienceMs = 5_000

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

type Live = Sides & { organizer: OrganizerSeen | null; room: RoomSeen | null }

function planLive(ours: Ours, live: Live): Plan {
  const { organizer, room, base } = live
  const time = decideTime(ours, live)
  if (time.is === 'wait') return { do: 'wait', why: 'room_not_told_yet', forMs: patienceMs }
  const inRoom = organizer === null && room !== null ? namedByRoom(room) : null
  const passedOverMs = inRoom === null || base === null ? 0 : mayBeOldForMs(inRoom, base, live.facts.now)
  const named = organizer ?? (passedOverMs > 0 ? null : inRoom)
  const subject = named === null ? null : decideSubject(ours, named, base)
  const privacy = organizer === null ? null : decidePrivacy(ours, organizer, base)
  const invitees = organizer === null ? null : decideInvitees(ours, organizer, base)
  const answer = decideAnswer(ours, { organizer, room, time: time.time, isOurs: time.is === 'ours' })
  const whys = [time.why, subject?.why, privacy?.why, invitees?.why, answer?.why].filter((why) => why != null)
  const agreed = base && agreementAfter(base, { ...live, time, named, isHeardOf: passedOverMs === 0 })
  const again = passedOverMs > 0 ? { lookAgainInMs: passedOverMs } : {}
  const [why, ...also] = whys
  if (why === undefined) {
    if (base !== null && JSON.stringify(agreed) !== JSON.stringify(base)) {
      return { do: 'take', why: 'agreed_anyway', also: [], changes: {}, agreed, ...again }
    }
    return { do: 'nothing', why: ours.underWay.length > 0 ? 'change_on_its_way' : 'in_step', ...again }
  }
  const changes = {
    ...time.changes,
    ...subject?.changes,
    ...privacy?.changes,
    ...invitees?.changes,
    ...answer?.changes,
  }
  return { do: 'take', why, also, changes, agreed, ...again }
}

type TimeDecision = {
  is: 'theirs' | 'ours' | 'same'
  /** The time that stands in Outlook, as far as it decides. */
  time: { startsAt: Date; endsAt: Date }
  why?: TakeWhy
  changes?: OutsideChanges
}

function decideTime(ours: Ours, { organizer, room, base, facts }: Live): TimeDecision | { is: 'wait' } {
  const theirs = organizer ?? room
  if (theirs === null) return { is: 'same', time: ours }
  if (organizer === null && room !== null && isStale(room, base, facts.now)) return { is: 'wait' }
  if (timeOf(theirs) === timeOf(ours)) return { is: 'same', time: ours }
  const changes = timeChange(ours, theirs)
  const theyMoved = base === null || timeOf(theirs) !== base.time
  const weMoved = base === null ? ours.underWay.length > 0 : timeOf(ours) !== base.time
  if (theyMoved && !weMoved) return { is: 'theirs', time: theirs, why: 'moved_in_outlook', changes }
  if (!theyMoved) {
    if (ours.underWay.length > 0) return { is: 'ours', time: ours }
    return { is: 'theirs', time: theirs, why: 'refused_so_as_before', changes }
  }
  if (!hasAccepted({ organizer, room }, theirs) && ours.underWay.length > 0) return { is: 'ours', time: ours }
  return { is: 'theirs', time: theirs, why: 'outlook_wins', changes }
}

type Decision = { why: TakeWhy; changes: OutsideChanges } | null

type Named = Pick<OrganizerSeen, 'subject' | 'modifiedAt'>

/** The subject as a room that keeps it shows it; one that replaces it by the organizer's name says nothing. */
function namedByRoom({ view }: RoomSeen): Named | null {
  const subject = subjectInCopy(view)
  return subject === null ? null : { subject, modifiedAt: view.modifiedAt === null ? null : new Date(view.modifiedAt) }
}

function decideSubject(ours: Ours, theirs: Named, base: Agreed | null): Decision {
  if (digestOf(theirs.subject) === digestOf(ours.subject)) return null
  const theyChanged = base === null || digestOf(theirs.subject) !== base.subject
  const weChanged = base !== null && digestOf(ours.subject) !== base.subject
  const take: Decision = { why: 'renamed_in_outlook', changes: { subject: theirs.subject } }
  if (theyChanged && !weChanged) return take
  if (!theyChanged) return ours.underWay.length > 0 ? null : { ...take, why: 'refused_so_as_before' }
  return isLater(theirs, ours) || ours.underWay.length === 0 ? take : null
}

function decidePrivacy(ours: Ours, theirs: OrganizerSeen, base: Agreed | null): Decision {
  if (theirs.isPrivate === ours.isPrivate) return null
  const theyChanged = base === null || privacyOf(theirs) !== base.privacy
  const weChanged = base !== null && privacyOf(ours) !== base.privacy
  const take: Decision = { why: 'privacy_in_outlook', changes: { isPrivate: theirs.isPrivate } }
  if (theyChanged && !weChanged) return take
  if (!theyChanged) return ours.underWay.length > 0 ? null : { ...take, why: 'refused_so_as_before' }
  return theirs.isPrivate ? take : null
}

function decideInvitees(ours: Ours, theirs: OrganizerSeen, base: Agreed | null): Decision {
  const before = new Set(base?.invitees ?? addressesOf(ours.invitees))
  const there = new Set(addressesOf(theirs.invitees))
  const here = new Set(addressesOf(ours.invitees))
  const added = theirs.invitees.filter(({ email }) => isNew(email.toLowerCase(), before, here))
  const kept = ours.invitees.filter(({ email }) => there.has(email.toLowerCase()) || !before.has(email.toLowerCase()))
  if (added.length === 0 && kept.length === ours.invitees.length) return null
  return { why: 'invitees_in_outlook', changes: { invitees: [...kept, ...added] } }
}

function isNew(email: string, before: ReadonlySet<string>, here: ReadonlySet<string>): boolean {
  return !before.has(email) && !here.has(email)
}

type AnswerQuestion = {
  organizer: OrganizerSeen | null
  room: RoomSeen | null
  time: { startsAt: Date; endsAt: Date }
  /** Our time is yet to go out: whatever was answered was about another one. */
  isOurs: boolean
}

function decideAnswer(ours: Ours, { organizer, room, time, isOurs }: AnswerQuestion): Decision {
  if (isOurs) return null
  const answer = answerAbout(time, { organizer, room })
  if (answer === null || (answer === ours.answer && isSettled(ours, answer))) return null
  if (answer === 'accepted') return { why: 'room_accepted', changes: { answer } }
  if (answer === 'tentative') return { why: 'room_tentative', changes: { answer } }
  // Silent is also what a copy says that was just moved; ours was set back when the move was taken over.
  return answer === 'none' && ours.answer !== 'none' ? { why: 'room_asked_again', changes: { answer } } : null
}

/** An answer belongs to the time it was given for. The room knows its own answer before the organizer's tally does. */
function answerAbout(
  time: { startsAt: Date; endsAt: Date },
  { organizer, room }: Pick<AnswerQuestion, 'organizer' | 'room'>,
): RoomAnswer | null {
  const copy = room !== null && timeOf(room) === timeOf(time) ? answerIn(room.view) : null
  if (copy !== null && (copy !== 'none' || organizer?.answer === 'declined')) return copy
  if (organizer !== null && timeOf(organizer) === timeOf(time) && organizer.answer !== 'removed')
    return organizer.answer
  return copy
}

/** The state already says what this answer comes to. */
function isSettled({ state }: Ours, answer: RoomAnswer): boolean {
  return answer !== 'accepted' || state !== 'awaiting_confirmation'
}

type After = Pick<Live, 'organizer' | 'room' | 'facts'> & {
  time: TimeDecision
  named: Named | null
  /** The room has heard of what we wrote last. */
  isHeardOf: boolean
}

/** What stands in Outlook is what both sides know now. Ours that is yet to go out still differs from it, and so goes out. */
function agreementAfter(base: Agreed, { organizer, room, facts, time, named, isHeardOf }: After): Agreed {
  const subject = named === null ? {} : { subject: digestOf(named.subject) }
  const known = organizer === null ? subject : { ...subject, ...contentOf(organizer), time: timeOf(organizer) }
  const isInStep = room !== null && time.is !== 'ours' && timeOf(room) === timeOf(time.time)
  if (!isInStep && organizer !== null && timeOf(organizer) !== base.time) {
    // The room has not heard of this time yet, whoever gave it: what its copy says until then is no move back.
    return { ...base, ...known, timeBefore: base.time, writtenAt: facts.now.toISOString() }
  }
  const writtenAt = isHeardOf ? null : base.writtenAt
  return { ...base, ...known, ...(isInStep ? { time: timeOf(room), timeBefore: null, writtenAt } : {}) }
}

function contentOf(organizer: OrganizerSeen) {
  return {
    privacy: privacyOf(organizer),
    invitees: addressesOf(organizer.invitees),
  }
}

/** How long a room's copy may still show the time before our last move: the mail that tells it takes seconds, Exchange's bad days minutes. */
const toldWithinMs = 10 * 60 * 1000

/** The room's copy shows the time before our last move, and may just not have heard of it. */
function isStale(room: RoomSeen, base: Agreed | null, now: Date): boolean {
  return base?.timeBefore === timeOf(room) && base.timeBefore !== base.time && wasJustWritten(base, now)
}

function wasJustWritten(base: Agreed | null, now: Date): boolean {
  return base?.writtenAt != null && now.getTime() - Date.parse(base.writtenAt) < toldWithinMs
}

/**
 * A subject in the room's copy that nobody agreed on may be one from before our last write, whose mail is under way, or one that somebody
 * has given it since; for so long nobody can tell. Nought when it says nothing new, or when the mail must have come.
 */
function mayBeOldForMs({ subject }: Named, base: Agreed, now: Date): number {
  if (base.writtenAt === null || digestOf(subject) === base.subject) return 0
  return Math.max(0, Date.parse(base.writtenAt) + toldWithinMs - now.getTime())
}

function hasAccepted(
  { organizer, room }: Pick<Live, 'organizer' | 'room'>,
  time: { startsAt: Date; endsAt: Date },
): boolean {
  return answerAbout(time, { organizer, room }) === 'accepted'
}

function isLater({ modifiedAt }: Named, { changedAt }: Ours): boolean {
  return modifiedAt !== null && modifiedAt > changedAt
}

function timeChange(ours: Ours, theirs: { startsAt: Date; endsAt: Date }): OutsideChanges {
  return timeOf(ours) === timeOf(theirs) ? {} : { startsAt: theirs.startsAt, endsAt: theirs.endsAt }
}

function isOver(state: ReservationState): boolean {
  return ['declined', 'rejected', 'expired', 'cancelled', 'failed'].includes(state)
}

function read<T extends object>(side: T | string | null): T | null {
  return typeof side === 'string' ? null : side
}
