import { expect, test } from 'vitest'
import { type Change, withAvailability } from './live.ts'

test('that rooms have other free times is told to everybody, and of whose reservation it is only to that person', () => {
  const told: Change[] = []
  const publish = withAvailability((change) => void told.push(change))
  publish({ topic: 'reservation', id: 'r1', userId: 'alice' })
  publish({ topic: 'connection', id: 'c1', userId: 'alice' })
  expect(told).toEqual([
    { topic: 'reservation', id: 'r1', userId: 'alice' },
    { topic: 'availability', id: '', userId: null },
    { topic: 'connection', id: 'c1', userId: 'alice' },
  ])
})
