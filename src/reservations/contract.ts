import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { room } from '#rooms/contract.ts'

export const reservationStates = [
  'draft',
  'awaiting_confirmation',
  'awaiting_approval',
  'confirmed',
  'conflicted',
  'declined',
  'rejected',
  'expired',
  'cancelled',
  'failed',
] as const

/** How a reservation came about. Interactive ones are a person at a screen; for the others the system acts (product decision "interactive sources"). */
export const reservationSources = [
  'portal',
  'quick_reservation',
  'mobile',
  'event_planner',
  'rest_api',
  'cli',
  'panel',
  'system',
  'outlook',
] as const
export type ReservationSource = (typeof reservationSources)[number]

export const reservationState = z.enum(reservationStates)
export type ReservationState = z.infer<typeof reservationState>

export const invitee = z.object({
  email: z.email('Enter an e-mail address such as ada@contoso.example.').max(320),
  displayName: z.string().max(200).default(''),
})

export const reservation = z.object({
  id: z.uuid(),
  room,
  subject: z.string(),
  notes: z.string(),
  isPrivate: z.boolean(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  timeZone: z.string().describe('IANA zone of the building: wall times are shown in it'),
  state: reservationState,
  stateReason: z.string().nullable().describe('A sentence: why it is in this state and what can be done'),
  requestedFor: z.object({
    id: z.uuid().nullable().describe('Null when somebody who is not known here organises the meeting in Outlook'),
    displayName: z.string(),
    email: z.string(),
  }),
  invitees: z.array(invitee),
  source: z.enum(reservationSources),
  /** A draft that waits for the person's permission names the credential that has to be authorised. */
  permissionNeeded: z.object({ credentialId: z.uuid(), say: z.string() }).nullable(),
  mayChange: z.boolean(),
  mayNotChangeBecause: z.string().nullable().describe('The reason, and what to do instead'),
  changesAreProposed: z
    .string()
    .nullable()
    .describe('Set when a change is not made but kept and mailed to the organizer; says why'),
  proposals: z.array(z.object({ id: z.uuid(), sentence: z.string(), at: z.iso.datetime() })),
  organizer: z.enum(['person', 'delegated_mailbox']).describe('Whose calendar the meeting is in'),
  syncState: z.enum([
    'not_required',
    'synchronization_required',
    'sync_enqueued',
    'synchronized',
    'not_sent',
    'failed',
  ]),
  approval: z.enum(['not_required', 'awaiting_approval', 'approved', 'rejected']).describe('Our own approval'),
  externalApproval: z
    .enum(['not_required', 'awaiting_approval', 'accepted', 'declined'])
    .describe('What the people who look after the room in Outlook said'),
  mayApprove: z.boolean(),
  inOutlook: z.boolean().describe('The event exists in the organizer’s calendar'),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
})
export type Reservation = z.infer<typeof reservation>

export const historyEntry = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  kind: z
    .string()
    .describe(
      'requested, permission_needed, event_created, event_changed, event_cancelled, room_accepted, room_declined, room_tentative, retry, failed, ...',
    ),
  sentence: z.string(),
  identity: z.string().nullable().describe('The account whose permission was used'),
  requestId: z.string().nullable().describe('Microsoft Graph request-id'),
  details: z.record(z.string(), z.unknown()),
})
export type HistoryEntry = z.infer<typeof historyEntry>

const instant = z.iso.datetime({ offset: true, error: 'Enter a time such as 2026-11-24T10:00:00+01:00.' })
const subject = z.string().trim().min(1, 'Enter a subject.').max(255)

export const availability = endpoint({
  method: 'GET',
  path: '/api/reservations/availability',
  summary: 'Rooms with their day: which are free in the wished time, and what holds them',
  access: 'signed_in',
  query: z.object({
    from: instant,
    to: instant,
    capacity: z.coerce.number().int().min(1).max(10_000).default(1),
    buildingId: z.uuid().optional(),
    equipment: z.string().max(500).optional().describe('Comma-separated; a room must have all of them'),
    freeOnly: z.stringbool().default(false),
  }),
  answer: z.object({
    rooms: z.array(
      z.object({
        room,
        free: z.boolean(),
        busy: z.array(
          z.object({ from: z.iso.datetime(), to: z.iso.datetime(), mine: z.boolean(), label: z.string().nullable() }),
        ),
      }),
    ),
  }),
})

const alternatives = z.array(z.object({ roomId: z.uuid(), name: z.string(), capacity: z.number().int() }))

export const book = endpoint({
  method: 'POST',
  path: '/api/reservations',
  summary:
    'Reserve a room for yourself. Without your permission at Microsoft it is kept as a draft that goes on by itself once you gave it',
  access: 'signed_in',
  body: z.strictObject({
    roomId: z.uuid('Choose a room.'),
    subject,
    startsAt: instant,
    endsAt: instant,
    notes: z.string().max(10_000).default(''),
    isPrivate: z.boolean().default(false),
    invitees: z.array(invitee).max(100).default([]),
    requestedForId: z.uuid().optional().describe('Somebody else, where the mode allows it; yourself when left out'),
    source: z
      .enum(['portal', 'quick_reservation', 'mobile', 'event_planner', 'rest_api', 'panel'])
      .optional()
      .describe('What asks. Programs with an API token may say panel, pages which of them it is'),
    idempotencyKey: z.string().max(255).optional().describe('The same key gives the same reservation'),
  }),
  answer: reservation,
  status: 201,
  errors: [
    'reservations.room_taken',
    'reservations.in_the_past',
    'reservations.too_long',
    'reservations.too_far_ahead',
    'reservations.ends_before_start',
    'reservations.key_reused',
    'reservations.room_unknown',
    'reservations.no_permission_possible',
    'reservations.not_allowed_in_mode',
    'reservations.person_unknown',
    'reservations.source_not_allowed',
  ],
})

export const listReservations = endpoint({
  method: 'GET',
  path: '/api/reservations',
  summary: 'My reservations, soonest first; administrators may ask for everybody’s',
  access: 'signed_in',
  query: listQuery.extend({
    whose: z.enum(['mine', 'all', 'to_approve']).default('mine'),
    when: z.enum(['upcoming', 'past', 'any']).default('upcoming'),
  }),
  answer: pageOf(reservation),
})

export const readReservingRules = endpoint({
  method: 'GET',
  path: '/api/reservations/rules',
  summary: 'For whom you may reserve a room here, and in whose calendar the meeting will be',
  access: 'signed_in',
  query: z.object({ roomId: z.uuid() }),
  answer: z.object({
    organizer: z
      .enum(['person', 'delegated_mailbox'])
      .nullable()
      .describe('Whose calendar the meeting will be in; null for a room that is in no calendar but ours'),
    forOthers: z.boolean().describe('Whether you may reserve it for somebody else'),
    notForOthersBecause: z.string().nullable().describe('The reason, and what to do instead'),
  }),
  errors: ['reservations.room_unknown'],
})

const byId = z.object({ id: z.uuid() })

export const readReservation = endpoint({
  method: 'GET',
  path: '/api/reservations/{id}',
  summary: 'One reservation with its timeline, newest first, and free alternatives when the room declined',
  access: 'signed_in',
  params: byId,
  answer: z.object({ reservation, history: z.array(historyEntry), alternatives }),
  errors: ['reservations.not_found'],
})

export const changeReservation = endpoint({
  method: 'PATCH',
  path: '/api/reservations/{id}',
  summary: 'Change time, subject, notes, privacy or invitees',
  access: 'signed_in',
  params: byId,
  body: z.strictObject({
    version: z.number().int(),
    subject: subject.optional(),
    startsAt: instant.optional(),
    endsAt: instant.optional(),
    notes: z.string().max(10_000).optional(),
    isPrivate: z.boolean().optional(),
    invitees: z.array(invitee).max(100).optional(),
  }),
  answer: reservation,
  errors: [
    'reservations.not_found',
    'reservations.room_taken',
    'reservations.changed_by_someone_else',
    'reservations.may_not_change',
    'reservations.not_allowed_in_mode',
    'reservations.in_the_past',
    'reservations.too_long',
    'reservations.too_far_ahead',
    'reservations.ends_before_start',
  ],
})

export const cancelReservation = endpoint({
  method: 'POST',
  path: '/api/reservations/{id}/cancel',
  summary: 'Cancel; the meeting is cancelled in Outlook too',
  access: 'signed_in',
  params: byId,
  body: z.strictObject({ reason: z.string().max(500).default('') }),
  answer: reservation,
  errors: ['reservations.not_found', 'reservations.may_not_change', 'reservations.not_allowed_in_mode'],
})

export const submitReservation = endpoint({
  method: 'POST',
  path: '/api/reservations/{id}/submit',
  summary: 'Go on with a draft',
  access: 'signed_in',
  params: byId,
  answer: reservation,
  errors: [
    'reservations.not_found',
    'reservations.may_not_change',
    'reservations.room_taken',
    'reservations.in_the_past',
    'reservations.no_permission_possible',
    'reservations.not_allowed_in_mode',
  ],
})

const decision = z.strictObject({ comment: z.string().max(500).default('') })

export const approveReservation = endpoint({
  method: 'POST',
  path: '/api/reservations/{id}/approve',
  summary: 'Approve a reservation of a room that needs our own approval',
  access: ['approver'],
  params: byId,
  body: decision,
  answer: reservation,
  errors: ['reservations.not_found', 'reservations.nothing_to_approve'],
})

export const rejectReservation = endpoint({
  method: 'POST',
  path: '/api/reservations/{id}/reject',
  summary: 'Reject it: the room is freed, the person’s meeting stays with a note',
  access: ['approver'],
  params: byId,
  body: decision,
  answer: reservation,
  errors: ['reservations.not_found', 'reservations.nothing_to_approve'],
})
