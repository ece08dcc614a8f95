import { expect, test } from 'vitest'
import type { ReservationState } from '#reservations/contract.ts'
import { nextLookMs } from './next-look.ts'

const askedAt = new Date('2026-11-24T10:00:00Z')
const endsAt = new Date('2026-11-30T10:00:00Z')

function afterSeconds(seconds: number, state: ReservationState = 'awaiting_confirmation', watched = false) {
  const wait = nextLookMs(state, { askedAt, endsAt, now: new Date(askedAt.getTime() + seconds * 1000), watched })
  return wait === null ? null : wait / 1000
}

test('a silent room is looked at less and less: half a second at first, a minute, and in the end a quarter of an hour', () => {
  expect([0, 1, 4, 40, 240, 3_600, 90_000].map((seconds) => afterSeconds(seconds))).toEqual([
    0.5, 0.5, 1, 10, 60, 60, 900,
  ])
})

test('an answer within a minute costs at most twenty looks', () => {
  let looks = 0
  for (let at = 0.5; at < 60; at += afterSeconds(at) ?? 60) looks++
  expect(looks).toBeLessThanOrEqual(20)
})

test('a confirmed meeting is watched slowly, and one that is over or free is not', () => {
  expect([afterSeconds(2, 'confirmed'), afterSeconds(90_000, 'confirmed')]).toEqual([60, 900])
  expect([afterSeconds(2, 'declined'), afterSeconds(2, 'cancelled'), afterSeconds(600_000)]).toEqual([null, null, null])
})

test('a watched room tells by itself: it is looked for only while a decline may show elsewhere first', () => {
  const watched = (seconds: number, state?: ReservationState) => afterSeconds(seconds, state, true)
  expect([watched(0), watched(40), watched(130), watched(2, 'confirmed')]).toEqual([0.5, 10, 900, null])
})
