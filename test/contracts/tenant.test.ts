import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mintAccessToken } from '../../emulator/access-token.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'

const alice = 'alice.meyer@contoso.example'
let served: TestTenant
const programs: ChildProcess[] = []

beforeAll(async () => {
  served = await startTenant({ callbackBases: ['http://localhost:4400', 'http://localhost:5500'] })
})
afterAll(() => served.close())
beforeEach(async () => {
  await served.control('POST', '/reset')
})

describe('faults', () => {
  test('answer the next matching request, as often as told, and are named in the ledger', async () => {
    const fault = {
      match: 'GET /v1.0/users/*',
      times: 2,
      status: 503,
      headers: { 'retry-after': '7' },
      body: { error: { code: 'X' } },
    }
    const { id } = (await (await served.control('POST', '/faults', fault)).json()) as { id: string }
    expect((await graph('GET', '/me')).status).toBe(200)
    const refused = await graph('GET', `/users/${alice}`)
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '7',
      { error: { code: 'X' } },
    ])
    expect((await graph('GET', `/users/${alice}`)).status).toBe(503)
    expect((await graph('GET', `/users/${alice}`)).status).toBe(200)
    expect(served.ledger().map(({ status, faultId }) => [status, faultId])).toEqual([
      [200, null],
      [503, id],
      [503, id],
      [200, null],
    ])
  })

  test('drop the connection after the work was done, or before', async () => {
    await served.control('POST', '/faults', { match: 'POST /v1.0/me/events', dropAfter: true })
    await expect(graph('POST', '/me/events', event('Kept'))).rejects.toThrow()
    await served.control('POST', '/faults', { match: 'POST /v1.0/**', dropBefore: true })
    await expect(graph('POST', '/me/events', event('Lost'))).rejects.toThrow()
    const kept = (await (await served.control('GET', `/mailboxes/${alice}/events`)).json()) as {
      events: { subject: string }[]
    }
    expect(kept.events.map(({ subject }) => subject)).toEqual(['Kept'])
    expect(served.ledger().map(({ status, errorCode }) => [status, errorCode])).toEqual([
      [201, 'dropped_after'],
      [0, 'dropped_before'],
    ])
  })
})

describe('the clock', () => {
  test('does due work in order, each at its time, work made on the way included', () => {
    const { tenant } = served
    const seen: string[] = []
    const from = tenant.now().getTime()
    tenant.clock.onTask('test.note', ({ name, next }) => {
      seen.push(`${name} at ${Math.round((tenant.now().getTime() - from) / 1000)} s`)
      if (next) tenant.clock.schedule(new Date(from + 20_000), 'test.note', { name: next })
    })
    tenant.clock.schedule(new Date(from + 30_000), 'test.note', { name: 'third' })
    tenant.clock.schedule(new Date(from + 10_000), 'test.note', { name: 'first', next: 'second' })
    tenant.clock.schedule(new Date(from + 99_000), 'test.note', { name: 'later' })
    tenant.clock.advance(60_000)
    expect(seen).toEqual(['first at 10 s', 'second at 20 s', 'third at 30 s'])
    expect(Math.round((tenant.now().getTime() - from) / 1000)).toBe(60)
  })

  test('a token expires on it', async () => {
    const token = await tokenOf()
    await served.control('POST', '/clock/advance', { ms: 2 * 60 * 60 * 1000 })
    const answer = await fetch(`${served.origin}/v1.0/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status).toBe(401)
  })
})

describe('control', () => {
  test('answers this computer only, and not to web pages from elsewhere', async () => {
    const headers = { origin: 'https://elsewhere.example' }
    expect((await fetch(`${served.origin}/_tenant`, { headers })).status).toBe(403)
    expect((await fetch(`${served.origin}/_tenant`)).status).toBe(200)
  })

  test('names what is wrong with a body', async () => {
    const answer = await served.control('PUT', '/switches', { deliveryDelay: 5 })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('deliveryDelay')
  })

  test('registers callbacks under every known origin of Anteroom', () => {
    const app = served.tenant.apps.find((one) => one.displayName === 'Anteroom')
    expect(app?.redirectUris).toEqual([
      'http://localhost:4400/api/people/sign-in/callback',
      'http://localhost:5500/api/people/sign-in/callback',
    ])
  })

  test('seeds more people and sets room policies', async () => {
    const person = {
      id: 'a1',
      userPrincipalName: 'zoe@contoso.example',
      displayName: 'Zoe',
      homeTenantId: 'another-tenant',
    }
    await served.control('POST', '/seed', { people: [person] })
    expect(served.tenant.findUser('ZOE@contoso.example')).toMatchObject({ id: 'a1', homeTenantId: 'another-tenant' })
    await served.control('PUT', '/rooms/mercury@contoso.example/policy', { bookingWindowInDays: 3 })
    const mercury = served.tenant.findUser('mercury@contoso.example')
    expect(served.tenant.roomPolicies.get(mercury?.id ?? '')).toMatchObject({
      bookingWindowInDays: 3,
      allBookInPolicy: true,
    })
  })
})

describe('as a program', () => {
  afterAll(() => {
    for (const child of programs) child.kill('SIGKILL')
  })

  test('keeps everything over kill -9, tokens and the clock included', { timeout: 30_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenant-'))
    const data = join(folder, 'tenant.db')
    const first = await startProgram(data)
    await fetch(`${first.origin}/_tenant/clock/advance`, { method: 'POST', body: JSON.stringify({ ms: 86_400_000 }) })
    const token = await tokenFrom(first.origin)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const made = await fetch(`${first.origin}/v1.0/me/events`, {
      method: 'POST',
      headers,
      body: JSON.stringify(event('Lasting')),
    })
    expect(made.status).toBe(201)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await startProgram(data)
    const { value } = (await (await fetch(`${second.origin}/v1.0/me/events`, { headers })).json()) as {
      value: { subject: string }[]
    }
    expect(value.map(({ subject }) => subject)).toEqual(['Lasting'])
    const { aheadMs } = (await (await fetch(`${second.origin}/_tenant/clock`)).json()) as { aheadMs: number }
    expect(aheadMs).toBe(86_400_000)
    second.child.kill('SIGTERM')
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(0)
    await rm(folder, { recursive: true })
  })
})

async function startProgram(data: string): Promise<{ origin: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['emulator/main.ts', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  programs.push(child)
  return { origin: (JSON.parse(line) as { origin: string }).origin, child }
}

/** A token by the password grant, since the program's key is its own. */
async function tokenFrom(origin: string): Promise<string> {
  const client_id = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
  const consent = { clientId: client_id, user: alice, scopes: ['Calendars.ReadWrite'] }
  await fetch(`${origin}/_tenant/consents`, { method: 'POST', body: JSON.stringify(consent) })
  const client = {
    client_id,
    client_secret: 'local-personal-auth-secret-for-rehearsal-only',
    scope: 'Calendars.ReadWrite',
  }
  const body = new URLSearchParams({ ...client, grant_type: 'password', username: alice, password: 'Rehearsal-2026' })
  const answer = await fetch(`${origin}/contoso.example/oauth2/v2.0/token`, { method: 'POST', body })
  return ((await answer.json()) as { access_token: string }).access_token
}

function tokenOf(): Promise<string> {
  const { tenant } = served
  const accountId = tenant.findUser(alice)?.id ?? ''
  const grant = { clientId: tenant.apps.list()[1]?.clientId ?? '', accountId, roles: [] }
  return mintAccessToken(tenant, { ...grant, scopes: ['User.Read', 'Calendars.ReadWrite'] }, 3600)
}

async function graph(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${await tokenOf()}`, 'content-type': 'application/json' }
  return fetch(`${served.origin}/v1.0${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

function event(subject: string) {
  const day = new Date(served.tenant.now().getTime() + 86_400_000).toISOString().slice(0, 10)
  return {
    subject,
    start: { dateTime: `${day}T10:00:00`, timeZone: 'UTC' },
    end: { dateTime: `${day}T11:00:00`, timeZone: 'UTC' },
  }
}
