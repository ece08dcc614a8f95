import type { OutsideChanges, RoomAnswer } from '#reservations/outside.ts'
import { type Agreed, addressesOf, digestOf, privacyOf, timeOf } from './agreed.ts'
import type { Ours, Plan, Sides, TakeWhy } from './plan.ts'
import { answerIn, type OrganizerSeen, type RoomSeen, subjectInCopy } from './seen.ts'

/** How long a room's answer, or the mail that tells it of a change, is waited for before it is looked at again. */
export const patienceMs = 5_000

/** Both sides as far as they could be read. */
export type Live = Sides & { organizer: OrganizerSeen | null; room: RoomSeen | null }

/** A meeting that goes on, on both sides: what is taken over from Outlook, field by field, and what is agreed on after. */
export function planLive(ours: Ours, live: Live): Plan {
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
export function isStale(room: RoomSeen, base: Agreed | null, now: Date): boolean {
  return base?.timeBefore === timeOf(room) && base.timeBefore !== base.time && wasJustWritten(base, now)
}

export function wasJustWritten(base: Agreed | null, now: Date): boolean {
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
