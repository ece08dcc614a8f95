import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { Attendee, EventItem, User } from '../model.ts'
import { longTimesOf } from './calendar-days.ts'
import { type CalendarRights, subjectFor } from './calendar-rights.ts'
import { showAsWords } from './meeting-form.ts'
import { csrfField, outlookPage, type Viewer } from './outlook-page.ts'
import { type RoomAt, roomsAt, roomWords } from './rooms-at.ts'

export type EventShown = { item: EventItem; mailbox: User; rights: CalendarRights; message: string | null }

/** One item: what it is, who answered what, and what this person may do with it. */
export function eventPage(viewer: Viewer, { item, mailbox, rights, message }: EventShown): Html {
  const hidden = item.sensitivity !== 'normal' && !rights.readsPrivate
  const changes = rights.writes && !hidden
  return outlookPage(
    `${subjectFor(rights, item)} – Calendar`,
    viewer,
    html`<div class="frame single"><div>
${message === null ? null : html`<p class="message" role="status">${message}</p>`}
<p><a href="/outlook?mailbox=${encodeURIComponent(mailbox.mail)}">Back to ${mailbox.id === viewer.user.id ? 'my calendar' : mailbox.displayName}</a></p>
<article class="card">
<h1>${subjectFor(rights, item)}</h1>
${marks(item)}
${changes && waitsForApproval(mailbox, item) ? html`<p class="waits">${mailbox.displayName} has to be approved. Your answer is the room’s.</p>` : null}
${hidden ? html`<p>${longTimesOf(item, viewer.user.timeZone)}</p>` : details(viewer, item, changes)}
${changes ? actions(viewer, item) : null}
</article>
${changes && mayInvite(item) ? invitations(viewer, item) : null}
<details class="card"><summary>What Exchange keeps</summary>${records(item, mailbox)}</details>
</div></div>`,
  )
}

/** The address of an item's page. */
export function eventPath(viewer: Viewer, item: EventItem): string {
  const mailbox = viewer.tenant.users.get(item.mailboxId)?.mail ?? ''
  return `/outlook/events/${encodeURIComponent(item.id)}?mailbox=${encodeURIComponent(mailbox)}`
}

/** Whether a room's copy is there only until a delegate has answered. */
export function waitsForApproval(mailbox: User, item: EventItem): boolean {
  const isOpen = ['notResponded', 'tentativelyAccepted'].includes(item.responseStatus.response)
  return mailbox.kind === 'room' && !item.isOrganizer && !item.isCancelled && isOpen
}

function marks(item: EventItem): Html | null {
  const named = [item.isCancelled ? 'Canceled' : null, item.sensitivity === 'private' ? 'Private' : null].filter(
    Boolean,
  )
  return named.length === 0
    ? null
    : html`<p class="marks">${named.map((one) => html`<span class="mark">${one}</span>`)}</p>`
}

function details(viewer: Viewer, item: EventItem, changes: boolean): Html {
  return html`<dl>
<dt>When</dt><dd>${longTimesOf(item, viewer.user.timeZone)}</dd>
<dt>Where</dt><dd>${item.location?.displayName || 'Nowhere named'}</dd>
<dt>Organizer</dt><dd>${item.organizer.name} <span class="quiet">${item.organizer.address}</span></dd>
<dt>Invited</dt><dd>${item.attendees.length === 0 ? 'Nobody' : invited(viewer, item, changes)}</dd>
<dt>Shows as</dt><dd>${showAsWords.find(([value]) => value === item.showAs)?.[1] ?? item.showAs}</dd>
</dl>
${item.body.content === '' ? null : html`<p class="body">${plainText(item.body)}</p>`}`
}

function invited(viewer: Viewer, item: EventItem, changes: boolean): Html {
  const rows = item.attendees.map((one) => attendeeRow(one, changes && mayInvite(item)))
  return html`<form method="post" action="${eventPath(viewer, item)}">${csrfField(viewer)}<ul>${rows}</ul></form>`
}

function attendeeRow({ emailAddress, type, status }: Attendee, removable: boolean): Html {
  const name = emailAddress.name || emailAddress.address
  const remove = html`<button class="link small" name="do" value="remove:${emailAddress.address}" aria-label="Remove ${name}">Remove</button>`
  return html`<li class="row"><span>${name} <span class="quiet">${type}</span>: ${responseWords[status.response]}</span>${removable ? remove : null}</li>`
}

/** What an attendee answered, in words. */
export const responseWords = {
  none: 'no answer yet',
  notResponded: 'no answer yet',
  organizer: 'organizer',
  accepted: 'accepted',
  tentativelyAccepted: 'tentative',
  declined: 'declined',
} as const

function actions(viewer: Viewer, item: EventItem): Html {
  const answers = html`<button class="primary" name="do" value="accept">Accept</button>
<button name="do" value="tentative">Tentative</button>
<button name="do" value="decline">Decline</button>`
  const change = html`<a class="button" href="${eventPath(viewer, item).replace('?', '/edit?')}">${item.isOrganizer ? 'Change' : 'Change this copy'}</a>`
  const cancels = item.isOrganizer && !item.isCancelled && item.attendees.length > 0
  const remove = item.isCancelled ? 'Remove from calendar' : 'Delete'
  return html`<form method="post" action="${eventPath(viewer, item)}">${csrfField(viewer)}
<div class="buttons">
${item.isOrganizer || item.isCancelled ? null : answers}
${item.isCancelled ? null : change}
<button class="danger" name="do" value="${cancels ? 'cancel' : 'delete'}">${cancels ? 'Cancel meeting' : remove}</button>
</div></form>`
}

function mayInvite(item: EventItem): boolean {
  return item.isOrganizer && !item.isCancelled
}

/** One more room, one more person. Rooms say whether they are free at that time. */
function invitations(viewer: Viewer, item: EventItem): Html {
  const option = ({ room, isTaken }: RoomAt) =>
    html`<option value="${room.emailAddress}">${roomWords(room)}${isTaken ? ' – taken' : ''}</option>`
  const open = html`<form class="add" method="post" action="${eventPath(viewer, item)}">${csrfField(viewer)}`
  return html`<section class="card"><h2>Add to this meeting</h2>
${open}<div><label for="add-room">Room</label><select id="add-room" name="room" required><option value="">Choose a room</option>${roomsAt(viewer.tenant, item).map(option)}</select></div>
<button name="do" value="add-room">Add room</button></form>
${open}<div><label for="add-person">Somebody’s address</label><input id="add-person" name="person" type="email" required autocomplete="off"></div>
<button name="do" value="add-person">Add person</button></form>
</section>`
}

function records(item: EventItem, mailbox: User): Html {
  return html`<dl>
<dt>Mailbox</dt><dd>${mailbox.mail}</dd>
<dt>id</dt><dd><code>${item.id}</code></dd>
<dt>iCalUId</dt><dd><code>${item.iCalUId}</code></dd>
<dt>changeKey</dt><dd><code>${item.changeKey}</code></dd>
<dt>Changed</dt><dd>${item.modifiedAt}</dd>
</dl>`
}

function plainText(body: EventItem['body']): string {
  return body.contentType === 'text' ? body.content : body.content.replaceAll(/<[^>]*>/g, ' ').trim()
}
