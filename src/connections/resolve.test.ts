import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { joinUrl } from './connection-fetch.ts'
import { resolveAlias, tokenExists } from './resolve.ts'

const parentAlias = 'exchange_online.Microsoft_Exchange_Online'
const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

let server: ConnectionsServer
let admin: Visitor
let alice: Visitor
let personal: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  alice = await server.person('alice.meyer@contoso.example', ['employee'])
})
afterAll(() => server.close())
beforeEach(() => server.tenant.tenant.ledger.clear())

const resolution = async (who: Visitor, alias: string) =>
  (await who.get(`/api/connections/aliases/${alias}/resolution`)).body
const mine = () => resolveAlias(server.deps, personalAlias, { userId: alice.userId })

test('before anything is set up, the resolution says what is missing and where', async () => {
  expect(await resolution(admin, parentAlias)).toMatchObject({
    resolved: false,
    because: expect.stringContaining('OAuth Entity Profile'),
    connection: { name: 'Ms Graph 1' },
    connectionUrl: 'https://graph.microsoft.com',
  })
  expect(await mine()).toMatchObject({ is: 'refused', code: 'connections.profile_missing' })
  expect((await admin.get('/api/connections/aliases/no.such/resolution')).status).toBe(404)
})

test('set up but not signed in: a sign-in is needed, and by whom', async () => {
  await fillInApp(admin, contoso.personalAuth)
  personal = await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  expect(await mine()).toMatchObject({
    is: 'sign_in_needed',
    credentialId: personal.id,
    credentialName: 'Ms Graph Personal',
  })
  expect(await tokenExists(server.deps, personalAlias, alice.userId)).toBe(false)
  expect(await resolveAlias(server.deps, personalAlias, 'system')).toMatchObject({
    is: 'refused',
    code: 'connections.personal_needs_user',
  })
})

test('signed in: a fetch with one’s own permission, at an inherited address, and the trace tells each choice', async () => {
  const { body } = await alice.send('POST', `/api/connections/personal/${personal.id}/authorization`)
  await alice.get(await alice.signInAt(String(body.url), alice.upn))
  const resolved = await mine()
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  expect(resolved).toMatchObject({
    baseUrl: 'https://graph.microsoft.com',
    timeoutMs: 30_000,
    account: { email: alice.upn },
  })
  const me = await resolved.fetch('/v1.0/me')
  expect(await me.json()).toMatchObject({ userPrincipalName: alice.upn })
  expect(await tokenExists(server.deps, personalAlias, alice.userId)).toBe(true)

  const answer = await resolution(alice, personalAlias)
  expect(answer).toMatchObject({
    resolved: true,
    connection: { name: 'Ms Graph Personal' },
    credential: { integrationType: 'personal' },
    token: { state: 'ready', account: alice.upn },
  })
  expect(answer.trace).toMatchObject([
    { step: 'alias', chose: personalAlias, because: expect.stringContaining('Microsoft_Exchange_Online') },
    { step: 'connection', chose: 'Ms Graph Personal' },
    { step: 'connectionUrl', because: 'Inherited from Ms Graph 1.' },
    { step: 'timeoutMs', chose: '30000' },
    { step: 'retryPolicy', chose: 'Honour Retry-After', source: 'default' },
    { step: 'credential', chose: 'Ms Graph Personal' },
    { step: 'profile' },
    { step: 'token', chose: alice.upn },
  ])
  expect(await resolution(admin, personalAlias)).toMatchObject({ resolved: false, token: { state: 'none' } })
})

test('use is noted at most once a minute', async () => {
  const used = async () => {
    const { body } = await alice.get('/api/connections/personal')
    return (body.connections as { token: { lastUsedAt: string | null } }[])[0]?.token.lastUsedAt
  }
  const resolved = await mine()
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  await resolved.fetch('/v1.0/me')
  // What the system does by itself is written within a second.
  await expect.poll(used, { timeout: 10_000 }).not.toBeNull()
  const first = await used()
  await resolved.fetch('/v1.0/me')
  expect(await used()).toBe(first)
  server.advance(61_000)
  await resolved.fetch('/v1.0/me')
  const later = async () => Date.parse((await used()) ?? '')
  await expect.poll(later, { timeout: 10_000 }).toBeGreaterThan(Date.parse(first ?? ''))
})

test('a 401 is answered by one renewal and one repetition, not by a loop', async () => {
  const refusal = {
    match: 'GET /v1.0/me',
    status: 401,
    headers: {},
    body: {},
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  }
  const resolved = await mine()
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  server.tenant.tenant.faults.put({ id: 'once', times: 1, ...refusal })
  expect((await resolved.fetch('/v1.0/me')).status).toBe(200)
  server.tenant.tenant.faults.put({ id: 'always', times: 10, ...refusal })
  expect((await resolved.fetch('/v1.0/me')).status).toBe(401)
  const calls = server.tenant.tenant.ledger.since()
  expect(calls.filter(({ grantType }) => grantType === 'refresh_token')).toHaveLength(2)
  expect(calls.filter(({ path }) => path === '/v1.0/me')).toHaveLength(4)
  server.tenant.tenant.faults.clear()
})

test('the token goes nowhere else: other origins, other schemes, tricks with paths, and redirects', async () => {
  const resolved = await mine()
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  const elsewhere = [
    'https://evil.example/v1.0/me',
    'http://graph.microsoft.com/v1.0/me',
    '//evil.example/v1.0/me',
    'https://graph.microsoft.com:8443/v1.0/me',
    'https://graph.microsoft.com@evil.example/',
    'https://user:pass@graph.microsoft.com/v1.0/me',
    'v1.0/me',
    'https://graph.microsoft.com.evil.example/',
  ]
  for (const path of elsewhere)
    await expect(resolved.fetch(path), path).rejects.toMatchObject({ code: 'connections.other_origin' })
  expect(joinUrl('https://graph.microsoft.com', '/v1.0/me?a=b')).toBe('https://graph.microsoft.com/v1.0/me?a=b')
  expect(() => joinUrl('https://graph.microsoft.com/v1.0', '/../beta/me')).toThrow()
  for (const status of [301, 302, 303, 307, 308]) {
    const headers = { location: 'https://graph.microsoft.com/v1.0/me' }
    const more = { times: 1, body: '', delayMs: 0, dropAfter: false, dropBefore: false }
    server.tenant.tenant.faults.put({ id: `${status}`, match: 'GET /v1.0/me', status, headers, ...more })
    await expect(resolved.fetch('/v1.0/me')).rejects.toMatchObject({ code: 'connections.redirect_refused' })
  }
  expect(server.tenant.tenant.ledger.since()).toHaveLength(5)
})

test('a new Connection URL at the parent ends the tokens of its children: none is sent to the new host', async () => {
  const connection = await admin.find('connections', 'Ms Graph 1')
  const path = `/api/connections/connections/${connection.id}`
  const { body: moved } = await admin.send('PATCH', path, {
    version: connection.version,
    connectionUrl: 'https://graph.microsoft.us',
  })
  expect(moved.connectionUrl).toMatchObject({ value: 'https://graph.microsoft.us', source: 'own' })
  expect(await mine()).toMatchObject({
    is: 'sign_in_needed',
    say: expect.stringContaining('Connection URL was changed'),
  })

  // Even with the state turned back by hand the seal does not open for the new address.
  await server.deps.db.updateTable('tokens').set({ state: 'ready' }).execute()
  const resolved = await mine()
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  await expect(resolved.fetch('/v1.0/me')).rejects.toMatchObject({ code: 'connections.destination_changed' })
  expect(server.tenant.tenant.ledger.since()).toHaveLength(0)
  await admin.send('PATCH', path, { version: moved.version, connectionUrl: 'https://graph.microsoft.com' })
})

test('a new Token URL or client ID: the client secret is asked for again and no token is used', async () => {
  await server.deps.db.updateTable('tokens').set({ state: 'ready' }).execute()
  const app = await admin.find('oauth-apps', contoso.personalAuth.name)
  const path = `/api/connections/oauth-apps/${app.id}`
  const refused = await admin.send('PATCH', path, {
    version: app.version,
    clientId: contoso.clientCredentials.clientId,
  })
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'connections.client_secret_needed_again', fields: { clientSecret: expect.any(String) } },
  })
  const accepted = await admin.send('PATCH', path, {
    version: app.version,
    clientId: contoso.clientCredentials.clientId,
    clientSecret: contoso.clientCredentials.clientSecret,
  })
  expect(accepted.status).toBe(200)
  expect(await mine()).toMatchObject({ is: 'sign_in_needed', say: expect.stringContaining('Token URL or client ID') })
  await admin.send('PATCH', path, { version: accepted.body.version, ...contoso.personalAuth })
})

test('revoked: nothing is left to open, and a new permission brings it back', async () => {
  const again = await alice.send('POST', `/api/connections/personal/${personal.id}/authorization`)
  await alice.get(await alice.signInAt(String(again.body.url), alice.upn))
  expect((await mine()).is).toBe('ready')
  const { body } = await alice.send('DELETE', `/api/connections/personal/${personal.id}/token`)
  expect(body).toMatchObject({ state: 'revoked' })
  const token = await server.deps.db
    .selectFrom('tokens')
    .selectAll()
    .where('user_id', '=', alice.userId)
    .executeTakeFirstOrThrow()
  expect(token).toMatchObject({ access_token: null, refresh_token: null })
  expect(await mine()).toMatchObject({ is: 'sign_in_needed' })
})

test('normal mode: with a client credentials profile the button needs no page, and a probe proves it', async () => {
  await fillInApp(admin, contoso.clientCredentials)
  const graph2 = await useProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)
  const started = await admin.send('POST', `/api/connections/credentials/${graph2.id}/authorization`)
  expect(started).toMatchObject({ status: 201, body: { authorizationId: null, url: null } })
  const { body } = await admin.get(`/api/connections/credentials/${graph2.id}`)
  expect(body).toMatchObject({
    tokenState: 'ready',
    token: { account: null, probe: { ok: true }, scopes: [{ asked: true, granted: true }], worksUntil: null },
  })
  server.advance(3 * 60 * 60 * 1000)
  const probed = await admin.send('POST', `/api/connections/credentials/${graph2.id}/probe`)
  expect(probed).toMatchObject({ status: 200, body: { state: 'ready', probe: { ok: true } } })
})
