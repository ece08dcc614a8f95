import { type Actor, hasRole } from '#http/actor.ts'
import { proposalsOf } from '#reservations/proposals.ts'
import { visibleReservation, type WholeReservation } from '#reservations/reservation.ts'
import { type RoomEvent, roomEventsOfMeeting } from '#watch/room-event.ts'
import { type Agreed, addressesOf, digestOf, readAgreement } from './agreed.ts'
import { type DecisionRow, selectDecisions } from './decision-queries.ts'
import type { SyncDeps } from './deps.ts'
import { describeEvent, wholeEvents } from './describe-event.ts'
import { type LinkRow, selectLink } from './link-queries.ts'
import { eventSeqsOf } from './list-sync-events.ts'
import { sayDecision } from './say-decision.ts'
import type { Story } from './story.contract.ts'

type StoryDeps = Pick<SyncDeps, 'db' | 'seams'>

/**
 * What each copy of a reservation says and how it came to that: our own, what was last agreed on, the room's as it was last read.
 * @throws Refusal `reservations.not_found`, also for whoever may not see it
 */
export async function readStory({ db, seams }: StoryDeps, actor: Actor, id: string): Promise<Story> {
  const whole = await visibleReservation(db, actor, id)
  const link = await selectLink(db, id)
  const agreed = readAgreement(link?.digest ?? null)
  const copy = await roomCopy(db, { whole, iCalUId: link?.i_cal_uid ?? null })
  const decisions = await selectDecisions(db, id)
  const now = seams.now()
  const events = await wholeEvents(db, await eventSeqsOf(db, id))
  return {
    reservationId: id,
    timeZone: whole.row.time_zone,
    here: hereOf(whole),
    agreed: agreed && agreedOf(agreed, whole),
    room: copy && roomOf(copy),
    link: link ? linkOf(link) : null,
    decisions: decisions.map(({ at, decision, why }) => ({
      at: at.toISOString(),
      decision,
      why,
      say: sayDecision(why),
    })),
    events: events.map((event) => describeEvent(event, now)),
    proposals: (await proposalsOf(db, id)).map(({ createdAt, settledAt, ...proposal }) => ({
      ...proposal,
      at: createdAt.toISOString(),
      settledAt: settledAt?.toISOString() ?? null,
    })),
    json: hasRole(actor, 'rsvsync_admin') ? asStored({ whole, link, agreed, copy, decisions }) : null,
  }
}

function hereOf({ row, invitees }: WholeReservation): Story['here'] {
  return {
    subject: row.subject,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    isPrivate: row.is_private,
    people: addressesOf(invitees),
    changedAt: row.updated_at.toISOString(),
  }
}

function agreedOf({ subject, time, notes, privacy, invitees }: Agreed, { row }: WholeReservation): Story['agreed'] {
  const [startsAt = '', endsAt = ''] = time.split(' ')
  return {
    subject: digestOf(row.subject) === subject ? 'as_here' : 'other',
    notes: digestOf(row.notes) === notes ? 'as_here' : 'other',
    startsAt,
    endsAt,
    isPrivate: privacy === 'private',
    people: invitees,
  }
}

/** The room's copy that is there, or else the one that was there last. */
async function roomCopy(
  db: SyncDeps['db'],
  { whole, iCalUId }: { whole: WholeReservation; iCalUId: string | null },
): Promise<RoomEvent | null> {
  if (iCalUId === null) return null
  const copies = (await roomEventsOfMeeting(db, iCalUId)).filter(({ roomId }) => roomId === whole.room.id)
  return copies.find(({ goneAt }) => goneAt === null) ?? copies.at(-1) ?? null
}

function roomOf({ view, startsAt, endsAt, changedAt, goneAt, goneWhy }: RoomEvent): Story['room'] {
  return {
    subject: view.subject,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    isPrivate: view.isPrivate,
    people: view.attendees.map(({ address }) => address.toLowerCase()).sort(),
    answer: view.answer,
    organizer: view.organizer?.address ?? null,
    showAs: view.showAs,
    changedAt: changedAt.toISOString(),
    goneAt: goneAt?.toISOString() ?? null,
    goneWhy,
  }
}

function linkOf(link: LinkRow): Story['link'] {
  const { last_error_code: code, last_error_say: say } = link
  return {
    mailbox: link.mailbox,
    actsAs: link.acts_as,
    eventId: link.event_id,
    iCalUId: link.i_cal_uid,
    etag: link.etag,
    bornOutside: link.born_outside,
    endedBy: link.ended_by,
    askedAt: link.asked_at?.toISOString() ?? null,
    nextLookAt: link.next_look_at?.toISOString() ?? null,
    error: code === null ? null : { code, say: say ?? '' },
  }
}

type Stored = {
  whole: WholeReservation
  link: LinkRow | undefined
  agreed: Agreed | null
  copy: RoomEvent | null
  decisions: readonly DecisionRow[]
}

function asStored({ whole: { row }, link, agreed, copy, decisions }: Stored): Record<string, unknown> {
  return {
    reservation: {
      id: row.id,
      state: row.state,
      syncState: row.sync_state,
      version: row.version,
      generation: row.generation,
    },
    link: link ? { ...link, digest: agreed } : null,
    roomEvent: copy,
    decisions,
  }
}
