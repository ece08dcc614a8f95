import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isSlideDue,
  nearWindow,
  nextCompareAt,
  nextProbeAt,
  nextReadAt,
  nextTryAt,
  placeOf,
  wholeWindow,
} from './schedule.ts'

const now = new Date('2030-01-07T08:00:00.500Z')
const secondsAhead = (moment: Date) => (moment.getTime() - now.getTime()) / 1000
const ids = Array.from({ length: 2_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)

describe('the next read', () => {
  test.each([
    ['told of changes lately', { method: 'delta', isProven: true, lookedAtUntil: null }, 250, 350],
    ['not told for a day', { method: 'delta', isProven: false, lookedAtUntil: null }, 50, 70],
    ['only looked at', { method: 'windows', isProven: false, lookedAtUntil: null }, 30, 60],
    ['somebody looks', { method: 'windows', isProven: false, lookedAtUntil: new Date(now.getTime() + 1) }, 12, 18],
    ['somebody looked', { method: 'windows', isProven: false, lookedAtUntil: now }, 30, 60],
  ] as const)('%s: within %j', (_, rhythm, least, most) => {
    const ahead = ids.map((roomId) =>
      secondsAhead(nextReadAt({ roomId, healthyMs: 300_000, unprovenMs: 60_000, ...rhythm }, now)),
    )
    expect(Math.min(...ahead)).toBeGreaterThanOrEqual(least)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(most)
  })

  test('rooms are spread evenly', () => {
    const counts = Map.groupBy(ids, (id) => Math.floor(placeOf(id) * 10))
    expect([...counts.values()].every((group) => group.length > 140 && group.length < 260)).toBe(true)
  })
})

test('failures wait longer and longer, and never less than was asked for', () => {
  const waits = [0, 1, 2, 3, 20].map((attempts) =>
    secondsAhead(nextTryAt(now, { attempts, retryAfterMs: null, place: 0 })),
  )
  expect(waits).toEqual([2, 4, 8, 16, 300])
  expect(secondsAhead(nextTryAt(now, { attempts: 0, retryAfterMs: 120_000, place: 0 }))).toBeGreaterThanOrEqual(120)
})

test('a permission that is not there is looked for at least every 15 minutes', () => {
  for (let attempts = 0; attempts < 200; attempts++) {
    for (const place of [0, 0.5, 0.999])
      expect(secondsAhead(nextProbeAt(now, attempts, place))).toBeLessThanOrEqual(900)
  }
})

test('a comparison comes once in every week, always at the same moment of it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(40 * 86_400), (place, seconds) => {
      const at = new Date(now.getTime() + seconds * 1000)
      const next = nextCompareAt(at, place)
      expect(next.getTime()).toBeGreaterThan(at.getTime())
      expect(next.getTime() - at.getTime()).toBeLessThanOrEqual(7 * 86_400_000)
      expect(nextCompareAt(next, place).getTime() - next.getTime()).toBe(7 * 86_400_000)
    }),
  )
})

test('a frozen window is older than a day by no more than nothing', () => {
  const read = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  expect(isSlideDue(null, now, 0)).toBe(true)
  expect(isSlideDue(read(20), now, 0.999)).toBe(false)
  expect(isSlideDue(read(23), now, 0.999)).toBe(true)
  expect(isSlideDue(read(24), now, 0)).toBe(true)
})

describe('windows', () => {
  const days = 190
  test('from yesterday to the horizon, in whole seconds', () => {
    const whole = wholeWindow(now, { days, syncStartsOn: null, syncEndsOn: null })
    expect([whole.startsAt.toISOString(), whole.endsAt.toISOString()]).toEqual([
      '2030-01-06T08:00:00.000Z',
      '2030-07-16T08:00:00.000Z',
    ])
    expect(nearWindow(now, whole)).toEqual({
      startsAt: new Date('2030-01-07T07:00:00Z'),
      endsAt: new Date('2030-01-09T08:00:00Z'),
    })
  })

  test('within the days of the provider', () => {
    const whole = wholeWindow(now, { days, syncStartsOn: '2030-02-01', syncEndsOn: '2030-02-28' })
    expect([whole.startsAt.toISOString(), whole.endsAt.toISOString()]).toEqual([
      '2030-02-01T00:00:00.000Z',
      '2030-03-01T00:00:00.000Z',
    ])
    expect(nearWindow(now, whole)).toBeNull()
    const over = wholeWindow(now, { days, syncStartsOn: '2029-01-01', syncEndsOn: '2029-12-31' })
    expect(over.startsAt < over.endsAt).toBe(true)
  })
})
