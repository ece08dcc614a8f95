import type { Event } from '@microsoft/microsoft-graph-types'

/** A meeting as somebody makes it in Outlook. */
export type OutlookMeeting = {
  subject: string
  /** Address of the room, asked as a resource. */
  room: string
  startsAt: string
  endsAt: string
  people?: readonly string[]
  isPrivate?: boolean
}

/** Somebody's own Outlook: what they do there is none of our calls. */
export type Outlook = {
  meet: (meeting: OutlookMeeting) => Promise<{ id: string; iCalUId: string }>
  change: (id: string, changes: Event) => Promise<void>
  move: (id: string, span: { startsAt: string; endsAt: string }) => Promise<void>
  cancel: (id: string) => Promise<void>
  /** Answers an invitation, in a mailbox that one may write in. */
  accept: (id: string) => Promise<void>
}

export type OutlookAccess = { origin: string; bearer: () => Promise<string>; mailbox: string }

export function outlookOf(access: OutlookAccess): Outlook {
  return {
    meet: async (meeting) => {
      const made = await call(access, 'POST', '/events', eventOf(meeting))
      const { id, iCalUId } = (await made.json()) as { id: string; iCalUId: string }
      return { id, iCalUId }
    },
    change: async (id, changes) => void (await call(access, 'PATCH', `/events/${id}`, changes)),
    move: async (id, { startsAt, endsAt }) => {
      await call(access, 'PATCH', `/events/${id}`, { start: utc(startsAt), end: utc(endsAt) })
    },
    cancel: async (id) => void (await call(access, 'POST', `/events/${id}/cancel`, { comment: '' })),
    accept: async (id) => void (await call(access, 'POST', `/events/${id}/accept`, { sendResponse: true })),
  }
}

function eventOf({ subject, room, startsAt, endsAt, people = [], isPrivate = false }: OutlookMeeting): Event {
  return {
    subject,
    start: utc(startsAt),
    end: utc(endsAt),
    attendees: [
      { type: 'resource', emailAddress: { address: room } },
      ...people.map((address) => ({ type: 'required' as const, emailAddress: { address } })),
    ],
    sensitivity: isPrivate ? 'private' : 'normal',
  }
}

function utc(instant: string) {
  return { dateTime: instant.replace('Z', ''), timeZone: 'UTC' }
}

async function call(
  { origin, bearer, mailbox }: OutlookAccess,
  method: string,
  path: string,
  body: object,
): Promise<Response> {
  const answer = await fetch(`${origin}/v1.0/users/${mailbox}${path}`, {
    method,
    headers: { authorization: `Bearer ${await bearer()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`Outlook: ${method} ${path} -> ${answer.status} ${await answer.text()}`)
  return answer
}
