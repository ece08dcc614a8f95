import type { Database } from '#db/database.ts'
import { changesUnderWay } from '#reservations/outbox.ts'
import { findWholeReservation, findWholeReservations, type WholeReservation } from '#reservations/reservation.ts'
import { readAgreement } from './agreed.ts'
import { guestsOf } from './event-draft.ts'
import { type LinkRow, selectLink, selectLinksOfMeeting } from './link-queries.ts'
import type { Ours } from './plan.ts'

/** A reservation with what joins it to its event. */
export type Meeting = { whole: WholeReservation; link: LinkRow }

export async function findMeeting(db: Database, reservationId: string): Promise<Meeting | null> {
  const whole = await findWholeReservation(db, reservationId)
  const link = await selectLink(db, reservationId)
  return whole && link ? { whole, link } : null
}

/** The reservation of a room that stands for a meeting in Outlook: the newest, when it was given back and reserved again. */
export async function findMeetingInRoom(
  db: Database,
  { roomId, iCalUId }: { roomId: string; iCalUId: string },
): Promise<Meeting | null> {
  const links = await selectLinksOfMeeting(db, iCalUId)
  const wholes = await findWholeReservations(
    db,
    links.map((link) => link.reservation_id),
  )
  for (const link of links) {
    const whole = wholes.get(link.reservation_id)
    if (whole?.row.room_id === roomId) return { whole, link }
  }
  return null
}

/** Our side of it, for the planner. */
export async function oursOf(db: Database, { whole, link }: Meeting): Promise<Ours> {
  const { row } = whole
  const underWay = await changesUnderWay(db, row.id)
  return {
    state: row.state,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    subject: row.subject,
    isPrivate: row.is_private,
    invitees: guestsOf(whole),
    answer: row.room_answer,
    changedAt: underWay.at(-1)?.createdAt ?? row.updated_at,
    underWay: underWay.map(({ action }) => action),
    notSent: row.sync_state === 'not_sent',
    endedBy: link.ended_by,
  }
}

export function baseOf({ link }: Meeting) {
  return readAgreement(link.digest)
}
