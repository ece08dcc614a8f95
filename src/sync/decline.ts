import type { Database } from '#db/database.ts'
import type { Mailbox } from '#graph/events.ts'
import { type BusyTime, getSchedule, schedulesMax } from '#graph/schedule.ts'
import type { Acting } from '#providers/acting.ts'
import { mailboxFor } from '#providers/acting.ts'
import { type Alternative, findAlternatives, sayAlternatives } from '#reservations/alternatives.ts'
import { peopleIn, type WholeReservation } from '#reservations/reservation.ts'
import { hoursIn } from '#reservations/wall-time.ts'
import type { Room } from '#rooms/contract.ts'
import { findRoomsById } from '#rooms/room.ts'

export type Decline = {
  /** For the timeline: why. */
  sentence: string
  /** For the reservation: why, what is free instead, and what to do. */
  reason: string
  /** Rooms that are free here and taken in Outlook. */
  takenOutside: string[]
}

type Declined = {
  whole: WholeReservation
  /** Whose permission the rooms' calendars are asked with; null when there is none, and then the reason stays general. */
  asker: Pick<Acting, 'graph' | 'address'> | null
  /** What is known already and need not be found out. */
  said?: string | null
}

/**
 * Why a room declined, as far as it can be known: calendars only say "declined", so the room's own is asked when it is free, and in the
 * same call those of the rooms that might do instead.
 */
export async function explainDecline(db: Database, { whole, asker, said = null }: Declined): Promise<Decline> {
  const { row, room, invitees } = whole
  const span = { startsAt: row.starts_at, endsAt: row.ends_at }
  const max = schedulesMax - 1
  const others = await findAlternatives(db, { room, span, people: peopleIn(invitees), max })
  const rooms = await findRoomsById(db, [room.id, ...others.map(({ roomId }) => roomId)])
  const addresses = [...new Set([room, ...rooms.values()].map(({ mailbox }) => mailbox))]
  const busy = asker && (await askSchedules(asker, { addresses, ...span, room }))
  const takenOutside = others.map(({ roomId }) => roomId).filter((id) => isBusy(rooms.get(id), busy))
  const sentence = said ?? sayWhy(whole, busy?.get(room.mailbox.toLowerCase()) ?? null)
  const alternatives = others.filter(({ roomId }) => !takenOutside.includes(roomId)).slice(0, 3)
  return { sentence, reason: sayReason(sentence, alternatives, room), takenOutside }
}

type Busy = Map<string, BusyTime[] | null>

async function askSchedules(
  asker: Pick<Acting, 'graph' | 'address'>,
  { addresses, room, ...span }: BusyTime & { addresses: string[]; room: Room },
): Promise<Busy | null> {
  // An application has no mailbox of its own to ask from, and asks from the room's.
  const mailbox: Mailbox = asker.address === null ? mailboxFor(asker, room.mailbox) : { is: 'mine' }
  const asked = await getSchedule(asker.graph, mailbox, { addresses, ...span })
  return asked.is === 'ok' ? asked.value : null
}

/** What Exchange says nothing about counts as free, as it does everywhere here. */
function isBusy(room: Room | undefined, busy: Busy | null): boolean {
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
