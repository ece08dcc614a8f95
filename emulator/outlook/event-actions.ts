import type { Invitee } from '../exchange/event-changes.ts'
import { cancelEvent, deleteEvent, respondToEvent, updateEvent } from '../exchange/mailbox.ts'
import { isAddress } from '../exchange/meeting.ts'
import type { EventItem } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { inviteeOf, isAddressText } from './meeting-form.ts'

export type EventAction = {
  /** Shown when it is done. */
  said: string
  /** Does it, or says why not. `form` is what was posted. */
  run: (tenant: Tenant, item: EventItem, form: URLSearchParams) => string | undefined
}

/** What the buttons of an item's page do, by the value of their `do`. */
export const eventActions: Record<string, EventAction> = {
  accept: { said: 'Accepted. The organizer is told.', run: (tenant, item) => answer(tenant, item, 'accepted') },
  tentative: {
    said: 'Tentative. The organizer is told.',
    run: (tenant, item) => answer(tenant, item, 'tentativelyAccepted'),
  },
  decline: { said: 'Declined. The organizer is told.', run: (tenant, item) => answer(tenant, item, 'declined') },
  cancel: { said: 'Canceled. Everybody invited is told.', run: cancel },
  delete: {
    said: 'Deleted.',
    run: (tenant, item) => {
      deleteEvent(tenant, item)
      return undefined
    },
  },
  'add-room': {
    said: 'The room is asked.',
    run: (tenant, item, form) => invite(tenant, item, form.get('room'), 'resource'),
  },
  'add-person': { said: 'Invited.', run: (tenant, item, form) => invite(tenant, item, form.get('person'), 'required') },
}

/** `remove:mercury@contoso.example` is one more: whom a meeting does without. */
export function eventAction(asked: string): EventAction | undefined {
  if (!asked.startsWith('remove:')) return eventActions[asked]
  return { said: 'Removed, and told so.', run: (tenant, item) => uninvite(tenant, item, asked.slice('remove:'.length)) }
}

function answer(tenant: Tenant, item: EventItem, response: Parameters<typeof respondToEvent>[2]): string | undefined {
  if (item.isOrganizer || item.isCancelled)
    return 'There is nothing to answer: the meeting is your own or was canceled.'
  respondToEvent(tenant, item, response, true)
  return undefined
}

function cancel(tenant: Tenant, item: EventItem): string | undefined {
  if (!item.isOrganizer) return 'Only the organizer can cancel a meeting.'
  cancelEvent(tenant, item)
  return undefined
}

function invite(tenant: Tenant, item: EventItem, named: string | null, type: Invitee['type']): string | undefined {
  const address = (named ?? '').trim()
  if (!item.isOrganizer || item.isCancelled) return 'Only the organizer of a meeting that takes place can invite.'
  if (type === 'resource' && tenant.rooms.listBy(address.toLowerCase()).length === 0) return 'Choose a room first.'
  if (!isAddressText(address)) return `"${address}" is not an address. Write it like name@contoso.example.`
  if (item.attendees.some((one) => isAddress(one.emailAddress, address))) return 'They are already invited.'
  const attendees = [...item.attendees, inviteeOf(tenant, address, type)]
  const location = type === 'resource' && item.location === null ? locationOf(tenant, address) : {}
  updateEvent(tenant, item, { attendees, ...location })
  return undefined
}

function uninvite(tenant: Tenant, item: EventItem, address: string): string | undefined {
  if (!item.isOrganizer || item.isCancelled) return 'Only the organizer of a meeting that takes place can do that.'
  const attendees = item.attendees.filter((one) => !isAddress(one.emailAddress, address))
  if (attendees.length === item.attendees.length) return 'They are not invited any more.'
  const isHere = item.location?.locationEmailAddress?.toLowerCase() === address.toLowerCase()
  const next = attendees.find((one) => one.type === 'resource')?.emailAddress.address
  updateEvent(tenant, item, { attendees, ...(isHere ? locationOf(tenant, next) : {}) })
  return undefined
}

/** Where the meeting is once this is its room; nowhere without one. */
function locationOf(tenant: Tenant, address: string | undefined): Pick<EventItem, 'location'> {
  const room = tenant.rooms.listBy(address?.toLowerCase() ?? '')[0]
  if (room === undefined) return { location: null }
  return { location: { displayName: room.displayName, locationEmailAddress: room.emailAddress } }
}
