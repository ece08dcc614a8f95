import { beforeEach, describe, expect, test } from 'vitest'
import { openSeededTenant, type SeededTenant } from '../test/support/seeded-tenant.ts'
import type { FaultName } from './fault-answers.ts'

const alice = 'alice.meyer@contoso.example'
const [mercury, venus] = ['mercury@contoso.example', 'venus@contoso.example']

let seeded: SeededTenant
beforeEach(() => {
  seeded = openSeededTenant(3)
})

test.each<[FaultName, number, string | null]>([
  ['throttled', 429, 'ApplicationThrottled'],
  ['unavailable', 503, 'ServiceUnavailable'],
  ['mailboxMove', 503, 'ErrorMailboxMoveInProgress'],
  ['gatewayTimeout', 504, 'UnknownError'],
  ['serverError', 500, 'ErrorInternalServerTransientError'],
  ['claimsChallenge', 401, 'InvalidAuthenticationToken'],
  ['errorIn200', 200, 'ErrorInternalServerError'],
])('%s is %i %s', async (answer, status, code) => {
  await fault({ answer })
  const got = await seeded.call<{ error: { code: string; innerError: object } }>(alice, 'GET', '/me')
  expect([got.status, got.body.error.code]).toEqual([status, code])
  expect(got.body.error.innerError).toHaveProperty('request-id')
})

test.each<[FaultName, number, string]>([
  ['htmlError', 502, '<html>'],
  ['emptyError', 500, ''],
  ['truncated', 200, '{"@odata.context"'],
  ['notJson', 200, 'OK'],
])('%s is %i and begins with %j', async (answer, status, beginning) => {
  await fault({ answer })
  const got = await seeded.fetch('https://graph.microsoft.com/v1.0/me')
  expect(got.status).toBe(status)
  const text = await got.text()
  expect(text.startsWith(beginning)).toBe(true)
  expect(() => JSON.parse(text)).toThrow()
})

test('a body may begin and never end', async () => {
  await fault({ answer: 'endlessBody' })
  const reader = (await seeded.fetch('https://graph.microsoft.com/v1.0/me')).body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('{"value":[')
  const next = await Promise.race([reader?.read(), new Promise((resolve) => setImmediate(resolve, 'nothing'))])
  expect(next).toBe('nothing')
})

test("continuous access evaluation's claims can be read from the challenge", async () => {
  await fault({ answer: 'claimsChallenge' })
  const { headers } = await seeded.call(alice, 'GET', '/me')
  const claims = /error="insufficient_claims", claims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? ''
  expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toMatchObject({
    access_token: { nbf: { essential: true } },
  })
})

test.each([
  ['2.128', '2.128'],
  ['-5', '-5'],
  ['1000000000', '1000000000'],
  ['soon', 'soon'],
  [{ dateInMs: 90_000 }, 'Mon, 07 Jan 2030 08:01:30 GMT'],
  [undefined, null],
])('Retry-After %j comes as %s', async (retryAfter, header) => {
  await fault({ answer: 'throttled', retryAfter })
  expect((await seeded.call(alice, 'GET', '/me')).headers.get('retry-after')).toBe(header)
})

describe('which requests', () => {
  test('those on one mailbox, by its path or by /me', async () => {
    await fault({ answer: 'throttled', mailbox: mercury, times: 'always' })
    await fault({ answer: 'unavailable', mailbox: alice, times: 'always' })
    const statusOf = async (who: string | null, path: string) => (await seeded.call(who, 'GET', path)).status
    expect(await statusOf(null, `/users/${mercury}/events`)).toBe(429)
    expect(await statusOf(null, `/users('${seeded.tenant.findUser(mercury)?.id}')/events`)).toBe(429)
    expect(await statusOf(null, `/users/${venus}/events`)).toBe(200)
    expect(await statusOf(alice, '/me/events')).toBe(503)
    expect(await statusOf('bob.tanaka@contoso.example', '/me/events')).toBe(200)
  })

  test('some of them, and those spared use nothing up', async () => {
    await fault({ answer: 'unavailable', probability: 0.5, times: 3 })
    const statuses: number[] = []
    while (seeded.tenant.faults.size > 0) statuses.push((await seeded.call(alice, 'GET', '/me')).status)
    expect(statuses.filter((status) => status === 503)).toHaveLength(3)
    expect(statuses).toContain(200)
  })

  test('steps of a batch as well', async () => {
    await fault({ match: 'GET /v1.0/users/*/events', answer: 'throttled', mailbox: mercury, retryAfter: '2.128' })
    const get = (id: string, mailbox: string) => ({ id, method: 'GET', url: `/users/${mailbox}/events` })
    const batch = { requests: [get('1', venus), get('2', mercury)] }
    const { body } = await seeded.call<{ responses: { status: number; headers: Record<string, string> }[] }>(
      null,
      'POST',
      '/$batch',
      batch,
    )
    expect(body.responses.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
      [200, undefined],
      [429, '2.128'],
    ])
  })
})

test('an answer may hold what Graph should never say', async () => {
  const start = { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' }
  await seeded.call(alice, 'POST', '/me/events', { subject: 'Standup', start, end: start })
  const attendees = Array.from({ length: 5_000 }, (_, at) => ({ emailAddress: { address: `p${at}@contoso.example` } }))
  const spoil = { organizer: null, showAs: 'hologram', subject: 'x'.repeat(10_240), attendees }
  await fault({ match: 'GET /v1.0/me/**', spoil, times: 2 })
  const list = await seeded.call<{ value: object[] }>(alice, 'GET', '/me/events')
  expect(list.body.value).toMatchObject([{ organizer: null, showAs: 'hologram', attendees: { length: 5_000 } }])
  const delta = '/me/calendarView/delta?startDateTime=2030-01-01&endDateTime=2030-02-01'
  expect((await seeded.call<{ value: object[] }>(alice, 'GET', delta)).body.value).toMatchObject([{ organizer: null }])
  expect(seeded.judge.items(alice)).toMatchObject([{ subject: 'Standup' }])
})

async function fault(changes: object): Promise<void> {
  const { status, body } = await seeded.control('POST', '/faults', { match: '* /v1.0/**', ...changes })
  expect([status, body]).toEqual([201, expect.anything()])
}
