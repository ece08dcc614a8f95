import type { ReservationRow } from '#reservations/queries.ts'
import type { EventItem } from '../../../emulator/model.ts'
import type { RoomPlan } from '../world/plan.ts'
import type { World } from '../world/world.ts'
import { markIn } from './meeting-of-call.ts'

/** One meeting in one room, as each side has it. */
export type BothSides = {
  row: ReservationRow
  room: RoomPlan
  invitees: string[]
  iCalUId: string | null
  /** The organizer's copy while it lives; null when it is deleted or cancelled. */
  original: EventItem | null
  /** The room's copy while it is on its calendar. */
  copy: EventItem | null
}

/** Every reservation with what there is of it in Outlook. */
export async function readBothSides(world: World): Promise<BothSides[]> {
  const { beside } = world.store
  const rows = await beside.selectFrom('reservations').selectAll().orderBy('created_at').orderBy('id').execute()
  const links = await beside.selectFrom('event_links').select(['reservation_id', 'i_cal_uid']).execute()
  const guests = await beside.selectFrom('reservation_invitees').select(['reservation_id', 'email']).execute()
  const uids = new Map(links.map((link) => [link.reservation_id, link.i_cal_uid]))
  const marked = markedEvents(world)
  return rows.map((row) => {
    const room = roomOf(world, row.room_id)
    const iCalUId = uids.get(row.id) ?? marked.get(row.id)?.iCalUId ?? null
    const copies = iCalUId === null ? [] : world.outside.tenant.events.listBy(iCalUId).filter(isThere)
    return {
      row,
      room,
      invitees: guests
        .filter((guest) => guest.reservation_id === row.id)
        .map(({ email }) => email.toLowerCase())
        .sort(),
      iCalUId,
      original: copies.find(({ isOrganizer }) => isOrganizer) ?? null,
      copy: copies.find(({ mailboxId, isOrganizer }) => mailboxId === room.id && !isOrganizer) ?? null,
    }
  })
}

export function isThere(item: EventItem): boolean {
  return item.deletedAt === null && !item.isCancelled
}

/** Live events that carry a reservation's mark, whatever the service knows of them. */
export function markedEvents(world: World): Map<string, EventItem> {
  const ours = world.outside.tenant.events.filter((item) => item.isOrganizer && isThere(item) && markIn(item) !== null)
  return new Map(ours.map((item) => [markIn(item) ?? '', item]))
}

function roomOf(world: World, id: string): RoomPlan {
  const room = world.plan.rooms.find((one) => one.id === id)
  if (!room) throw new Error(`no room ${id}`)
  return room
}

/** Can whoever acts for the system read the organizer's event? The application any, the delegated mailbox its own. */
export function isReadable(world: World, { row, original }: BothSides): boolean {
  const { mode } = world.configuration.now(row.room_id)
  if (original === null) return false
  return mode === 'normal' || original.organizer.address.toLowerCase() === world.configuration.delegateEmail
}
