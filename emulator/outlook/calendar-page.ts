import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import { itemsIn } from '../exchange/mailbox.ts'
import type { EventItem, User } from '../model.ts'
import { type CalendarDay, type CalendarView, daysOf, itemsOn, rangeOf, stepFrom, timesOf } from './calendar-days.ts'
import { type CalendarRights, openableCalendars, rightsOn, subjectFor } from './calendar-rights.ts'
import { eventPath, responseWords, waitsForApproval } from './event-page.ts'
import { outlookPage, type Viewer } from './outlook-page.ts'

export type CalendarAsked = { mailbox: User; view: CalendarView; date: string | undefined; message: string | null }

/** A week or a day of one calendar, beside the calendars this person can open. */
export function calendarPage(viewer: Viewer, asked: CalendarAsked): Html {
  const { mailbox, view } = asked
  const days = daysOf(view, asked.date, viewer.user.timeZone, viewer.tenant.now())
  const items = itemsIn(viewer.tenant, mailbox.id)
  const title = mailbox.id === viewer.user.id ? 'My calendar' : mailbox.displayName
  return outlookPage(
    `${title} – Calendar`,
    viewer,
    html`<div class="frame">
${calendarList(viewer, asked)}
<section aria-labelledby="range">
${asked.message === null ? null : html`<p class="message" role="status">${asked.message}</p>`}
${toolBar(viewer, asked, days)}
<p class="quiet">${title}. Times are in ${viewer.user.timeZone}.</p>
<ol class="days ${view === 'day' ? 'one' : ''}">${days.map((day) => dayColumn(viewer, mailbox, day, items))}</ol>
</section>
</div>`,
  )
}

function calendarList(viewer: Viewer, asked: CalendarAsked): Html {
  const [own, ...others] = openableCalendars(viewer.tenant, viewer.user)
  const entry = (mailbox: User | undefined, name: string) =>
    mailbox === undefined
      ? null
      : html`<li><a href="${calendarPath(mailbox, asked.view, asked.date)}" ${mailbox.id === asked.mailbox.id ? html`aria-current="page"` : null}>${name}${toApprove(viewer, mailbox)}</a></li>`
  return html`<aside aria-label="Calendars">
<h2>My calendars</h2><ul>${entry(own, 'Calendar')}</ul>
${others.length === 0 ? null : html`<h2>Calendars I may open</h2><ul>${others.map((other) => entry(other, other.displayName))}</ul>`}
</aside>`
}

/** How many requests of a room wait for whoever may answer for it. */
function toApprove(viewer: Viewer, mailbox: User): Html | null {
  if (!rightsOn(viewer.tenant, viewer.user, mailbox).writes) return null
  const now = viewer.tenant.now().toISOString()
  const open = itemsIn(viewer.tenant, mailbox.id).filter((item) => item.endsAt > now && waitsForApproval(mailbox, item))
  return open.length === 0 ? null : html` <span class="mark">${open.length} to approve</span>`
}

function toolBar(viewer: Viewer, { mailbox, view, date }: CalendarAsked, days: CalendarDay[]): Html {
  const rights = rightsOn(viewer.tenant, viewer.user, mailbox)
  const current = html`aria-current="page"`
  const create = html`<a class="button primary" href="/outlook/new?mailbox=${encodeURIComponent(mailbox.mail)}&date=${days[0]?.date ?? ''}">New meeting</a>`
  return html`<div class="tools">
<h1 id="range">${rangeOf(days)}</h1>
<a class="button" href="${calendarPath(mailbox, view, stepFrom(days, -1))}">Previous</a>
<a class="button" href="${calendarPath(mailbox, view, undefined)}">Today</a>
<a class="button" href="${calendarPath(mailbox, view, stepFrom(days, 1))}">Next</a>
<a class="button" ${view === 'week' ? current : null} href="${calendarPath(mailbox, 'week', date)}">Week</a>
<a class="button" ${view === 'day' ? current : null} href="${calendarPath(mailbox, 'day', date)}">Day</a>
${rights.writes ? create : null}
</div>`
}

function dayColumn(viewer: Viewer, mailbox: User, day: CalendarDay, items: EventItem[]): Html {
  const rights = rightsOn(viewer.tenant, viewer.user, mailbox)
  const todays = itemsOn(day, items)
  return html`<li class="day ${day.isToday ? 'today' : ''}"><h2>${day.label}</h2>
${todays.length === 0 ? html`<p class="quiet">Nothing</p>` : html`<ul>${todays.map((item) => itemCard(viewer, rights, item))}</ul>`}
</li>`
}

function itemCard(viewer: Viewer, rights: CalendarRights, item: EventItem): Html {
  const place = placeOf(item)
  return html`<li><a class="item ${toneOf(item)}" href="${eventPath(viewer, item)}">
<span class="times">${timesOf(item, viewer.user.timeZone)}</span><strong>${subjectFor(rights, item)}</strong>${place === '' ? null : html`<span>${place}</span>`}<span>${standingOf(item)}${item.sensitivity === 'private' && rights.readsPrivate ? ', private' : ''}</span></a></li>`
}

/** Where, and on the organizer's copy what each room said. */
function placeOf(item: EventItem): string {
  const rooms = item.isOrganizer ? item.attendees.filter((one) => one.type === 'resource') : []
  const said = rooms.map((room) => `${room.emailAddress.name}: ${responseWords[room.status.response]}`)
  return said.length === 0 ? (item.location?.displayName ?? '') : said.join(', ')
}

/** How an item stands, in a word; colour only repeats it. */
export function standingOf(item: EventItem): string {
  if (item.isCancelled) return 'Canceled'
  if (item.isOrganizer) return item.attendees.length === 0 ? 'Appointment' : 'Organizer'
  const words = { accepted: 'Accepted', tentativelyAccepted: 'Tentative', declined: 'Declined' } as const
  const { response } = item.responseStatus
  return response in words ? words[response as keyof typeof words] : 'Not answered'
}

export function calendarPath(mailbox: User, view: CalendarView, date: string | undefined): string {
  const query = new URLSearchParams({ mailbox: mailbox.mail, view, ...(date === undefined ? {} : { date }) })
  return `/outlook?${query}`
}

function toneOf(item: EventItem): string {
  if (item.isCancelled) return 'gone'
  if (item.showAs === 'free' || item.showAs === 'oof') return item.showAs
  return item.showAs === 'tentative' || standingOf(item) === 'Not answered' ? 'waiting' : ''
}
