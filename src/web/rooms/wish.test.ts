import { describe, expect, test } from 'vitest'
import { firstWish, lasting, startingAt, toSearch, wishedSpan, wishIn } from './wish.ts'

const berlin = 'Europe/Berlin'
const now = Temporal.Instant.from('2026-11-24T08:47:10Z')
const first = firstWish(now, berlin)

describe('the first wish', () => {
  test('is the next half hour', () => {
    expect(first).toMatchObject({ date: '2026-11-24', from: '10:00', to: '10:30', building: 'any' })
  })

  test('is nine o’clock before anybody is up', () => {
    expect(firstWish(Temporal.Instant.from('2026-11-24T03:38:00Z'), berlin)).toMatchObject({
      date: '2026-11-24',
      from: '09:00',
    })
  })

  test('is tomorrow morning when the day is over', () => {
    expect(firstWish(Temporal.Instant.from('2026-11-24T21:10:00Z'), berlin)).toMatchObject({
      date: '2026-11-25',
      from: '09:00',
    })
    expect(firstWish(Temporal.Instant.from('2026-11-24T22:40:00Z'), berlin)).toMatchObject({
      date: '2026-11-25',
      from: '09:00',
    })
  })
})

describe('a wish in the address', () => {
  test('survives the way there and back', () => {
    const wish = { ...first, people: 12, building: 'b1', equipment: ['Display', 'Whiteboard'] }
    expect(wishIn(toSearch(wish), first)).toEqual(wish)
  })

  test('is mended field by field when it makes no sense', () => {
    const search = { date: '2026-02-31', from: '25:00', to: 7, people: 'many', building: '', equipment: 3 }
    expect(wishIn(search, first)).toEqual(first)
  })

  test('keeps the usual length when only the start is given', () => {
    expect(wishIn({ from: '14:00' }, first)).toMatchObject({ from: '14:00', to: '14:30' })
  })

  test('takes numbers as they come from a query string', () => {
    expect(wishIn({ people: '4' }, first).people).toBe(4)
    expect(wishIn({ people: 0 }, first).people).toBe(first.people)
  })
})

describe('changing a wish', () => {
  test('a new start keeps the length', () => {
    expect(startingAt(lasting(first, 60), '15:30')).toMatchObject({ from: '15:30', to: '16:30' })
  })

  test('a wish that ends before it begins has no span', () => {
    expect(wishedSpan({ ...first, to: '09:00' }, berlin)).toBeNull()
    expect(wishedSpan(first, berlin)?.to.toString()).toBe('2026-11-24T09:30:00Z')
  })
})
