import { expect, test } from 'vitest'
import { z } from 'zod'
import { Refusal } from '#kit/refusal.ts'
import { readRetryAfter } from '#kit/retry-after.ts'
import { call, type Graph } from './client.ts'
import { isTransient, leavesDoubt, readProblem } from './graph-problem.ts'

const now = new Date('2026-11-24T10:00:00Z')

function problemOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readProblem(new Response(text, { status, headers }), text, now)
}

test('the most specific nested code counts, in either spelling of innerError', () => {
  const innerError = { code: 'ErrorAccessDenied', 'request-id': 'r1', innererror: { code: 'ErrorTokenScope' } }
  expect(problemOf(403, { error: { code: 'forbidden', message: 'No.', innerError } })).toMatchObject({
    status: 403,
    code: 'ErrorTokenScope',
    requestId: 'r1',
  })
})

test('what is not Graph’s error body is still a problem', () => {
  expect(problemOf(502, '<html>Bad gateway</html>')).toMatchObject({ code: 'status_502', message: '' })
  expect(problemOf(500, '')).toMatchObject({ code: 'status_500' })
  expect(problemOf(400, '{"error":"invalid_grant"}')).toMatchObject({ code: 'status_400' })
  expect(problemOf(400, `${'{"error":'.repeat(2_000)}1${'}'.repeat(2_000)}`).code).toBe('status_400')
})

test.each([
  ['2', 2_000],
  ['2.128', 2_128],
  ['120', 120_000],
  ['1e9', 3_600_000],
  ['-5', 0],
  ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
  ['soon', null],
  ['', null],
])('Retry-After %s is %s ms', (header, wait) => {
  expect(readRetryAfter(header, now)).toBe(wait)
})

test('what is tried again by itself, and what leaves open whether it happened', () => {
  const throttled = problemOf(429, { error: { code: 'TooManyRequests' } }, { 'retry-after': '3' })
  expect([isTransient(throttled), leavesDoubt(throttled), throttled.retryAfterMs]).toEqual([true, false, 3_000])
  const broken = problemOf(500, '')
  expect([isTransient(broken), leavesDoubt(broken)]).toEqual([true, true])
  expect(isTransient(problemOf(409, { error: { code: 'ErrorMailboxMoveInProgress' } }))).toBe(true)
  expect(isTransient(problemOf(400, { error: { code: 'ErrorInvalidRequest' } }))).toBe(false)
})

function graphThat(fetch: Graph['fetch']): Graph {
  return { fetch, newId: () => 'an-id', now: () => now }
}

test('a call says who it is and asks for immutable ids', async () => {
  let headers = new Headers()
  const graph = graphThat(async (_, init) => {
    headers = new Headers(init?.headers)
    return Response.json({ ok: true }, { headers: { 'request-id': 'r2' } })
  })
  const request = { method: 'GET' as const, path: '/v1.0/me', prefer: ['outlook.timezone="UTC"'] }
  expect(await call(graph, request, z.object({ ok: z.boolean() }))).toEqual({
    is: 'ok',
    value: { ok: true },
    requestId: 'r2',
  })
  expect(headers.get('prefer')).toBe('IdType="ImmutableId", outlook.timezone="UTC"')
  expect(headers.get('client-request-id')).toBe('an-id')
})

test('network trouble and unreadable answers are outcomes; our own mistakes are not', async () => {
  const outcome = (fetch: Graph['fetch']) =>
    call(graphThat(fetch), { method: 'GET', path: '/v1.0/me' }, z.object({ ok: z.boolean() }))
  const refusing = (status: number) => async () => {
    throw new Refusal('connections.something', status, 'A sentence.')
  }
  expect(await outcome(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({ code: 'no_answer' })
  expect(await outcome(async () => new Response('{"ok":"yes"}'))).toMatchObject({ code: 'unreadable', status: 200 })
  expect(await outcome(async () => new Response('{"ok":tr'))).toMatchObject({ code: 'unreadable' })
  expect(await outcome(refusing(504))).toMatchObject({ status: 0, code: 'connections.something' })
  expect(await outcome(refusing(409))).toMatchObject({ status: 401, message: 'A sentence.' })
  await expect(outcome(() => Promise.reject(new RangeError('ours')))).rejects.toThrow('ours')
})
