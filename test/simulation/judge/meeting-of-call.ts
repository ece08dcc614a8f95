import type { EventItem } from '../../../emulator/model.ts'
import { type Call, eventIdIn } from '../outside/call.ts'
import type { World } from '../world/world.ts'

const ourMark = /Name AnteroomReservation$/

/** Which reservation an event says it is of; null for one that Anteroom did not make. */
export function markIn(item: Pick<EventItem, 'singleValueExtendedProperties'>): string | null {
  return item.singleValueExtendedProperties.find(({ id }) => ourMark.test(id))?.value ?? null
}

export type CallMeeting = {
  iCalUId: string | null
  /** The reservation whose mark the meeting carries, in its organizer's copy. */
  markedFor: string | null
  /** The copy that the call names. */
  item: EventItem | null
  /** The organizer's copy. */
  original: EventItem | null
}

/** The meeting that a write is about, as the tenant has it at this moment; null when it can change none. */
export function meetingOfCall(world: World, call: Call): CallMeeting | null {
  const { tenant } = world.outside
  const id = eventIdIn(call)
  if (id === null) {
    const properties = call.body?.singleValueExtendedProperties
    if (!Array.isArray(properties)) return { iCalUId: null, markedFor: null, item: null, original: null }
    return {
      iCalUId: null,
      markedFor: markIn({ singleValueExtendedProperties: properties }),
      item: null,
      original: null,
    }
  }
  const item = tenant.events.get(id) ?? tenant.events.listBy(id)[0] ?? null
  // An id that names nothing changes nothing: that is how it is tried out whether writing would be allowed.
  if (!item) return null
  const original = tenant.events.listBy(item.iCalUId).find(({ isOrganizer }) => isOrganizer) ?? null
  return { iCalUId: item.iCalUId, markedFor: original && markIn(original), item, original }
}
