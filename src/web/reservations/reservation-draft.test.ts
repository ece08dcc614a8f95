import { describe, expect, test } from 'vitest'
import type { Reservation } from '#reservations/contract.ts'
import { bookBody, changeBody, draftErrors, draftOf, fieldErrors, nothingTyped } from './reservation-draft.ts'

const reservation: Reservation = {
  id: '6f6e6e6e-0000-4000-8000-000000000001',
  room: {
    id: '6f6e6e6e-0000-4000-8000-000000000002',
    name: 'Mercury',
    mailbox: 'mercury@contoso.example',
    building: {
      id: '6f6e6e6e-0000-4000-8000-000000000003',
      name: 'Hudson Yard',
      city: 'New York',
      timeZone: 'America/New_York',
    },
    floor: 1,
    capacity: 6,
    equipment: [],
    needsApproval: false,
  },
  subject: 'Planning',
  notes: '',
  isPrivate: false,
  startsAt: '2026-11-24T15:00:00.000Z',
  endsAt: '2026-11-24T15:30:00.000Z',
  timeZone: 'America/New_York',
  state: 'confirmed',
  stateReason: null,
  requestedFor: {
    id: '6f6e6e6e-0000-4000-8000-000000000004',
    displayName: 'Alice Meyer',
    email: 'alice@contoso.example',
  },
  invitees: [{ email: 'bob@contoso.example', displayName: 'Bob' }],
  source: 'portal',
  permissionNeeded: null,
  mayChange: true,
  mayNotChangeBecause: null,
  changesAreProposed: null,
  proposals: [],
  organizer: 'person',
  syncState: 'synchronized',
  approval: 'not_required',
  externalApproval: 'not_required',
  mayApprove: false,
  inOutlook: true,
  version: 3,
  createdAt: '2026-11-23T15:00:00.000Z',
}

describe('a draft of a reservation', () => {
  test('is on the clock of the building', () => {
    expect(draftOf(reservation)).toMatchObject({ date: '2026-11-24', from: '10:00', to: '10:30' })
  })

  test('is sent as instants', () => {
    const body = bookBody(draftOf(reservation), reservation.room)
    expect(body).toMatchObject({
      startsAt: '2026-11-24T15:00:00Z',
      endsAt: '2026-11-24T15:30:00Z',
      subject: 'Planning',
    })
    expect(body).not.toHaveProperty('requestedForId')
  })

  test('for somebody else names them', () => {
    const requestedFor = {
      id: '6f6e6e6e-0000-4000-8000-000000000009',
      displayName: 'Bob',
      email: 'bob@contoso.example',
    }
    const body = bookBody({ ...draftOf(reservation), requestedFor }, reservation.room)
    expect(body.requestedForId).toBe(requestedFor.id)
  })
})

describe('a change', () => {
  test('that changes nothing is none', () => {
    expect(changeBody(draftOf(reservation), reservation)).toBeNull()
  })

  test('sends only what differs, with the version that was read', () => {
    const draft = { ...draftOf(reservation), subject: 'Planning 2027' }
    expect(changeBody(draft, reservation)).toEqual({ version: 3, subject: 'Planning 2027' })
  })

  test('of the time sends both ends', () => {
    const draft = { ...draftOf(reservation), to: '11:00' }
    expect(changeBody(draft, reservation)).toEqual({
      version: 3,
      startsAt: '2026-11-24T15:00:00Z',
      endsAt: '2026-11-24T16:00:00Z',
    })
  })
})

describe('what has to be mended', () => {
  const draft = { ...nothingTyped, date: '2026-11-24', from: '10:00', to: '10:30' }

  test('is said on the field', () => {
    expect(draftErrors(draft)).toEqual({ subject: 'Enter a subject.' })
    expect(draftErrors({ ...draft, subject: ' ' })).toEqual({ subject: 'Enter a subject.' })
    expect(draftErrors({ ...draft, subject: 'Planning', to: '09:00' })).toEqual({
      to: 'Choose an end after the start.',
    })
    const invitees = [{ email: 'nobody', displayName: '' }]
    expect(Object.keys(draftErrors({ ...draft, subject: 'Planning', invitees }))).toEqual(['invitees'])
  })

  test('by the server lands on the same fields', () => {
    const fields = {
      requestedForId: 'Choose a person.',
      startsAt: 'This time has passed.',
      'invitees.0.email': 'Enter an address.',
      roomId: 'Choose a room.',
    }
    expect(fieldErrors(fields)).toEqual({
      from: 'This time has passed.',
      invitees: 'Enter an address.',
      requestedFor: 'Choose a person.',
    })
  })
})
