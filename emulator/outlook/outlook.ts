import { type Context, Hono } from 'hono'
import { activeAccount, csrfTokenOf, forgetAccounts } from '../entra/browser-session.ts'
import { askToSignIn } from '../entra/sign-in.ts'
import { createEvent, itemIn, updateEvent } from '../exchange/mailbox.ts'
import type { TenantEnv } from '../http.ts'
import type { EventItem, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { calendarPage } from './calendar-page.ts'
import { rightsOn } from './calendar-rights.ts'
import { eventAction } from './event-actions.ts'
import { eventPage, eventPath } from './event-page.ts'
import { changesBetween, fieldsIn, fieldsOf, type MeetingFields, meetingFormPage, readMeeting } from './meeting-form.ts'
import type { Viewer } from './outlook-page.ts'
import { plainAnswer } from './plain-answer.ts'

type Handler = (c: Context<TenantEnv>, viewer: Viewer) => Response | Promise<Response>

/** A small Outlook: a person's own calendar and those they may open, with the same mailbox rules as Graph behind it. */
export function outlookRoutes(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  const signedIn = (handler: Handler) => (c: Context<TenantEnv>) => asViewer(c, tenant, handler)
  app.get('/', signedIn(showCalendar))
  app.get('/accounts', (c) => askToSignIn(c, tenant, '/outlook'))
  app.get('/new', signedIn(showNewMeeting))
  app.post('/new', signedIn(makeMeeting))
  app.get('/events/:id', signedIn(showEvent))
  app.post('/events/:id', signedIn(actOnEvent))
  app.get('/events/:id/edit', signedIn(showChange))
  app.post('/events/:id/edit', signedIn(changeMeeting))
  app.post('/sign-out', signedIn(signOut))
  return app
}

/** Every page needs a person, every post its token, and every mailbox the right to open it. */
async function asViewer(c: Context<TenantEnv>, tenant: Tenant, handler: Handler): Promise<Response> {
  const user = activeAccount(c, tenant)
  if (user === null)
    return c.req.method === 'GET' ? askToSignIn(c, tenant, destinationOf(c)) : c.redirect('/outlook', 303)
  const viewer = { tenant, user, csrfToken: csrfTokenOf(c, tenant) }
  if (c.req.method === 'POST') {
    const form = await formOf(c)
    if (form.get('csrf') !== viewer.csrfToken)
      return plainAnswer(c, viewer, 403, 'This form is too old. Go back and try again.')
  }
  const mailbox = mailboxOf(c, viewer)
  const rights = mailbox === undefined ? undefined : rightsOn(tenant, user, mailbox)
  if (mailbox === undefined || !rights?.reads) return plainAnswer(c, viewer, 403, 'You may not open this calendar.')
  if (c.req.method === 'POST' && !rights.writes) return plainAnswer(c, viewer, 403, 'You may not change this calendar.')
  return handler(c, viewer)
}

function showCalendar(c: Context<TenantEnv>, viewer: Viewer): Response | Promise<Response> {
  const view = c.req.query('view') === 'day' ? 'day' : 'week'
  const asked = { view, date: c.req.query('date'), message: c.req.query('message') ?? null } as const
  return c.html(calendarPage(viewer, { ...asked, mailbox: mailboxOrOwn(c, viewer) }))
}

function showEvent(c: Context<TenantEnv>, viewer: Viewer): Response | Promise<Response> {
  const { mailbox, item } = namedItem(c, viewer)
  if (item === undefined) return plainAnswer(c, viewer, 404, 'This item is no longer in the calendar.')
  const message = c.req.query('message') ?? null
  return c.html(eventPage(viewer, { item, mailbox, rights: rightsOn(viewer.tenant, viewer.user, mailbox), message }))
}

async function actOnEvent(c: Context<TenantEnv>, viewer: Viewer): Promise<Response> {
  const { mailbox, item } = namedItem(c, viewer)
  if (item === undefined) return plainAnswer(c, viewer, 404, 'This item is no longer in the calendar.')
  const form = await formOf(c)
  const action = eventAction(form.get('do') ?? '')
  if (action === undefined) return plainAnswer(c, viewer, 400, 'Choose what to do with the meeting.')
  const refusal = action.run(viewer.tenant, item, form)
  if (refusal !== undefined) return plainAnswer(c, viewer, 409, refusal)
  const still = itemIn(viewer.tenant, mailbox.id, item.id)
  return still === undefined
    ? backToCalendar(c, mailbox, action.said)
    : c.redirect(withMessage(eventPath(viewer, still), action.said), 303)
}

function showNewMeeting(c: Context<TenantEnv>, viewer: Viewer): Response | Promise<Response> {
  const date =
    /^\d{4}-\d\d-\d\d$/.exec(c.req.query('date') ?? '')?.[0] ?? viewer.tenant.now().toISOString().slice(0, 10)
  const times = { start: `${date}T10:00`, end: `${date}T10:30`, allDay: '' }
  const fields = { subject: '', ...times, people: '', room: '', notes: '', showAs: 'busy', private: '' }
  return newMeetingForm(c, viewer, fields, null)
}

async function makeMeeting(c: Context<TenantEnv>, viewer: Viewer): Promise<Response> {
  const mailbox = mailboxOrOwn(c, viewer)
  const fields = fieldsIn(await formOf(c))
  const read = readMeeting(fields, viewer)
  if (!read.ok) return newMeetingForm(c, viewer, fields, read.error)
  const zone = viewer.user.timeZone
  const made = createEvent(viewer.tenant, mailbox, {
    ...read.meeting,
    originalStartTimeZone: zone,
    originalEndTimeZone: zone,
  })
  return c.redirect(
    withMessage(eventPath(viewer, made.item), read.meeting.attendees.length > 0 ? 'Sent.' : 'Saved.'),
    303,
  )
}

function newMeetingForm(c: Context<TenantEnv>, viewer: Viewer, fields: MeetingFields, error: string | null) {
  const mailbox = mailboxOrOwn(c, viewer)
  const action = `/outlook/new?mailbox=${encodeURIComponent(mailbox.mail)}`
  return c.html(
    meetingFormPage(viewer, { mailbox, fields, error, action, heading: 'New meeting' }),
    error === null ? 200 : 422,
  )
}

function showChange(c: Context<TenantEnv>, viewer: Viewer): Response | Promise<Response> {
  const { item } = namedItem(c, viewer)
  if (item === undefined) return plainAnswer(c, viewer, 404, 'This item is no longer in the calendar.')
  return changeForm(c, viewer, item, fieldsOf(item, viewer), null)
}

async function changeMeeting(c: Context<TenantEnv>, viewer: Viewer): Promise<Response> {
  const { item } = namedItem(c, viewer)
  if (item === undefined) return plainAnswer(c, viewer, 404, 'This item is no longer in the calendar.')
  const fields = fieldsIn(await formOf(c))
  const read = readMeeting(fields, viewer)
  if (!read.ok) return changeForm(c, viewer, item, fields, read.error)
  const changed = updateEvent(viewer.tenant, item, changesBetween(item, fieldsOf(item, viewer), fields, read.meeting))
  return c.redirect(
    withMessage(eventPath(viewer, changed), item.isOrganizer ? 'Changed and sent.' : 'This copy is changed.'),
    303,
  )
}

function changeForm(
  c: Context<TenantEnv>,
  viewer: Viewer,
  item: EventItem,
  fields: MeetingFields,
  error: string | null,
) {
  const mailbox = mailboxOrOwn(c, viewer)
  const action = eventPath(viewer, item).replace('?', '/edit?')
  return c.html(
    meetingFormPage(viewer, { mailbox, fields, error, action, heading: 'Change meeting' }),
    error === null ? 200 : 422,
  )
}

function signOut(c: Context<TenantEnv>, viewer: Viewer): Response {
  forgetAccounts(c, viewer.tenant, viewer.user.id)
  return c.redirect('/', 303)
}

function namedItem(c: Context<TenantEnv>, viewer: Viewer): { mailbox: User; item: EventItem | undefined } {
  const mailbox = mailboxOrOwn(c, viewer)
  return { mailbox, item: itemIn(viewer.tenant, mailbox.id, c.req.param('id') ?? '') }
}

/** The calendar in the address, the viewer's own when none is named, undefined when it does not exist. */
function mailboxOf(c: Context<TenantEnv>, viewer: Viewer): User | undefined {
  const named = c.req.query('mailbox')
  return named === undefined ? viewer.user : viewer.tenant.findUser(named)
}

function mailboxOrOwn(c: Context<TenantEnv>, viewer: Viewer): User {
  return mailboxOf(c, viewer) ?? viewer.user
}

function backToCalendar(c: Context<TenantEnv>, mailbox: User, message: string): Response {
  return c.redirect(withMessage(`/outlook?mailbox=${encodeURIComponent(mailbox.mail)}`, message), 303)
}

function withMessage(path: string, message: string): string {
  return `${path}&message=${encodeURIComponent(message)}`
}

/** Hono keeps the text of a body, so it can be read more than once. */
async function formOf(c: Context<TenantEnv>): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}

function destinationOf(c: Context<TenantEnv>): string {
  const url = new URL(c.req.url)
  return url.pathname + url.search
}
