import { expect, test } from 'vitest'
import { emailIn, offeredPeople } from './offered-people.ts'

const bob = { email: 'bob@contoso.example', displayName: 'Bob Tanaka' }

test('the directory comes first, the typed address last', () => {
  const guest = 'guest@partner.example'
  expect(offeredPeople([bob], [], guest)).toEqual([bob, { email: guest, displayName: '' }])
})

test('nobody is offered twice', () => {
  expect(offeredPeople([bob], [bob], null)).toEqual([])
  expect(offeredPeople([bob], [], 'BOB@contoso.example')).toEqual([bob])
  expect(offeredPeople([], [bob], 'Bob@Contoso.example')).toEqual([])
})

test('an address counts only when it is whole', () => {
  expect(emailIn(' guest@partner.example ')).toBe('guest@partner.example')
  expect(emailIn('guest@')).toBeNull()
})
