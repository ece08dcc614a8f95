import { type CalendarCopy, spanOf } from '#graph/calendar-copy.ts'
import { sha256 } from '#kit/secret.ts'
import type { RoomView, roomAnswers } from './room-view.ts'

/** One event of a room's calendar as the mirror keeps it. */
export type MirrorItem = {
  eventId: string
  iCalUId: string
  etag: string
  digest: string
  startsAt: Date
  endsAt: Date
  view: RoomView
}

const subjectMax = 1_000
const nameMax = 300
const attendeesMax = 1_000

/**
 * A copy in our words. Two copies that mean the same have the same digest, whatever Exchange did to their letters: space at the ends, line
 * breaks, fractions of seconds, the case of addresses, names, the order of attendees.
 *
 * @param zone of the room's building, for meetings that take whole days
 */
export function mirrorItemOf(copy: CalendarCopy, zone: string): MirrorItem | null {
  const span = spanOf(copy, zone)
  if (span === null) return null
  const view = viewOf(copy)
  const ids = { eventId: clean(copy.id, Infinity), iCalUId: clean(copy.iCalUId, Infinity) }
  // An id that had to be cleaned names nothing any more.
  if (ids.eventId !== copy.id || ids.iCalUId === '') return null
  return { ...ids, etag: clean(copy['@odata.etag'], Infinity), digest: digestOf(view, span), ...span, view }
}

function viewOf(copy: CalendarCopy): RoomView {
  const people = copy.attendees.filter(({ type }) => type !== 'resource')
  const resources = copy.attendees.filter(({ type }) => type === 'resource')
  return {
    subject: clean(copy.subject, subjectMax),
    organizer: copy.organizer?.emailAddress ? personOf(copy.organizer.emailAddress) : null,
    answer: answers[copy.responseStatus?.response ?? 'none'],
    isCancelled: copy.isCancelled,
    isPrivate: copy.sensitivity === 'private' || copy.sensitivity === 'confidential',
    isAllDay: copy.isAllDay,
    showAs: clean(copy.showAs, nameMax),
    attendees: people.slice(0, attendeesMax).flatMap(({ emailAddress }) => {
      const person = emailAddress ? personOf(emailAddress) : null
      return person === null || person.address === '' ? [] : [person]
    }),
    resources: resources.flatMap(({ emailAddress }) => addressOf(emailAddress?.address) || []),
    type: copy.type,
    seriesMasterId: copy.seriesMasterId ? clean(copy.seriesMasterId, Infinity) : null,
    modifiedAt: momentOf(copy.lastModifiedDateTime),
    webLink: copy.webLink ? clean(copy.webLink, 2_000) : null,
  }
}

/** The room's own answer (Graph responseStatus): what was not answered reads differently in different copies. */
const answers = {
  none: 'none',
  notResponded: 'none',
  tentativelyAccepted: 'tentative',
  accepted: 'accepted',
  declined: 'declined',
  organizer: 'organizer',
} as const satisfies Record<string, (typeof roomAnswers)[number]>

function personOf({ name, address }: { name?: string | null | undefined; address?: string | null | undefined }) {
  return { name: clean(name, nameMax), address: addressOf(address) }
}

function addressOf(address: string | null | undefined): string {
  return clean(address, nameMax).toLowerCase()
}

function momentOf(text: string | null | undefined): string | null {
  const at = text ? Date.parse(text.replace(/(\.\d{3})\d*Z$/, '$1Z')) : Number.NaN
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** Text that a database can hold: no NUL, no half of a surrogate pair (PostgreSQL refuses both), one form of line break. */
function clean(text: string | null | undefined, max: number): string {
  const plain = (text ?? '').replaceAll('\0', '').replaceAll(/\r\n?/g, '\n').trim()
  return (plain.length > max ? plain.slice(0, max) : plain).toWellFormed()
}

/** Without what changes although nothing happened: when it was modified, its link, names of people. */
function digestOf({ modifiedAt: _, webLink: __, ...view }: RoomView, span: { startsAt: Date; endsAt: Date }): string {
  const meaning = {
    ...view,
    organizer: view.organizer?.address ?? null,
    attendees: view.attendees.map(({ address }) => address).sort(),
    resources: view.resources.toSorted(),
    startsAt: span.startsAt.toISOString(),
    endsAt: span.endsAt.toISOString(),
  }
  return sha256(JSON.stringify(meaning)).toString('base64url').slice(0, 22)
}
