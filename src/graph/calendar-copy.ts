import { z } from 'zod'
import { responseKinds } from './event.ts'

/** Longer ids are nothing of Exchange's, and no index of ours holds them. */
const idMax = 1_000

const text = z.string().nullish().catch(null)
const emailAddress = z.object({ name: text, address: text }).nullish().catch(null)
const moment = z.object({ dateTime: z.string(), timeZone: z.string() })

const attendee = z.object({ emailAddress, type: z.enum(['required', 'optional', 'resource']).catch('required') })

/**
 * A copy of an event as one of its participants has it. What we need to tell it apart must be there; everything else may be missing,
 * null or of a kind that is new to us, since one odd meeting must not keep a whole calendar from being read.
 */
const calendarCopy = z.object({
  id: z.string().min(1).max(idMax),
  '@odata.etag': z.string().min(1).max(idMax),
  iCalUId: z.string().min(1).max(idMax),
  start: moment,
  end: moment,
  subject: text,
  organizer: z.object({ emailAddress }).nullish().catch(null),
  attendees: z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => attendee.safeParse(one).data ?? [])),
  responseStatus: z
    .object({ response: z.enum(responseKinds).catch('none') })
    .nullish()
    .catch(null),
  isCancelled: z.boolean().catch(false),
  isAllDay: z.boolean().catch(false),
  showAs: z.string().catch('unknown'),
  sensitivity: z.string().catch('normal'),
  type: z.enum(['singleInstance', 'occurrence', 'exception', 'seriesMaster']).catch('singleInstance'),
  seriesMasterId: text,
  originalStartTimeZone: text,
  lastModifiedDateTime: text,
  webLink: text,
})
export type CalendarCopy = z.infer<typeof calendarCopy>

/** One member of a list of a calendar. */
export type CalendarItem =
  | { is: 'copy'; id: string; copy: CalendarCopy }
  /** Gone, or changed outside of the window (event-delta): which of the two is not said. */
  | { is: 'removed'; id: string }
  /** An occurrence that names nothing but its series, its time and its version, as delta has them. */
  | { is: 'stub'; id: string; seriesMasterId: string }
  | { is: 'unreadable'; id: string | null; because: string }

const removed = z.object({ id: z.string().min(1), '@removed': z.looseObject({}) })
const stub = z.object({
  id: z.string().min(1),
  seriesMasterId: z.string().min(1),
  type: z.literal('occurrence'),
  iCalUId: z.undefined().optional(),
})
const named = z.object({ id: z.string().min(1) })

/** Reads one member. Never fails: what cannot be read is said to be so, with its id if it has one. */
export function calendarItem(value: unknown): CalendarItem {
  const gone = removed.safeParse(value)
  if (gone.success) return { is: 'removed', id: gone.data.id }
  const occurrence = stub.safeParse(value)
  if (occurrence.success) return { is: 'stub', id: occurrence.data.id, seriesMasterId: occurrence.data.seriesMasterId }
  const copy = calendarCopy.safeParse(value)
  if (copy.success && spanOf(copy.data, 'UTC') !== null) return { is: 'copy', id: copy.data.id, copy: copy.data }
  const because = copy.success
    ? 'its times cannot be read'
    : copy.error.issues.map(({ path }) => path.join('.')).join(', ')
  return { is: 'unreadable', id: named.safeParse(value).data?.id ?? null, because: because.slice(0, 200) }
}

type Times = Pick<CalendarCopy, 'start' | 'end' | 'isAllDay' | 'originalStartTimeZone'>

/**
 * The instants of a copy that was asked for in UTC, or null when they cannot be read. A meeting that takes whole days is midnight to
 * midnight in whatever zone it is read in: it has days, not instants. They are taken as days of the zone it was made in, or where that
 * has a name of Windows', of `zone`.
 */
export function spanOf({ start, end, isAllDay, originalStartTimeZone }: Times, zone: string): Span | null {
  const dayZone = isAllDay ? (knownZone(originalStartTimeZone) ?? zone) : 'UTC'
  const startsAt = instantIn(start, dayZone)
  const endsAt = instantIn(end, dayZone)
  return startsAt === null || endsAt === null || endsAt < startsAt ? null : { startsAt, endsAt }
}

export type Span = { startsAt: Date; endsAt: Date }

/** Seven digits of fraction, no offset; whole seconds are all that matters of a meeting. */
function instantIn({ dateTime, timeZone }: z.infer<typeof moment>, zone: string): Date | null {
  const wall = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?$/.exec(dateTime)?.[1]
  if (wall === undefined || !/(^|\/)utc$/i.test(timeZone)) return null
  try {
    return new Date(Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds)
  } catch {
    return null
  }
}

/** Only names of the IANA are known to the runtime; UTC says nothing about where a day was meant. */
function knownZone(name: string | null | undefined): string | null {
  if (!name || !/^[A-Z][\w+-]*\/[\w+/-]+$/i.test(name) || /^(tzone|etc)/i.test(name)) return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
