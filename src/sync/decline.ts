import type { Database } from '#db/database.ts'
import { type BusyTime, getSchedule, schedulesMax } from '#graph/schedule.ts'
import { type Alternative, findAlternatives, sayAlternatives } from '#reservations/alternatives.ts'
import { peopleIn, type WholeReservation } from '#reservations/reservation.ts'
import { hoursIn } from '#reservations/wall-time.ts'
import type { Room } from '#rooms/contract.ts'
import { findRoomsById } from '#rooms/room.ts'
import type { Organizer } from './organizer.ts'

export type Decline = {
  /** For the timeline: why. */
  sentence: string
  /** For the reservation: why, what is free instead, and what to do. */
  reason: string
  /** Rooms that are free here and taken in Outlook. */
  takenOutside: string[]
}

/**
 * Why a room declined, as far as it can be known: the organizer's calendar only says "declined", so the room's own calendar is asked, and
 * in the same call those of the rooms that might do instead. Without an answer the reason stays general.
 */
export async function explainDecline(
  db: Database,
  { whole, organizer }: { whole: WholeReservation; organizer: Organizer },
): Promise<Decline> {
  const { row, room, invitees } = whole
  const span = { startsAt: row.starts_at, endsAt: row.ends_at }
  const max = schedulesMax - 1
  const others = await findAlternatives(db, { room, span, people: peopleIn(invitees), max })
  const rooms = await findRoomsById(db, [room.id, ...others.map(({ roomId }) => roomId)])
  const addresses = [room, ...rooms.values()].map(({ mailbox }) => mailbox)
  const asked = await getSchedule(organizer.graph, { addresses: [...new Set(addresses)], ...span })
  const busy = asked.is === 'ok' ? asked.value : null
  const takenOutside = others.map(({ roomId }) => roomId).filter((id) => isBusy(rooms.get(id), busy))
  const sentence = sayWhy(whole, busy?.get(room.mailbox.toLowerCase()) ?? null)
  const alternatives = others.filter(({ roomId }) => !takenOutside.includes(roomId)).slice(0, 3)
  return { sentence, reason: sayReason(sentence, alternatives, room), takenOutside }
}

/** What Exchange says nothing about counts as free, as it does everywhere here. */
function isBusy(room: Room | undefined, busy: Map<string, BusyTime[] | null> | null): boolean {
  return (busy?.get(room?.mailbox.toLowerCase() ?? '')?.length ?? 0) > 0
}

function sayWhy({ room, row }: WholeReservation, busy: BusyTime[] | null): string {
  if (busy === null) return `${room.name} declined: it is taken in Outlook, or its rules do not allow this meeting.`
  if (busy.length > 0) {
    const hours = busy.slice(0, 3).map((time) => `from ${hoursIn(time, row.time_zone)}`)
    return `${room.name} declined: it is taken in Outlook ${hours.join(' and ')}.`
  }
  if (room.needsApproval) return `${room.name} declined: whoever looks after it said no.`
  return `${room.name} declined although it is free then: its rules do not allow this meeting.`
}

function sayReason(sentence: string, alternatives: readonly Alternative[], room: Room): string {
  const next = 'The meeting stays in your calendar: choose another time, or cancel it here.'
  return `${sentence} ${sayAlternatives(alternatives, room)} ${next}`
}
