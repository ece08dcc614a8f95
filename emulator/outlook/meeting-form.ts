import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { EventChanges, Invitee } from '../exchange/event-changes.ts'
import { isAddress } from '../exchange/meeting.ts'
import { instantOf } from '../exchange/time-zones.ts'
import type { EventItem, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { fieldTime } from './calendar-days.ts'
import { csrfField, outlookPage, type Viewer } from './outlook-page.ts'
import { roomsInOrder, roomWords } from './rooms-at.ts'

/** The form's fields as a person typed them; times are wall times of the person's own zone. */
export type MeetingFields = Record<
  'subject' | 'start' | 'end' | 'allDay' | 'people' | 'room' | 'notes' | 'showAs' | 'private',
  string
>

type Written = 'subject' | 'startsAt' | 'endsAt' | 'isAllDay' | 'body' | 'location' | 'showAs' | 'sensitivity'
export type Meeting = Pick<EventItem, Written> & { attendees: Invitee[] }
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
${checkBox('allDay', 'All day', fields.allDay)}
<label for="people">Invite (addresses, with commas between)</label><input id="people" name="people" value="${fields.people}" autocomplete="off">
<label for="room">Room</label><select id="room" name="room"><option value="">No room</option>${roomOptions(viewer.tenant, fields.room)}</select>
<label for="showAs">Show as</label><select id="showAs" name="showAs">${showAsOptions(fields.showAs)}</select>
${checkBox('private', 'Private: others see only that the time is taken', fields.private)}
<label for="notes">Notes</label><textarea id="notes" name="notes" rows="3">${fields.notes}</textarea>
<div class="buttons"><button class="primary" type="submit">${fields.people || fields.room ? 'Send' : 'Save'}</button>
<a class="button" href="/outlook?mailbox=${encodeURIComponent(mailbox.mail)}">Discard</a></div>
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
    allDay: item.isAllDay ? 'on' : '',
    people: people.join(', '),
    room: item.attendees.find((one) => one.type === 'resource')?.emailAddress.address ?? '',
    notes: item.body.contentType === 'text' ? item.body.content : item.body.content.replaceAll(/<[^>]*>/g, ' ').trim(),
    showAs: item.showAs,
    private: item.sensitivity === 'private' ? 'on' : '',
  }
}

export function fieldsIn(form: URLSearchParams): MeetingFields {
  const field = (name: string) => (form.get(name) ?? '').trim()
  return {
    subject: field('subject'),
    start: field('start'),
    end: field('end'),
    allDay: field('allDay'),
    people: field('people'),
    room: field('room'),
    notes: field('notes'),
    showAs: field('showAs'),
    private: field('private'),
  }
}

/** Turns the fields into a meeting, or says what is wrong with them. */
export function readMeeting(fields: MeetingFields, viewer: Viewer): ReadMeeting {
  const { startsAt, endsAt } = timesIn(fields, viewer.user.timeZone)
  if (startsAt === null || endsAt === null) return { ok: false, error: 'Say when the meeting starts and ends.' }
  if (endsAt <= startsAt) return { ok: false, error: 'The meeting ends before it starts. Choose a later end.' }
  const people = fields.people.split(/[,;\s]+/).filter((address) => address !== '')
  const strange = people.find((address) => !isAddressText(address))
  if (strange !== undefined)
    return { ok: false, error: `"${strange}" is not an address. Write it like name@contoso.example.` }
  const room = fields.room === '' ? undefined : viewer.tenant.rooms.listBy(fields.room.toLowerCase())[0]
  const resources = room === undefined ? [] : [inviteeOf(viewer.tenant, room.emailAddress, 'resource')]
  const location =
    room === undefined ? null : { displayName: room.displayName, locationEmailAddress: room.emailAddress }
  const attendees = [...people.map((address) => inviteeOf(viewer.tenant, address, 'required')), ...resources]
  const body = { contentType: 'text' as const, content: fields.notes }
  const showAs = showAsWords.find(([value]) => value === fields.showAs)?.[0] ?? 'busy'
  const sensitivity = fields.private === '' ? ('normal' as const) : ('private' as const)
  const flags = { isAllDay: fields.allDay !== '', showAs, sensitivity }
  return { ok: true, meeting: { subject: fields.subject, startsAt, endsAt, ...flags, body, location, attendees } }
}

/** An all-day meeting has days: from the midnight before its start to the one after its end. */
function timesIn(fields: MeetingFields, timeZone: string): { startsAt: string | null; endsAt: string | null } {
  const at = (dateTime: string) => instantOf({ dateTime, timeZone })
  if (fields.allDay === '') return { startsAt: at(fields.start), endsAt: at(fields.end) }
  const [first, last] = [fields.start.slice(0, 10), fields.end.slice(0, 10)]
  const isMidnight = fields.end.endsWith('T00:00') && last > first
  return { startsAt: at(first), endsAt: at(isMidnight ? last : dayAfter(last)) }
}

function dayAfter(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) ? '' : new Date(at + 86_400_000).toISOString().slice(0, 10)
}

export function isAddressText(text: string): boolean {
  return /^[^@\s]+@[^@\s]+$/.test(text)
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
    ...(item.isAllDay === meeting.isAllDay ? {} : { isAllDay: meeting.isAllDay }),
    ...(before.notes === after.notes ? {} : { body: meeting.body }),
    ...(before.showAs === after.showAs ? {} : { showAs: meeting.showAs }),
    ...(before.private === after.private ? {} : { sensitivity: meeting.sensitivity }),
    ...(before.room === after.room ? {} : { location: meeting.location }),
    ...(invitedDiffers ? { attendees: stillInvited(item, meeting) } : {}),
  }
}

/** The form knows one room and one kind of person: the further rooms stay, and whoever may stay away still may. */
function stillInvited(item: EventItem, meeting: Meeting): Invitee[] {
  const further = item.attendees.filter((one) => one.type === 'resource').slice(1)
  const asked = meeting.attendees.map((one) => {
    const known = item.attendees.find((other) => isAddress(other.emailAddress, one.emailAddress.address))
    return known === undefined ? one : { ...one, type: known.type }
  })
  const isAsked = (address: string) => asked.some((one) => isAddress(one.emailAddress, address))
  return [...asked, ...further.filter((one) => !isAsked(one.emailAddress.address))]
}

/** Somebody to invite, by the name the directory has. */
export function inviteeOf(tenant: Tenant, address: string, type: Invitee['type']): Invitee {
  const user = tenant.findUser(address)
  return { emailAddress: { name: user?.displayName ?? address, address: user?.mail ?? address }, type }
}

function roomOptions(tenant: Tenant, chosen: string): Html[] {
  return roomsInOrder(tenant).map(
    (room) =>
      html`<option value="${room.emailAddress}" ${room.emailAddress === chosen ? 'selected' : ''}>${roomWords(room)}</option>`,
  )
}

/** How somebody's time shows to others. */
export const showAsWords: [EventItem['showAs'], string][] = [
  ['busy', 'Busy'],
  ['free', 'Free'],
  ['tentative', 'Tentative'],
  ['oof', 'Out of office'],
  ['workingElsewhere', 'Working elsewhere'],
]

function showAsOptions(chosen: string): Html[] {
  return showAsWords.map(
    ([value, words]) => html`<option value="${value}" ${value === chosen ? 'selected' : ''}>${words}</option>`,
  )
}

function checkBox(name: string, words: string, value: string): Html {
  return html`<label class="check"><input type="checkbox" name="${name}" ${value === '' ? '' : 'checked'}> ${words}</label>`
}
