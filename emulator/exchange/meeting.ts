import type { Address, Attendee, EventItem, ResponseKind } from '../model.ts'
import { newChangeKey } from './change-keys.ts'
import type { EventChanges, EventDraft, Invitee } from './event-changes.ts'
import { newICalUId, newImmutableId, newItemId } from './item-ids.ts'
import type { Pen } from './pen.ts'
import { unsetTime } from './time-zones.ts'

/** The mailbox an item is made in, as the meeting sees it. */
export type Owner = { mailboxId: string; address: Address }

const defaults: Required<Omit<EventChanges, 'attendees' | 'startsAt' | 'endsAt'>> = {
  subject: '',
  body: { contentType: 'html', content: '' },
  originalStartTimeZone: 'UTC',
  originalEndTimeZone: 'UTC',
  isAllDay: false,
  location: null,
  showAs: 'busy',
  sensitivity: 'normal',
  importance: 'normal',
  hideAttendees: false,
  allowNewTimeProposals: true,
  responseRequested: true,
  isReminderOn: true,
  reminderMinutesBeforeStart: 15,
  categories: [],
  recurrence: null,
  singleValueExtendedProperties: [],
}

/** The organizer's copy of a new event: the owner of the mailbox is the organizer, whoever wrote it. */
export function organizerCopy(owner: Owner, draft: EventDraft, pen: Pen): EventItem {
  const { attendees = [], transactionId = null, ...fields } = draft
  return {
    ...structuredClone(defaults),
    ...fields,
    ...newIdentity(owner.mailboxId, pen),
    iCalUId: newICalUId(pen.chance),
    transactionId,
    attendees: attendees.map((invitee) => invited(invitee, null)),
    organizer: owner.address,
    isOrganizer: true,
    responseStatus: { response: 'organizer', time: unsetTime },
    isCancelled: false,
    isDraft: false,
    deletedAt: null,
  }
}

/** An invited person's or room's copy: same meeting and iCalUId, own ids, nothing private to the organizer's copy. */
export function attendeeCopy(original: EventItem, owner: Owner, pen: Pen): EventItem {
  return {
    ...structuredClone(original),
    ...newIdentity(owner.mailboxId, pen),
    transactionId: null,
    categories: [],
    singleValueExtendedProperties: [],
    isOrganizer: false,
    responseStatus: { response: 'notResponded', time: unsetTime },
    showAs: 'tentative',
  }
}

/** What a delivered update makes of an attendee's copy: the organizer's words, the attendee's own private fields. */
export function refreshedCopy(copy: EventItem, original: EventItem, pen: Pen): EventItem {
  const asksAgain = isMoved(copy, original) || copy.isCancelled
  return touched(
    {
      ...attendeeCopy(original, { mailboxId: copy.mailboxId, address: original.organizer }, pen),
      id: copy.id,
      immutableId: copy.immutableId,
      createdAt: copy.createdAt,
      categories: copy.categories,
      singleValueExtendedProperties: copy.singleValueExtendedProperties,
      isReminderOn: copy.isReminderOn,
      reminderMinutesBeforeStart: copy.reminderMinutesBeforeStart,
      responseStatus: asksAgain ? { response: 'notResponded', time: unsetTime } : copy.responseStatus,
      showAs: asksAgain ? 'tentative' : copy.showAs,
    },
    pen,
  )
}

/** What a delivered cancellation leaves in a calendar that keeps cancelled meetings. */
export function cancelledCopy(copy: EventItem, pen: Pen): EventItem {
  return touched({ ...copy, isCancelled: true, showAs: 'free', subject: `Canceled: ${copy.subject}` }, pen)
}

/** The organizer's copy after a patch. Moving the meeting forgets what everybody answered. */
export function changedCopy(item: EventItem, changes: EventChanges, pen: Pen): EventItem {
  const { attendees, ...fields } = changes
  const next = { ...item, ...fields, attendees: replaceAttendees(item.attendees, attendees) }
  const properties = mergeProperties(item, changes)
  if (isMoved(item, next)) next.attendees = next.attendees.map((attendee) => invited(attendee, null))
  return touched({ ...next, singleValueExtendedProperties: properties }, pen)
}

export type Reply = { from: string; response: ResponseKind; at: string }

/** The organizer's copy after one attendee's answer came back. */
export function talliedCopy(item: EventItem, { from, response, at }: Reply, pen: Pen): EventItem {
  const attendees = item.attendees.map((attendee) =>
    isAddress(attendee.emailAddress, from) ? { ...attendee, status: { response, time: at } } : attendee,
  )
  return touched({ ...item, attendees }, { ...pen, at })
}

/** An item with a new change key: every visible change goes through here. */
export function touched(item: EventItem, pen: Pen): EventItem {
  return { ...item, changeKey: newChangeKey(pen.chance), modifiedAt: pen.at }
}

export function isMoved(before: EventItem, after: Pick<EventItem, 'startsAt' | 'endsAt'>): boolean {
  return before.startsAt !== after.startsAt || before.endsAt !== after.endsAt
}

export function isAddress(one: Address, address: string): boolean {
  return one.address.toLowerCase() === address.toLowerCase()
}

function newIdentity(mailboxId: string, { at, chance }: Pen) {
  const ids = { id: newItemId(chance), immutableId: newImmutableId(chance), changeKey: newChangeKey(chance) }
  return { ...ids, mailboxId, createdAt: at, modifiedAt: at }
}

function replaceAttendees(before: Attendee[], after: Invitee[] | undefined): Attendee[] {
  if (after === undefined) return before
  return after.map((invitee) =>
    invited(invitee, before.find((one) => isAddress(one.emailAddress, invitee.emailAddress.address)) ?? null),
  )
}

function invited(invitee: Invitee, known: Attendee | null): Attendee {
  const { emailAddress, type } = invitee
  return { emailAddress, type, status: known?.status ?? { response: 'none', time: unsetTime } }
}

/** Extended properties are written one by one: those not named stay. */
function mergeProperties(item: EventItem, changes: EventChanges): EventItem['singleValueExtendedProperties'] {
  const written = changes.singleValueExtendedProperties ?? []
  const kept = item.singleValueExtendedProperties.filter((one) => !written.some((other) => other.id === one.id))
  return [...kept, ...written]
}
