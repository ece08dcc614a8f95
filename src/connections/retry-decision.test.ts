import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '#kit/refusal.ts'
import { withRetries } from './retry.ts'
import { retryAfterMs } from './retry-after.ts'
import { decideRetry, type RetryPolicy, type Try } from './retry-decision.ts'

const now = new Date('2026-11-24T12:00:00Z')
const policy: RetryPolicy = {
  name: 'Test',
  strategy: 'retry_after',
  attemptsMax: 4,
  firstWaitMs: 1_000,
  waitMaxMs: 60_000,
  totalMs: 120_000,
  conditions: { statuses: [429, 503], headers: [], bodyContains: [], errors: ['no_answer'], methods: null },
}
const tried = (change: Partial<Try> = {}): Try => ({
  count: 1,
  elapsedMs: 0,
  method: 'GET',
  mayRepeat: false,
  outcome: { status: 429, headers: new Headers() },
  now,
  random: 1,
  ...change,
})
const answered = (status: number, headers: Record<string, string> = {}, body = '') => ({
  outcome: { status, headers: new Headers(headers), body },
})

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['5', 5_000],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['0.001', 1],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tuesday, 24-Nov-26 12:00:30 GMT', 30_000],
    ['Tue Nov 24 12:00:30 2026', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['Sun Nov  6 08:49:37 1994', 0],
    ['2026-11-24T12:00:30Z', null],
    ['soon', null],
    ['-5', null],
    ['5 seconds', null],
    ['1e9', null],
    ['Infinity', null],
    ['0x10', null],
    ['99999999999999', null],
    ['', null],
    [null, null],
  ])('%o is %o', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })

  test('whatever a server sends, it is a time that can be waited, or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ms = retryAfterMs(header, now)
        return ms === null || (Number.isSafeInteger(ms) && ms >= 0)
      }),
    )
  })
})

describe('the decision', () => {
  test.each<[string, Partial<RetryPolicy>, Partial<Try>, object]>([
    ['a status that is listed', {}, answered(503), { is: 'again', waitMs: 1_000 }],
    ['a status that is not', {}, answered(500), { is: 'enough', because: 'no_condition_met' }],
    ['an error that is listed', {}, { outcome: { error: 'no_answer' } }, { is: 'again', waitMs: 1_000 }],
    ['an error that is not', {}, { outcome: { error: 'unreachable' } }, { is: 'enough', because: 'no_condition_met' }],
    ['what the server asks for', {}, answered(429, { 'retry-after': '7' }), { is: 'again', waitMs: 7_000 }],
    ['nonsense is as good as nothing', {}, answered(429, { 'retry-after': 'soon' }), { is: 'again', waitMs: 1_000 }],
    [
      'more than we would wait',
      {},
      answered(429, { 'retry-after': '61' }),
      { is: 'enough', because: 'asked_to_wait_too_long' },
    ],
    ['doubling', {}, { count: 3 }, { is: 'again', waitMs: 4_000 }],
    ['the last try', {}, { count: 4 }, { is: 'enough', because: 'tries_used' }],
    ['the total time', {}, { elapsedMs: 119_500 }, { is: 'enough', because: 'time_used' }],
    [
      'fixed does not listen',
      { strategy: 'fixed' },
      { count: 3, ...answered(429, { 'retry-after': '9' }) },
      { waitMs: 1_000 },
    ],
    [
      'exponential does not listen',
      { strategy: 'exponential' },
      answered(429, { 'retry-after': '9' }),
      { waitMs: 1_000 },
    ],
    ['POST is not repeated', {}, { method: 'POST' }, { is: 'enough', because: 'not_repeatable' }],
    ['PATCH is not repeated', {}, { method: 'PATCH' }, { is: 'enough', because: 'not_repeatable' }],
    ['unless the caller says it may be', {}, { method: 'POST', mayRepeat: true }, { is: 'again' }],
    ['DELETE is idempotent', {}, { method: 'DELETE' }, { is: 'again' }],
  ])('%s', (_name, change, more, decision) => {
    expect(decideRetry({ ...policy, ...change }, tried(more))).toMatchObject(decision)
  })

  test('conditions on headers, bodies and methods', () => {
    const conditions = {
      statuses: [],
      errors: [],
      headers: [{ name: 'X-Busy', contains: 'yes' }],
      bodyContains: ['try later'],
      methods: ['GET'],
    }
    const decide = (more: Partial<Try>) => decideRetry({ ...policy, conditions }, tried(more))
    expect(decide(answered(200, { 'x-busy': 'yes, very' }))).toMatchObject({ is: 'again' })
    expect(decide(answered(200, {}, 'please try later'))).toMatchObject({ is: 'again' })
    expect(decide(answered(503))).toMatchObject({ because: 'no_condition_met' })
    expect(decide({ ...answered(200, { 'x-busy': 'yes' }), method: 'PUT' })).toMatchObject({
      because: 'not_repeatable',
    })
  })

  const anyPolicy = fc.record({
    strategy: fc.constantFrom('exponential' as const, 'fixed' as const, 'retry_after' as const),
    attemptsMax: fc.integer({ min: 1, max: 20 }),
    firstWaitMs: fc.integer({ min: 0, max: 3_600_000 }),
    waitMaxMs: fc.integer({ min: 0, max: 3_600_000 }),
    totalMs: fc.integer({ min: 0, max: 86_400_000 }),
  })
  const anyTry = fc.record({
    count: fc.integer({ min: 1, max: 30 }),
    elapsedMs: fc.integer({ min: 0, max: 86_400_000 }),
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'QUERY'),
    mayRepeat: fc.boolean(),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
    retryAfter: fc.oneof(fc.string(), fc.nat().map(String)),
  })

  test('no wait is beyond its limits, and what must not be repeated is not', () => {
    fc.assert(
      fc.property(anyPolicy, anyTry, (limits, { retryAfter, ...more }) => {
        const headers = new Headers()
        try {
          headers.set('retry-after', retryAfter)
        } catch {
          // Not every string is a header.
        }
        const decision = decideRetry({ ...policy, ...limits }, tried({ ...more, outcome: { status: 429, headers } }))
        if (decision.is === 'enough') return true
        const { waitMs } = decision
        return (
          Number.isInteger(waitMs) &&
          waitMs >= 0 &&
          waitMs <= limits.waitMaxMs &&
          more.elapsedMs + waitMs <= limits.totalMs &&
          more.count < limits.attemptsMax &&
          (more.mayRepeat || ['GET', 'DELETE'].includes(more.method))
        )
      }),
    )
  })
})

describe('making the tries', () => {
  function clock() {
    const waits: number[] = []
    let ms = now.getTime()
    const seams = {
      now: () => new Date(ms),
      randomBytes: () => new Uint8Array([255]),
      wait: async (waitMs: number) => {
        waits.push(waitMs)
        ms += waitMs
      },
    }
    return { seams, waits }
  }
  const get = { method: 'GET', mayRepeat: false }
  const lost = () => new Refusal('connections.no_answer', 504, 'late')

  test('until it works', async () => {
    const { seams, waits } = clock()
    const outcomes = [
      () => new Response('', { status: 429, headers: { 'retry-after': '3' } }),
      () => Promise.reject(lost()),
    ]
    const attempt = async () => async () => (outcomes.shift() ?? (() => new Response('good')))()
    expect(await (await withRetries(seams, policy, get, attempt)).text()).toBe('good')
    expect(waits).toEqual([3_000, 2_000])
  })

  test('the last answer is what the caller gets, with its body, and the last error is thrown', async () => {
    const { seams, waits } = clock()
    const conditions = { ...policy.conditions, bodyContains: ['busy'] }
    const busy = await withRetries(seams, { ...policy, conditions }, get, async () => async () => new Response('busy'))
    expect(await busy.text()).toBe('busy')
    expect(waits).toEqual([1_000, 2_000, 4_000])
    await expect(
      withRetries(clock().seams, policy, get, async () => () => Promise.reject(lost())),
    ).rejects.toMatchObject({
      code: 'connections.no_answer',
    })
  })

  test('what we refuse ourselves is not tried again, nor after the caller gave up', async () => {
    const { seams, waits } = clock()
    const refusal = new Refusal('connections.other_origin', 400, 'no')
    await expect(withRetries(seams, policy, get, async () => () => Promise.reject(refusal))).rejects.toBe(refusal)
    const reason = new Error('gave up')
    const signal = AbortSignal.abort(reason)
    const limited = async () => async () => new Response('', { status: 429 })
    await expect(withRetries(seams, policy, { ...get, signal }, limited)).rejects.toBe(reason)
    expect(waits).toHaveLength(1)
    const noToken = lost()
    await expect(withRetries(seams, policy, get, () => Promise.reject(noToken))).rejects.toBe(noToken)
    expect(waits).toHaveLength(1)
  })
})
