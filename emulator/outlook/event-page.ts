import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { Attendee, EventItem, User } from '../model.ts'
import { longTimesOf } from './calendar-days.ts'
import { type CalendarRights, subjectFor } from './calendar-rights.ts'
import { csrfField, outlookPage, type Viewer } from './outlook-page.ts'

export type EventShown = { item: EventItem; mailbox: User; rights: CalendarRights; message: string | null }

/** One item: what it is, who answered what, and what this person may do with it. */
export function eventPage(viewer: Viewer, { item, mailbox, rights, message }: EventShown): Html {
  const hidden = item.sensitivity !== 'normal' && !rights.readsPrivate
  return outlookPage(
    `${subjectFor(rights, item)} – Calendar`,
    viewer,
    html`<div class="frame single"><div>
${message === null ? null : html`<p class="message" role="status">${message}</p>`}
<p><a href="/outlook?mailbox=${encodeURIComponent(mailbox.mail)}">Back to ${mailbox.id === viewer.user.id ? 'my calendar' : mailbox.displayName}</a></p>
<article class="card">
<h1>${subjectFor(rights, item)}</h1>
${hidden ? html`<p>${longTimesOf(item, viewer.user.timeZone)}</p>` : details(viewer, item)}
${rights.writes && !hidden ? actions(viewer, item) : null}
</article>
<details class="card"><summary>What Exchange keeps</summary>${records(item, mailbox)}</details>
</div></div>`,
  )
}

/** The address of an item's page. */
export function eventPath(viewer: Viewer, item: EventItem): string {
  const mailbox = viewer.tenant.users.get(item.mailboxId)?.mail ?? ''
  return `/outlook/events/${encodeURIComponent(item.id)}?mailbox=${encodeURIComponent(mailbox)}`
}

function details(viewer: Viewer, item: EventItem): Html {
  return html`<dl>
<dt>When</dt><dd>${longTimesOf(item, viewer.user.timeZone)}</dd>
<dt>Where</dt><dd>${item.location?.displayName || 'Nowhere named'}</dd>
<dt>Organizer</dt><dd>${item.organizer.name} <span class="quiet">${item.organizer.address}</span></dd>
<dt>Invited</dt><dd>${item.attendees.length === 0 ? 'Nobody' : html`<ul>${item.attendees.map(attendeeRow)}</ul>`}</dd>
<dt>Shows as</dt><dd>${item.showAs}${item.isCancelled ? ', canceled' : ''}</dd>
</dl>
${item.body.content === '' ? null : html`<p class="body">${plainText(item.body)}</p>`}`
}

function attendeeRow({ emailAddress, type, status }: Attendee): Html {
  return html`<li>${emailAddress.name || emailAddress.address} <span class="quiet">${type}</span>: ${responseWords[status.response]}</li>`
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
  return html`<form method="post" action="${eventPath(viewer, item)}">${csrfField(viewer)}
<div class="buttons">
${item.isOrganizer || item.isCancelled ? null : answers}
${item.isCancelled ? null : change}
<button class="danger" name="do" value="${cancels ? 'cancel' : 'delete'}">${cancels ? 'Cancel meeting' : 'Delete'}</button>
</div></form>`
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
