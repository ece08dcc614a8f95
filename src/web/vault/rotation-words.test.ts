import { expect, test } from 'vitest'
import type { VaultKey } from '#vault/contract.ts'
import { rotationWords } from './rotation-words.ts'

const at = '2026-11-25T08:00:00.000Z'
const key = (more: Partial<VaultKey>): VaultKey => ({
  id: 1,
  state: 'primary',
  createdAt: at,
  primaryAt: at,
  rewrappedAt: null,
  values: 0,
  knownTo: 1,
  ...more,
})

test('nothing is said while nothing is under way', () => {
  expect(rotationWords({ keys: [key({})], processes: 1 })).toBeNull()
  const finished = key({ id: 2, state: 'decrypt_only', rewrappedAt: at })
  expect(rotationWords({ keys: [finished, key({})], processes: 1 })).toBeNull()
})

test.each([
  [[key({}), key({ id: 2, state: 'pending', knownTo: 1 })], '1 of 3 running processes'],
  [[key({ state: 'decrypt_only', values: 7 }), key({ id: 2 })], '7 values are still to be wrapped'],
  [[key({ state: 'decrypt_only' }), key({ id: 2 })], 'For half a minute more'],
])('a change under way says how far it is', (keys, said) => {
  expect(rotationWords({ keys, processes: 3 })).toMatchObject({ text: expect.stringContaining(said) })
})
