import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  type TestBrowser,
} from '../../test/support/people-server.ts'
import { issueApiToken } from './api-token.ts'

let server: PeopleServer
let admin: TestBrowser
let aliceId = ''

beforeAll(async () => {
  server = await startPeopleServer()
  admin = await firstAdministrator(server)
  aliceId = await knownPerson(server, 'Alice Meyer')
})
afterAll(() => server.close())

const dayMs = 24 * 60 * 60_000

async function tokenOfAlice(expiresInDays = 30) {
  const { record, token } = await issueApiToken(server.deps, {
    owner: { id: aliceId, displayName: 'Alice Meyer' },
    by: { id: null, name: 'test' },
    name: 'report',
    expiresInDays,
  })
  return { id: record.id, text: token.open('show_once') }
}

function withToken(text: string, method = 'GET', path = '/api/people/api-tokens', body?: object): Promise<Response> {
  return fetch(`${server.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${text}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('it is shown once, kept as a hash, and acts as its owner with today’s roles', async () => {
  const created = await admin.send('POST', '/api/people/api-tokens', { body: { name: 'nightly report' } })
  expect(created.status).toBe(201)
  expect(created.headers.get('cache-control')).toBe('no-store')
  const { token, ...row } = (await created.json()) as { token: string; id: string }
  const listed = (await (await admin.send('GET', '/api/people/api-tokens')).json()) as { tokens: object[] }
  expect(listed.tokens).toContainEqual(row)
  expect(JSON.stringify(listed)).not.toContain(token)
  const stored = await server.deps.db.selectFrom('api_tokens').selectAll().execute()
  expect(JSON.stringify(stored)).not.toContain(token.slice(-36))
  expect((await withToken(token, 'GET', '/api/people/users')).status).toBe(200)
  expect((await withToken((await tokenOfAlice()).text, 'GET', '/api/people/users')).status).toBe(403)
})

test('expired, revoked, mistyped and unknown tokens are refused alike', async () => {
  const expired = await tokenOfAlice(1)
  const revoked = await tokenOfAlice()
  expect((await withToken(revoked.text, 'DELETE', `/api/people/api-tokens/${revoked.id}`)).status).toBe(200)
  server.advance(dayMs)
  for (const text of [expired.text, revoked.text, `${revoked.text.slice(0, -1)}_`, 'an_pat_x']) {
    const answer = await withToken(text)
    expect([answer.status, await problemCode(answer)]).toEqual([401, 'people.api_token_refused'])
  }
  server.advance(-dayMs)
})

test('somebody else’s token is not found, not even by an administrator', async () => {
  const { id, text } = await tokenOfAlice()
  const answer = await admin.send('DELETE', `/api/people/api-tokens/${id}`)
  expect([answer.status, await problemCode(answer)]).toEqual([404, 'people.api_token_not_found'])
  expect((await withToken(text)).status).toBe(200)
})

test('a token cannot make another one', async () => {
  const { text } = await tokenOfAlice()
  const answer = await withToken(text, 'POST', '/api/people/api-tokens', { name: 'successor' })
  expect([answer.status, await problemCode(answer)]).toEqual([403, 'people.session_required'])
})

test('its last use is noted at most once a minute', async () => {
  const { id, text } = await tokenOfAlice()
  const lastUsed = async () => {
    const row = await server.deps.db
      .selectFrom('api_tokens')
      .select('last_used_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return row.last_used_at?.getTime() ?? 0
  }
  await withToken(text)
  const first = await lastUsed()
  expect(first).toBeGreaterThan(0)
  server.advance(30_000)
  await withToken(text)
  expect(await lastUsed()).toBe(first)
  server.advance(31_000)
  await withToken(text)
  expect(await lastUsed()).toBeGreaterThan(first)
})

test('the token of a deactivated person stops at once', async () => {
  const { text } = await tokenOfAlice()
  await server.deps.db.updateTable('users').set({ active: false }).where('id', '=', aliceId).execute()
  expect((await withToken(text)).status).toBe(401)
  await server.deps.db.updateTable('users').set({ active: true }).where('id', '=', aliceId).execute()
})

test('fifty that work are enough for anybody', async () => {
  const ownerId = await knownPerson(server, 'Token Collector')
  const order = {
    owner: { id: ownerId, displayName: 'Token Collector' },
    by: { id: null, name: 'test' },
    name: 'one of many',
    expiresInDays: 1,
  }
  for (let count = 0; count < 50; count++) await issueApiToken(server.deps, order)
  await expect(issueApiToken(server.deps, order)).rejects.toMatchObject({ code: 'people.too_many_api_tokens' })
})
