import { expect, test } from 'vitest'
import { Chance } from '../chance.ts'
import type { EventItem, RoomPolicy } from '../model.ts'
import { defaultRoomPolicy } from '../seed.ts'
import { organizerCopy } from './meeting.ts'
import { answerFor, strippedForRoom } from './room-policy.ts'

const now = '2030-01-01T00:00:00.000Z'
const alice = { mailboxId: 'alice', address: { name: 'Alice Meyer', address: 'alice@contoso.example' } }
const room = { mailboxId: 'room', address: { name: 'Mercury', address: 'mercury@contoso.example' } }

const approval = { allBookInPolicy: false, allRequestInPolicy: true }

test.each<[string, Partial<RoomPolicy>, Partial<EventItem>, EventItem[], object]>([
  ['a free room accepts', {}, {}, [], { is: 'accepted' }],
  ['a taken one declines', {}, {}, [taken()], { is: 'declined', because: 'conflict' }],
  ['its own meeting is no conflict', {}, { iCalUId: 'same' }, [taken({ iCalUId: 'same' })], { is: 'accepted' }],
  ['touching is no conflict', {}, {}, [taken({ startsAt: at(11), endsAt: at(12) })], { is: 'accepted' }],
  ['cancelled is no conflict', {}, {}, [taken({ isCancelled: true })], { is: 'accepted' }],
  [
    'pending is no conflict',
    {},
    {},
    [taken({ responseStatus: { response: 'tentativelyAccepted', time: now } })],
    { is: 'accepted' },
  ],
  ["the room's own event is one", {}, {}, [taken({ isOrganizer: true })], { is: 'declined', because: 'conflict' }],
  ['conflicts may be allowed', { allowConflicts: true }, {}, [taken()], { is: 'accepted' }],
  ['not so far ahead', { bookingWindowInDays: 0 }, {}, [], { is: 'declined', because: 'tooFarAhead' }],
  ['not so long', { maximumDurationInMinutes: 30 }, {}, [], { is: 'declined', because: 'tooLong' }],
  [
    'no limit of length',
    { maximumDurationInMinutes: 0 },
    { endsAt: '2030-01-09T00:00:00.000Z' },
    [],
    { is: 'accepted' },
  ],
  ['no series', { allowRecurringMeetings: false }, { recurrence: {} }, [], { is: 'declined', because: 'recurring' }],
  [
    'not what is over',
    {},
    { startsAt: '2029-01-01T00:00:00.000Z', endsAt: now },
    [],
    { is: 'declined', because: 'inThePast' },
  ],
  [
    'out of policy to a delegate',
    { maximumDurationInMinutes: 30, allRequestOutOfPolicy: true },
    {},
    [],
    { is: 'pending' },
  ],
  [
    'a conflict never to a delegate',
    { allRequestOutOfPolicy: true },
    {},
    [taken()],
    { is: 'declined', because: 'conflict' },
  ],
  ['approval waits', approval, {}, [], { is: 'pending' }],
  [
    'but not for those on the list',
    { ...approval, bookInPolicy: ['ALICE@contoso.example'] },
    {},
    [],
    { is: 'accepted' },
  ],
  ['nobody may', { allBookInPolicy: false }, {}, [], { is: 'declined', because: 'organizerNotAllowed' }],
  ['reserved is not for meetings', { bookingType: 'Reserved' }, {}, [], { is: 'declined', because: 'reserved' }],
  ['AutoUpdate only notes', { automateProcessing: 'AutoUpdate' }, {}, [taken()], { is: 'unprocessed' }],
])('%s', (_name, policy, meeting, calendar, answer) => {
  const request = { meeting: { ...event(), ...meeting }, organizer: ['alice@contoso.example'], calendar, now }
  expect(answerFor({ ...defaultRoomPolicy, ...policy }, request)).toEqual(answer)
})

test("the room's copy keeps the organizer's name and nothing private, and stays so when it is stripped again", () => {
  const original = { ...event(), sensitivity: 'private' as const }
  const stripped = strippedForRoom(original, defaultRoomPolicy)
  expect(stripped).toMatchObject({ subject: 'Alice Meyer', body: { content: '' }, sensitivity: 'normal' })
  const open = { ...defaultRoomPolicy, deleteSubject: false, deleteComments: false, removePrivateProperty: false }
  const once = strippedForRoom(original, open)
  expect(once).toMatchObject({ subject: 'Alice Meyer Standup', body: { content: 'secret' }, sensitivity: 'private' })
  expect(strippedForRoom(once, open)).toEqual(once)
})

function event(): EventItem {
  const body = { contentType: 'text', content: 'secret' } as const
  return organizerCopy(
    alice,
    { subject: 'Standup', body, startsAt: at(10), endsAt: at(11) },
    { at: now, chance: new Chance() },
  )
}

function taken(changes: Partial<EventItem> = {}): EventItem {
  const item = organizerCopy(room, { startsAt: at(10), endsAt: at(12) }, { at: now, chance: new Chance() })
  return { ...item, isOrganizer: false, responseStatus: { response: 'accepted', time: now }, ...changes }
}

function at(hour: number): string {
  return `2030-01-02T${hour}:00:00.000Z`
}
