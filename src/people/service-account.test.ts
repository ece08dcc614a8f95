import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import type { ApiToken } from './api-token.contract.ts'
import { issueApiToken } from './api-token.ts'
import type { UserRow } from './contract.ts'
import { searchDirectory } from './user.ts'

let server: PeopleServer
let admin: TestBrowser

beforeAll(async () => {
  server = await startPeopleServer()
  admin = await firstAdministrator(server)
})
afterAll(() => server.close())

async function serviceAccount(displayName: string, roles: string[] = ['employee']): Promise<UserRow> {
  const answer = await admin.send('POST', '/api/people/service-accounts', { body: { displayName, roles } })
  expect(answer.status).toBe(201)
  return (await answer.json()) as UserRow
}

async function tokenFor({ id }: { id: string }, scopes?: string[]): Promise<ApiToken & { token: string }> {
  const answer = await admin.send('POST', `/api/people/users/${id}/api-tokens`, { body: { name: 'display', scopes } })
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
  return (await answer.json()) as ApiToken & { token: string }
}

function withToken(token: string, method = 'GET', path = '/api/people/me', body?: object): Promise<Response> {
  return fetch(`${server.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

test('a program gets an account and a token, and acts with that account’s roles', async () => {
  const account = await serviceAccount('Lobby display')
  expect(account).toMatchObject({ kind: 'service', email: '', roles: ['employee'], active: true })
  const { token, scopes } = await tokenFor(account)
  expect(scopes).toEqual(['everything'])
  expect(await (await withToken(token)).json()).toMatchObject({ person: { id: account.id, kind: 'service' } })
  expect((await withToken(token, 'GET', '/api/people/users')).status).toBe(403)
  const listed = await admin.send('GET', `/api/people/users/${account.id}/api-tokens`)
  expect(await listed.json()).toMatchObject({ tokens: [{ name: 'display', lastUsedAt: expect.any(String) }] })
})

test('it has no other way in, is nobody to invite, and is no last administrator', async () => {
  const account = await serviceAccount('Night watch', ['admin'])
  expect((await new TestBrowser(server).signInWithPassword('')).status).toBe(400)
  expect(await searchDirectory(server.deps, 'Night')).toEqual([])
  const filtered = await admin.send('GET', '/api/people/users?kind=service&q=night')
  expect(await filtered.json()).toMatchObject({ total: 1, rows: [{ id: account.id }] })
  const { rows } = (await (await admin.send('GET', '/api/people/users?kind=local')).json()) as { rows: UserRow[] }
  const [root] = rows
  const body = { roles: ['employee'], version: root?.version }
  const answer = await admin.send('PATCH', `/api/people/users/${root?.id}`, { body })
  expect([answer.status, await problemCode(answer)]).toEqual([409, 'people.last_admin'])
})

test('two cannot have one name, nor names that only look different to a computer', async () => {
  expect((await serviceAccount('\u202eT\u200bwin')).displayName).toBe('Twin')
  const answer = await admin.send('POST', '/api/people/service-accounts', { body: { displayName: 'twin' } })
  const invisible = await admin.send('POST', '/api/people/service-accounts', { body: { displayName: '\u200b' } })
  expect(invisible.status).toBe(400)
  expect([answer.status, await problemCode(answer)]).toEqual([409, 'people.service_account_exists'])
})

test('its tokens end when it is deactivated, and when an administrator revokes one', async () => {
  const account = await serviceAccount('Door sign')
  const [first, second] = [await tokenFor(account), await tokenFor(account)]
  expect((await admin.send('DELETE', `/api/people/users/${account.id}/api-tokens/${first.id}`)).status).toBe(200)
  expect([(await withToken(first.token)).status, (await withToken(second.token)).status]).toEqual([401, 200])
  const body = { active: false, version: account.version }
  expect((await admin.send('PATCH', `/api/people/users/${account.id}`, { body })).status).toBe(200)
  expect((await withToken(second.token)).status).toBe(401)
})

test('an administrator sees and revokes a person’s tokens, but cannot make one to act as that person', async () => {
  const id = await knownPerson(server, 'Alice Meyer')
  const owner = { id, displayName: 'Alice Meyer' }
  const order = { owner, by: { id: null, name: 'test' }, name: 'report', expiresInDays: 1 }
  const { record, token } = await issueApiToken(server.deps, order)
  const refused = await admin.send('POST', `/api/people/users/${id}/api-tokens`, { body: { name: 'spare key' } })
  expect([refused.status, await problemCode(refused)]).toEqual([409, 'people.service_account_required'])
  const foreign = await admin.send('DELETE', `/api/people/users/${id}/api-tokens/${server.deps.seams.newId()}`)
  expect(foreign.status).toBe(404)
  expect((await admin.send('DELETE', `/api/people/users/${id}/api-tokens/${record.id}`)).status).toBe(200)
  expect((await withToken(token.open('show_once'))).status).toBe(401)
})

test('a token does what its scopes say and never more than its owner may', async () => {
  const account = await serviceAccount('Reporter', ['admin'])
  const { token } = await tokenFor(account, ['read', 'reservations'])
  expect((await withToken(token, 'GET', '/api/people/users')).status).toBe(200)
  const answer = await withToken(token, 'PATCH', '/api/people/me', { timeZone: 'Europe/Berlin' })
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({
    code: 'http.scope_required',
    facts: { scopesNeeded: ['everything'], scopesHeld: ['read', 'reservations'] },
  })
  const { token: weak } = await tokenFor(await serviceAccount('Weak'), ['everything'])
  expect((await withToken(weak, 'GET', '/api/people/users')).status).toBe(403)
  const wrong = await admin.send('POST', `/api/people/users/${account.id}/api-tokens`, {
    body: { name: 'x', scopes: ['root'] },
  })
  expect([wrong.status, await problemCode(wrong)]).toEqual([400, 'http.invalid_input'])
})

test('a token cannot make tokens, not even for a service account', async () => {
  const account = await serviceAccount('Factory', ['admin'])
  const { token } = await tokenFor(account)
  const answer = await withToken(token, 'POST', `/api/people/users/${account.id}/api-tokens`, { name: 'successor' })
  expect([answer.status, await problemCode(answer)]).toEqual([403, 'people.session_required'])
})
