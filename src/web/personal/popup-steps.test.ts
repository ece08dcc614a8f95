import { describe, expect, test } from 'vitest'
import type { Authorization } from '#connections/token.contract.ts'
import { awaitedAuthorization, nextStep, type PopupEvent, type PopupStep, refusalKind } from './popup-steps.ts'

const id = '6f6e6e6e-0000-4000-8000-000000000001'
const authorization = (over: Partial<Authorization> = {}): Authorization => ({
  id,
  outcome: 'stored',
  code: null,
  say: null,
  expectedName: null,
  actualName: null,
  purpose: 'personal',
  credential: { id, name: 'Ms Graph Personal' },
  openedIn: 'popup',
  returnTo: '/',
  ...over,
})

function stepAfter(...events: PopupEvent[]): PopupStep {
  return events.reduce(nextStep, { is: 'idle' })
}
const opened: PopupEvent = { event: 'asked', opened: true }
const started: PopupEvent = { event: 'started', authorizationId: id }
const closed: PopupEvent = { event: 'window_closed' }

describe('a sign-in in a pop-up', () => {
  test('ends stored', () => {
    expect(stepAfter(opened, started, { event: 'answered', authorization: authorization() })).toEqual({
      is: 'stored',
      authorizationId: id,
    })
  })

  test('that the browser blocked can be asked for again', () => {
    const blocked = stepAfter({ event: 'asked', opened: false })
    expect(blocked.is).toBe('blocked')
    expect(nextStep(blocked, opened).is).toBe('starting')
  })

  test('whose window was closed is still listened for', () => {
    const step = stepAfter(opened, started, closed)
    expect(step.is).toBe('closed')
    expect(awaitedAuthorization(step)).toBe(id)
    expect(nextStep(step, { event: 'answered', authorization: authorization() }).is).toBe('stored')
  })

  test('whose window was closed before the server answered stays closed', () => {
    expect(stepAfter(opened, closed, started)).toEqual({ is: 'closed', authorizationId: id })
  })

  test('names both accounts when it was the wrong one', () => {
    const wrong = authorization({
      outcome: 'refused',
      code: 'connections.wrong_account',
      say: 'You signed in as Bob.',
      expectedName: 'Alice Meyer',
      actualName: 'Bob Tanaka',
    })
    const step = stepAfter(opened, started, { event: 'answered', authorization: wrong })
    expect(step).toMatchObject({
      is: 'refused',
      refusal: { kind: 'wrong_account', expectedName: 'Alice Meyer', actualName: 'Bob Tanaka' },
    })
  })

  test('ignores the answer to another sign-in, and one that is not final', () => {
    const other = { ...authorization(), id: '6f6e6e6e-0000-4000-8000-000000000002' }
    expect(stepAfter(opened, started, { event: 'answered', authorization: other }).is).toBe('signing_in')
    expect(
      stepAfter(opened, started, { event: 'answered', authorization: authorization({ outcome: 'pending' }) }).is,
    ).toBe('signing_in')
  })

  test('that has ended does not notice its window closing', () => {
    const stored = stepAfter(opened, started, { event: 'answered', authorization: authorization() })
    expect(nextStep(stored, closed)).toBe(stored)
  })

  test('that our server refused says why', () => {
    expect(stepAfter(opened, { event: 'start_failed', say: 'The vault is sealed.' })).toEqual({
      is: 'failed',
      say: 'The vault is sealed.',
    })
  })
})

test('refusals are told apart by their codes', () => {
  expect(refusalKind('connections.wrong_account')).toBe('wrong_account')
  expect(refusalKind('connections.sign_in_denied')).toBe('denied')
  expect(refusalKind('connections.authorization_expired')).toBe('expired')
  expect(refusalKind('connections.token_refused')).toBe('other')
  expect(refusalKind(null)).toBe('other')
})
