import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openSeededTenant, type SeededAnswer, type SeededTenant } from '../test/support/seeded-tenant.ts'

const alice = 'alice.meyer@contoso.example'
const mercury = 'mercury@contoso.example'

describe('one seed, one run', () => {
  test('every id, key, token and answer is the same again, and another seed gives others', async () => {
    const [first, again, other] = [await run(4417), await run(4417), await run(4418)]
    expect(again.trace).toEqual(first.trace)
    expect(other.trace).not.toEqual(first.trace)
    expect(first.notifications).toBeGreaterThan(3)
  })

  test('nothing happens by itself', async () => {
    const seeded = openSeededTenant(1)
    await seeded.call(alice, 'POST', '/me/events', meeting())
    expect(seeded.judge.items(mercury)).toEqual([])
    expect(seeded.tenant.clock.nextDueAt()?.getTime()).toBe(seeded.tenant.now().getTime() + 300)
    await seeded.tenant.advance(300)
    expect(seeded.judge.items(mercury)).toMatchObject([{ responseStatus: { response: 'notResponded' } }])
    await seeded.tenant.advance(2_000)
    expect(seeded.judge.copies(seeded.judge.items(alice)[0]?.iCalUId ?? '')).toHaveLength(2)
    expect(seeded.judge.items(alice)[0]?.attendees[0]?.status.response).toBe('accepted')
    expect(seeded.tenant.clock.nextDueAt()).toBeNull()
  })
})

describe('a network without a socket', () => {
  test('breaks before or after the work was done, as fetch breaks', async () => {
    const seeded = openSeededTenant(1)
    await seeded.control('POST', '/faults', { match: 'POST /v1.0/me/events', dropAfter: true })
    await expect(seeded.call(alice, 'POST', '/me/events', meeting('Kept'))).rejects.toThrow(TypeError)
    await seeded.control('POST', '/faults', { match: 'POST /v1.0/me/events', dropBefore: true })
    await expect(seeded.call(alice, 'POST', '/me/events', meeting('Lost'))).rejects.toThrow('fetch failed')
    expect(seeded.judge.items(alice).map(({ subject }) => subject)).toEqual(['Kept'])
    expect(seeded.judge.ledger().map(({ errorCode }) => errorCode)).toEqual(['dropped_after', 'dropped_before'])
  })

  test('a slow answer waits for the time of the tenant', async () => {
    const seeded = openSeededTenant(1)
    await seeded.control('POST', '/faults', { match: 'GET /v1.0/me', delayMs: 30_000, status: 503 })
    const answer = seeded.call(alice, 'GET', '/me')
    let status: number | null = null
    void answer.then((one) => {
      status = one.status
    })
    await seeded.tenant.advance(29_999)
    expect(status).toBeNull()
    await seeded.tenant.advance(1)
    expect((await answer).status).toBe(503)
  })

  test('an aborted request rejects at once, and is done all the same', async () => {
    const seeded = openSeededTenant(1)
    await seeded.control('POST', '/faults', { match: '* /v1.0/**', delayMs: 5_000 })
    const giveUp = new AbortController()
    const headers = { authorization: `Bearer ${await seeded.token(alice)}`, 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(meeting()), signal: giveUp.signal }
    const asked = seeded.fetch('https://graph.microsoft.com/v1.0/me/events', init)
    giveUp.abort(new Error('too slow'))
    await expect(asked).rejects.toThrow('too slow')
    await seeded.tenant.advance(5_000)
    expect(seeded.judge.items(alice)).toHaveLength(1)
  })
})

test('tokens come from the same endpoint as over a socket', async () => {
  const { fetch, tenant } = openSeededTenant(1)
  const form = {
    client_id: 'a9ad7f7d-4618-5e0b-8855-9589ea44b233',
    client_secret: 'local-client-credentials-secret-for-rehearsal-only',
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
  }
  const url = `https://login.microsoftonline.com/${tenant.directory.tenantId}/oauth2/v2.0/token`
  const { access_token } = await (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).json()
  const headers = { authorization: `Bearer ${access_token}` }
  const page = await fetch(`https://graph.microsoft.com/v1.0/users/${mercury}/events`, { headers })
  expect(page.status).toBe(200)
})

/** A day with everything in it that draws: ids, tokens, faults, notifications that go wrong, delta that goes wrong. */
async function run(seed: number): Promise<{ trace: string; notifications: number }> {
  const trace: unknown[] = []
  let notifications = 0
  const seeded = openSeededTenant(seed, {
    switches: { notificationDuplicates: 0.5, notificationDelays: 0.3, deltaDuplicates: 0.5, deltaEmptyPages: 0.3 },
    fetch: async (input, init) => {
      const token = new URL(String(input)).searchParams.get('validationToken')
      if (token !== null) return new Response(token, { headers: { 'content-type': 'text/plain' } })
      trace.push(init?.body)
      notifications += 1
      return new Response(null, { status: notifications % 3 === 0 ? 503 : 202 })
    },
  })
  await seeded.control('POST', '/faults', {
    match: 'POST /v1.0/**',
    answer: 'unavailable',
    probability: 0.3,
    times: 'always',
  })
  await subscribe(seeded)
  for (let made = 0; made < 8; made += 1) {
    trace.push(await seeded.call(alice, 'POST', '/me/events', meeting(`Number ${made}`)))
    await seeded.tenant.advance(60_000)
  }
  let link: string | undefined = '/me/calendarView/delta?startDateTime=2030-01-01&endDateTime=2030-02-01'
  while (link !== undefined) {
    const page: SeededAnswer<{ '@odata.nextLink'?: string }> = await seeded.call(alice, 'GET', link)
    trace.push(page.body)
    link = page.body['@odata.nextLink']
  }
  await seeded.tenant.advance(86_400_000)
  trace.push(seeded.judge.ledger())
  const text = JSON.stringify(trace, (_, value) => (value instanceof Headers ? [...value] : value))
  return { trace: createHash('sha256').update(text).digest('hex'), notifications }
}

async function subscribe({ call }: SeededTenant): Promise<void> {
  const asked = {
    changeType: 'created,updated,deleted',
    notificationUrl: 'https://anteroom.example/notifications',
    resource: 'me/events',
    expirationDateTime: '2030-01-10T00:00:00Z',
  }
  for (let tries = 0; tries < 20; tries += 1)
    if ((await call(alice, 'POST', '/subscriptions', asked)).status === 201) return
  throw new Error('The subscription was refused twenty times.')
}

function meeting(subject = 'Standup') {
  return {
    subject,
    start: { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' },
    end: { dateTime: '2030-01-08T11:00:00', timeZone: 'UTC' },
    attendees: [{ type: 'resource', emailAddress: { address: mercury } }],
  }
}
