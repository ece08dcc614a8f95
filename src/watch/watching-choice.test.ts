import { expect, test } from 'vitest'
import type { Acting } from '#providers/acting.ts'
import type { Capability } from '#providers/contract.ts'
import { choiceOf } from './watching-choice.ts'

const at = '2030-01-07T08:00:00Z'
const can = (ok: boolean | null, code = 'code'): Capability => ({ ok, code, say: `says ${code}`, at })
const as = (actsAs: 'application' | 'delegated') => ({ actsAs }) as Acting

test.each([
  [
    'follows',
    { read: can(true), delta: can(true) },
    'delta',
    as('application'),
    { is: 'watching', method: 'delta', code: null },
  ],
  [
    'looks',
    { read: can(true), delta: can(false, 'needs') },
    'windows',
    as('delegated'),
    { is: 'watching', method: 'windows', code: 'needs', say: 'says needs' },
  ],
  [
    'looks, for it may not follow',
    { read: can(true), delta: can(false) },
    'windows',
    as('application'),
    { is: 'watching', method: 'windows' },
  ],
  [
    'waits',
    { read: can(false, 'pending'), delta: can(false) },
    null,
    null,
    { is: 'waiting', code: 'pending', say: 'says pending' },
  ],
  ['keeps what was, for it got no answer', { read: can(null), delta: can(null) }, null, null, { is: 'unclear' }],
  [
    'keeps what was, for it got no answer about changes',
    { read: can(true), delta: can(null) },
    'windows',
    as('application'),
    { is: 'unclear' },
  ],
] as const)('%s', (_, tried, method, watcher, choice) => {
  expect(
    choiceOf({ capabilities: { write: can(null), subscribe: can(null), ...tried }, method, watcher }),
  ).toMatchObject(choice)
})
