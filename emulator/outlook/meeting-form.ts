import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { EventChanges, Invitee } from '../exchange/event-changes.ts'
import { instantOf } from '../exchange/time-zones.ts'
import type { EventItem, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { fieldTime } from './calendar-days.ts'
import { csrfField, outlookPage, type Viewer } from './outlook-page.ts'

/** The form's fields as a person typed them; times are wall times of the person's own zone. */
export type MeetingFields = Record<'subject' | 'start' | 'end' | 'people' | 'room' | 'notes', string>

export type Meeting = Pick<EventItem, 'subject' | 'startsAt' | 'endsAt' | 'body' | 'location'> & {
  attendees: Invitee[]
}
export type ReadMeeting = { ok: true; meeting: Meeting } | { ok: false; error: string }

export type MeetingFormShown = {
  mailbox: User
  fields: MeetingFields
  error: string | null
  action: string
  heading: string
}

/** Create or change a meeting. */
export function meetingFormPage(viewer: Viewer, { mailbox, fields, error, action, heading }: MeetingFormShown): Html {
  return outlookPage(
    `${heading} – Calendar`,
    viewer,
    html`<div class="frame single"><div>
<p><a href="/outlook?mailbox=${encodeURIComponent(mailbox.mail)}">Back to the calendar</a></p>
<form class="card" method="post" action="${action}">
<h1>${heading}</h1>
${mailbox.id === viewer.user.id ? null : html`<p class="quiet">In the calendar of ${mailbox.displayName}.</p>`}
${error === null ? null : html`<p class="error" role="alert">${error}</p>`}
${csrfField(viewer)}
<label for="subject">Subject</label><input id="subject" name="subject" value="${fields.subject}" maxlength="255">
<div class="pair">
<div><label for="start">Start (${viewer.user.timeZone})</label><input id="start" name="start" type="datetime-local" required value="${fields.start}"></div>
<div><label for="end">End (${viewer.user.timeZone})</label><input id="end" name="end" type="datetime-local" required value="${fields.end}"></div>
</div>
<label for="people">Invite (addresses, with commas between)</label><input id="people" name="people" value="${fields.people}" autocomplete="off">
<label for="room">Room</label><select id="room" name="room"><option value="">No room</option>${roomOptions(viewer.tenant, fields.room)}</select>
<label for="notes">Notes</label><textarea id="notes" name="notes" rows="3">${fields.notes}</textarea>
<div class="buttons"><button class="primary" type="submit">${fields.people || fields.room ? 'Send' : 'Save'}</button></div>
</form></div></div>`,
  )
}

/** Fields of a meeting that exists, or of a new one at a time. */
export function fieldsOf(item: EventItem, viewer: Viewer): MeetingFields {
  const zone = viewer.user.timeZone
  const people = item.attendees.filter((one) => one.type !== 'resource').map((one) => one.emailAddress.address)
  return {
    subject: item.subject,
    start: fieldTime(item.startsAt, zone),
    end: fieldTime(item.endsAt, zone),
    people: people.join(', '),
    room: item.attendees.find((one) => one.type === 'resource')?.emailAddress.address ?? '',
    notes: item.body.contentType === 'text' ? item.body.content : item.body.content.replaceAll(/<[^>]*>/g, ' ').trim(),
  }
}

export function fieldsIn(form: URLSearchParams): MeetingFields {
  const field = (name: string) => (form.get(name) ?? '').trim()
  return {
    subject: field('subject'),
    start: field('start'),
    end: field('end'),
    people: field('people'),
    room: field('room'),
    notes: field('notes'),
  }
}

/** Turns the fields into a meeting, or says what is wrong with them. */
export function readMeeting(fields: MeetingFields, viewer: Viewer): ReadMeeting {
  const zone = viewer.user.timeZone
  const startsAt = instantOf({ dateTime: fields.start, timeZone: zone })
  const endsAt = instantOf({ dateTime: fields.end, timeZone: zone })
  if (startsAt === null || endsAt === null) return { ok: false, error: 'Say when the meeting starts and ends.' }
  if (endsAt <= startsAt) return { ok: false, error: 'The meeting ends before it starts. Choose a later end.' }
  const people = fields.people.split(/[,;\s]+/).filter((address) => address !== '')
  const strange = people.find((address) => !/^[^@\s]+@[^@\s]+$/.test(address))
  if (strange !== undefined)
    return { ok: false, error: `"${strange}" is not an address. Write it like name@contoso.example.` }
  const room = fields.room === '' ? undefined : viewer.tenant.rooms.listBy(fields.room.toLowerCase())[0]
  const resources = room === undefined ? [] : [invitee(viewer.tenant, room.emailAddress, 'resource')]
  const location =
    room === undefined ? null : { displayName: room.displayName, locationEmailAddress: room.emailAddress }
  const attendees = [...people.map((address) => invitee(viewer.tenant, address, 'required')), ...resources]
  const body = { contentType: 'text' as const, content: fields.notes }
  return { ok: true, meeting: { subject: fields.subject, startsAt, endsAt, body, location, attendees } }
}

/** Only what differs: Exchange mails fewer people when only the list of attendees changed. */
export function changesBetween(
  item: EventItem,
  before: MeetingFields,
  after: MeetingFields,
  meeting: Meeting,
): EventChanges {
  const invitedDiffers = before.people !== after.people || before.room !== after.room
  return {
    ...(before.subject === after.subject ? {} : { subject: meeting.subject }),
    ...(item.startsAt === meeting.startsAt ? {} : { startsAt: meeting.startsAt }),
    ...(item.endsAt === meeting.endsAt ? {} : { endsAt: meeting.endsAt }),
    ...(before.notes === after.notes ? {} : { body: meeting.body }),
    ...(before.room === after.room ? {} : { location: meeting.location }),
    ...(invitedDiffers ? { attendees: meeting.attendees } : {}),
  }
}

function invitee(tenant: Tenant, address: string, type: Invitee['type']): Invitee {
  const user = tenant.findUser(address)
  return { emailAddress: { name: user?.displayName ?? address, address: user?.mail ?? address }, type }
}

function roomOptions(tenant: Tenant, chosen: string): Html[] {
  const rooms = tenant.rooms
    .list()
    .toSorted((a, b) => a.building.localeCompare(b.building) || a.displayName.localeCompare(b.displayName))
  return rooms.map(
    (room) =>
      html`<option value="${room.emailAddress}" ${room.emailAddress === chosen ? 'selected' : ''}>${room.displayName}, ${room.building} (${room.capacity})</option>`,
  )
}
