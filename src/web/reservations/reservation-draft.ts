import type { z } from 'zod'
import { book, type changeReservation, type invitee, type Reservation } from '#reservations/contract.ts'
import type { Room } from '#rooms/contract.ts'
import type { DirectoryEntry } from '../people/use-directory.ts'
import { dateOf, instantAt, minutesBetween, timeOf } from '../rooms/wall-time.ts'
import type { Span } from '../rooms/wish.ts'

export type Invitee = z.output<typeof invitee>

/** What the sheet holds while somebody types. Day and times are on the clock of the building. */
export type ReservationDraft = {
  date: string
  from: string
  to: string
  subject: string
  notes: string
  isPrivate: boolean
  invitees: readonly Invitee[]
  /** Whose meeting it will be; oneself when null. A reservation that is there keeps its owner. */
  requestedFor: DirectoryEntry | null
}

export type FieldErrors = Partial<Record<keyof ReservationDraft, string>>

export const nothingTyped = {
  subject: '',
  notes: '',
  isPrivate: false,
  invitees: [] as readonly Invitee[],
  requestedFor: null as DirectoryEntry | null,
}

export function slotOf(span: Span, timeZone: string): Pick<ReservationDraft, 'date' | 'from' | 'to'> {
  return { date: dateOf(span.from, timeZone), from: timeOf(span.from, timeZone), to: timeOf(span.to, timeZone) }
}

export function draftOf(reservation: Reservation): ReservationDraft {
  const { subject, notes, isPrivate, invitees, timeZone } = reservation
  const span = { from: Temporal.Instant.from(reservation.startsAt), to: Temporal.Instant.from(reservation.endsAt) }
  return { ...slotOf(span, timeZone), subject, notes, isPrivate, invitees, requestedFor: null }
}

export type BookBody = z.input<NonNullable<typeof book.body>>
export type ChangeBody = z.input<NonNullable<typeof changeReservation.body>>

export function bookBody(draft: ReservationDraft, room: Room): Omit<BookBody, 'idempotencyKey'> {
  const { subject, notes, isPrivate, invitees, requestedFor } = draft
  return {
    roomId: room.id,
    ...(requestedFor ? { requestedForId: requestedFor.id } : {}),
    subject,
    notes,
    isPrivate,
    invitees: [...invitees],
    ...instants(draft, room.building.timeZone),
  }
}

/** Only what differs is sent, so that two people who change different things do not undo each other. */
export function changeBody(draft: ReservationDraft, before: Reservation): ChangeBody | null {
  const was = draftOf(before)
  const moved = was.date !== draft.date || was.from !== draft.from || was.to !== draft.to
  const changes = {
    ...(moved && instants(draft, before.timeZone)),
    ...(was.subject !== draft.subject && { subject: draft.subject }),
    ...(was.notes !== draft.notes && { notes: draft.notes }),
    ...(was.isPrivate !== draft.isPrivate && { isPrivate: draft.isPrivate }),
    ...(JSON.stringify(was.invitees) !== JSON.stringify(draft.invitees) && { invitees: [...draft.invitees] }),
  }
  return Object.keys(changes).length > 0 ? { version: before.version, ...changes } : null
}

/** What the person has to mend before it can be sent: the server's own rules, asked here first. */
export function draftErrors(draft: ReservationDraft): FieldErrors {
  const errors: FieldErrors = {}
  const { subject, notes, invitees } = draft
  const parsed = typedShape?.safeParse({ subject, notes, invitees })
  for (const issue of parsed?.error?.issues ?? []) {
    const field = issue.path[0]
    if (isField(field)) errors[field] ??= issue.message
  }
  if (minutesBetween(draft.from, draft.to) <= 0) errors.to = 'Choose an end after the start.'
  return errors
}

/** The server's messages, on the fields of this form. */
export function fieldErrors(fields: Record<string, string>): FieldErrors {
  const names: Record<string, keyof ReservationDraft> = {
    startsAt: 'from',
    endsAt: 'to',
    requestedForId: 'requestedFor',
  }
  const errors: FieldErrors = {}
  for (const [path, message] of Object.entries(fields)) {
    const first = path.split('.')[0] ?? ''
    const field = names[first] ?? first
    if (isField(field)) errors[field] ??= message
  }
  return errors
}

const typedShape = book.body?.pick({ subject: true, notes: true, invitees: true })

function isField(name: unknown): name is keyof ReservationDraft {
  return typeof name === 'string' && ['date', 'from', 'to', ...Object.keys(nothingTyped)].includes(name)
}

function instants({ date, from, to }: ReservationDraft, timeZone: string) {
  return { startsAt: String(instantAt(date, from, timeZone)), endsAt: String(instantAt(date, to, timeZone)) }
}
