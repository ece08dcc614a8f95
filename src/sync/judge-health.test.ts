import { expect, test } from 'vitest'
import type { RoomHealth } from './health.contract.ts'
import { type HealthFacts, judgeHealth } from './judge-health.ts'
import { saySpan } from './say-span.ts'

const now = new Date('2026-11-25T09:00:00Z')
const ago = (ms: number) => new Date(now.getTime() - ms)
const noLag = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null }
const noRooms = {
  watching: 0,
  waiting: 0,
  held: 0,
  stopped: 0,
  troubled: 0,
  late: 0,
  drifted: 0,
  drift: 0,
  driftFound: 0,
}

const nothing: HealthFacts = {
  now,
  rooms: noRooms,
  shown: [],
  outbox: { waiting: 0, oldestAt: null },
  items: { due: 0, oldestAt: null },
  hints: { rooms: 0, oldestAt: null },
  subscriptions: { active: 0, expiring: 0, failed: 0, underWay: 0, nextExpiryAt: null, failedSay: null },
  inbound: noLag,
  outbound: noLag,
  errors: [],
}
const twelve = { ...nothing, rooms: { ...noRooms, watching: 12 } }

function room(is: RoomHealth['is'], say: string | null): RoomHealth {
  const id = '6f6e6e6e-0000-4000-8000-000000000002'
  const place = { id, name: 'Mercury', building: 'Spree House' }
  return { ...place, is, method: null, readAt: null, behindMs: null, drift: 0, code: null, say }
}

test('without a room that is kept in step there is nothing to be well', () => {
  expect(judgeHealth(nothing)).toMatchObject({ is: 'empty', causes: [] })
})

test('all is well is one line with the figures of the last hour', () => {
  expect(judgeHealth(twelve)).toEqual({ is: 'well', say: 'All is well. 12 rooms agree with Outlook.', causes: [] })
  const lag = (p95Ms: number) => ({ count: 400, p50Ms: 300, p95Ms, p99Ms: 2_000 })
  expect(judgeHealth({ ...twelve, inbound: lag(812), outbound: lag(1_240) }).say).toBe(
    'All is well. 12 rooms agree with Outlook. In the last hour changes in Outlook showed here within 0.8 s, and changes made here were in Outlook within 1.2 s (95 % of them).',
  )
})

test('what waits for a moment is no trouble, what waits for long is', () => {
  const waiting = (ms: number) => judgeHealth({ ...twelve, outbox: { waiting: 3, oldestAt: ago(ms) } })
  expect(waiting(59_000).is).toBe('well')
  expect(waiting(120_000)).toMatchObject({
    is: 'attention',
    say: 'Not all is well. A change has waited 2 min to reach Outlook; 3 changes in all.',
    causes: [{ kind: 'queue', isTrouble: false }],
  })
  expect(waiting(20 * 60_000)).toMatchObject({ is: 'trouble', causes: [{ isTrouble: true }] })
})

test('one room is called by its name and says why, of several the first', () => {
  const held = room('held', 'More than half of its meetings vanished at once.')
  const one = judgeHealth({ ...twelve, rooms: { ...twelve.rooms, held: 1 }, shown: [held] })
  expect(one.causes).toEqual([
    {
      kind: 'room',
      isTrouble: true,
      say: 'Mercury is held until a person says how to go on: More than half of its meetings vanished at once.',
      roomId: held.id,
    },
  ])
  const several = judgeHealth({ ...twelve, rooms: { ...twelve.rooms, waiting: 3 }, shown: [room('waiting', null)] })
  expect(several.causes[0]).toMatchObject({
    kind: 'rooms',
    roomId: null,
    say: '3 rooms are not watched yet, Mercury among them.',
  })
})

test('what a person has to do comes first, and the line counts the rest', () => {
  const verdict = judgeHealth({
    ...twelve,
    rooms: { ...twelve.rooms, held: 1, drift: 2, drifted: 1 },
    shown: [room('held', 'Why.')],
    errors: [
      { say: 'Microsoft refused the meeting.', count: 2 },
      { say: 'No mailbox.', count: 1 },
    ],
    subscriptions: { ...nothing.subscriptions, failed: 1, failedSay: 'The address cannot be reached.' },
  })
  expect(verdict.is).toBe('trouble')
  expect(verdict.causes.map(({ kind }) => kind)).toEqual(['room', 'subscriptions', 'drift', 'errors'])
  expect(verdict.say).toBe(
    'Not all is well. Mercury is held until a person says how to go on, and 3 more things need a look.',
  )
  expect(verdict.causes.at(-1)?.say).toBe(
    '3 changes did not reach Outlook in the last 24 hours. Microsoft refused the meeting.',
  )
})

test('a lag is only told of when there were enough to speak of', () => {
  const slow = (count: number) => judgeHealth({ ...twelve, inbound: { count, p50Ms: 900, p95Ms: 9_000, p99Ms: 9_900 } })
  expect(slow(19).is).toBe('well')
  expect(slow(20).causes).toMatchObject([
    { kind: 'lag', say: expect.stringContaining('up to 9.0 s (95 % of the last hour)') },
  ])
})

test.each([
  [140, '0.1 s'],
  [9_940, '9.9 s'],
  [75_000, '75 s'],
  [600_000, '10 min'],
  [7_200_000, '2 h'],
  [200_000_000, '2 days'],
])('%i ms are %s', (ms, said) => {
  expect(saySpan(ms)).toBe(said)
})
