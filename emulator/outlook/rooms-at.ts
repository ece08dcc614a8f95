import { busyItems } from '../exchange/free-busy.ts'
import { itemsIn } from '../exchange/mailbox.ts'
import type { EventItem, RoomPlace } from '../model.ts'
import type { Tenant } from '../tenant.ts'

export type RoomAt = { room: RoomPlace; isTaken: boolean }

/** The rooms that a meeting does not have yet, free ones first, by building and name. */
export function roomsAt(tenant: Tenant, meeting: EventItem): RoomAt[] {
  const asked = new Set(meeting.attendees.map((one) => one.emailAddress.address.toLowerCase()))
  return roomsInOrder(tenant)
    .filter((room) => !asked.has(room.emailAddress.toLowerCase()))
    .map((room) => ({ room, isTaken: isTaken(tenant, room, meeting) }))
    .toSorted((a, b) => Number(a.isTaken) - Number(b.isTaken))
}

/** Every room, by building and name. */
export function roomsInOrder(tenant: Tenant): RoomPlace[] {
  return tenant.rooms
    .list()
    .toSorted((a, b) => a.building.localeCompare(b.building) || a.displayName.localeCompare(b.displayName))
}

/** `Mercury, Berlin (6)`: the name, where it is, and how many it holds. */
export function roomWords({ displayName, building, capacity }: RoomPlace): string {
  return `${displayName}, ${building} (${capacity})`
}

function isTaken(tenant: Tenant, room: RoomPlace, { startsAt, endsAt, iCalUId }: EventItem): boolean {
  const others = itemsIn(tenant, room.userId).filter((item) => item.iCalUId !== iCalUId)
  return busyItems(others, startsAt, endsAt).length > 0
}
