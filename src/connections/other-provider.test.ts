import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ConnectionsServer, startConnectionsServer, type Visitor } from '../../test/support/connections-server.ts'
import { type OtherProvider, otherIssuer, startOtherProvider } from '../../test/support/other-provider.ts'
import { type RecordingServer, startRecordingServer } from '../../test/support/recording-server.ts'
import type { Credential } from './credential.contract.ts'
import type { OAuthApp } from './oauth-app.contract.ts'
import { resolveAlias } from './resolve.ts'

const api = 'https://api.fabrikam.example'
const clientId = 'anteroom at fabrikam'
const bot = { sub: 'bot-1', email: 'bot@fabrikam.example', emailVerified: true, name: 'Bot', password: 'b0t-pässword' }
const hour = 3_600_000

let provider: OtherProvider
let there: RecordingServer
let server: ConnectionsServer
let admin: Visitor
let app: { id: string; at: string }
let scopeId: string
beforeAll(async () => {
  provider = await startOtherProvider(bot)
  there = await startRecordingServer()
  server = await startConnectionsServer(
    {},
    { 'login.fabrikam.example': provider.origin, 'api.fabrikam.example': there.origin },
  )
  provider.now = server.deps.seams.now
  admin = await server.person('ada.admin@contoso.example')
  const { body } = await admin.get('/api/connections/application-scopes')
  scopeId = (body.scopes as { id: string; key: string }[]).find(({ key }) => key === 'global')?.id ?? ''
  const { id } = await make('oauth-apps', {
    name: 'Fabrikam',
    clientId,
    clientSecret: 's3cret:with/odd chars',
    clientAuthentication: 'client_secret_basic',
    issuer: otherIssuer,
    authorizationUrl: `${otherIssuer}/authorize`,
    tokenUrl: `${otherIssuer}/token`,
    scopes: [{ name: 'things', scope: 'things.read' }],
  })
  app = { id, at: `/api/connections/oauth-apps/${id}` }
  await admin.send('POST', `${app.at}/secrets`, { label: 'mistyped', value: 'not the right one' })
  provider.clients.push({ id: clientId, secrets: ['s3cret:with/odd chars'], publicKeyPem: null })
})
afterAll(async () => {
  await server.close()
  await provider.close()
  await there.close()
})
beforeEach(() => {
  provider.account = bot
  provider.asked.length = 0
  provider.lies = {}
  there.seen.length = 0
})

async function make(list: string, body: object) {
  const answer = await admin.send('POST', `/api/connections/${list}`, body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body as { id: string; version: number; profiles: { id: string }[] }
}

const readApp = async () => (await admin.get(app.at)).body as unknown as OAuthApp
const credentialOf = async (id: string) =>
  (await admin.get(`/api/connections/credentials/${id}`)).body as unknown as Credential
async function changeApp(body: object) {
  const answer = await admin.send('PATCH', app.at, { version: (await readApp()).version, ...body })
  expect(answer.status, answer.text).toBe(200)
}

/** A credential with a profile of this grant, an alias and a connection. */
async function setUp(name: string, grantType: string, credential: object = {}) {
  const { scopes } = await readApp()
  const scopeIds = scopes.map(({ id }) => id)
  const profile = await make('entity-profiles', { name, grantType, oauthAppId: app.id, scopeIds })
  const { id } = await make('credentials', { name, oauthEntityProfileId: profile.id, ...credential })
  const alias = await make('aliases', { name, applicationScopeId: scopeId })
  await make('connections', { name, aliasId: alias.id, credentialId: id, connectionUrl: api })
  return { id, profileId: profile.id }
}

const getToken = (id: string) => admin.send('POST', `/api/connections/credentials/${id}/authorization`)
async function signIn(who: Visitor, path: string) {
  const started = await who.send('POST', path, {})
  expect(started.status, started.text).toBe(201)
  const { authorizationId, url } = started.body as { authorizationId: string; url: string }
  const page = await fetch(url, { redirect: 'manual' })
  await who.get(page.headers.get('location') ?? '')
  return (await who.get(`/api/connections/authorizations/${authorizationId}`)).body
}
async function callAs(name: string, actor: 'system' | { userId: string } = 'system') {
  const resolved = await resolveAlias(server.deps, name, actor)
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  await resolved.fetch('/things')
  return there.seen.at(-1)?.headers.authorization
}

/** What the trail says of a credential: what was done, why it was wanted, and how it was refused. */
async function trailOf(credentialId: string) {
  const entries = await server.deps.db
    .selectFrom('audit_entries')
    .selectAll()
    .where('subject_id', '=', credentialId)
    .where('action', 'in', ['connections.use_token', 'connections.refresh_token', 'connections.refuse_refresh'])
    .orderBy('seq')
    .execute()
  return entries.map(({ action, details: { purpose, code, count } }) => ({ action, purpose, code, count }))
}

test('client credentials, as Basic: a challenge beside the refusal does not keep the next secret from being tried', async () => {
  const { id } = await setUp('Application', 'client_credentials')
  expect((await getToken(id)).status).toBe(201)
  expect(provider.asked).toEqual([
    { grant: 'client_credentials', by: 'Basic', status: 401 },
    { grant: 'client_credentials', by: 'Basic', status: 200 },
  ])
  expect((await readApp()).clientSecrets.map(({ label }) => label)).toEqual(['Client secret', 'mistyped'])
  expect(await callAs('Application')).toMatch(/^Bearer at-/)
  // What nobody waits for is in the trail within a second.
  await expect.poll(() => trailOf(id), { timeout: 10_000 }).toHaveLength(1)
  server.advance(2 * hour)
  await callAs('Application')
  await expect.poll(() => trailOf(id), { timeout: 10_000 }).toHaveLength(3)
  expect(provider.asked.slice(2)).toEqual([{ grant: 'client_credentials', by: 'Basic', status: 200 }])
  // Nobody knows a call of this provider that proves a token, so its address is read.
  const probed = await admin.send('POST', `/api/connections/credentials/${id}/probe`)
  expect(probed.body).toMatchObject({
    state: 'ready',
    probe: { ok: true, say: expect.stringContaining(new URL(api).host) },
  })
  expect(await trailOf(id)).toMatchObject([
    { action: 'connections.use_token', purpose: 'Application was resolved', count: 1 },
    { action: 'connections.refresh_token', purpose: 'Application was resolved' },
    { action: 'connections.use_token', purpose: 'Application was resolved', count: 1 },
    { action: 'connections.use_token', purpose: 'tested', count: 1 },
  ])
})

test('authorization code: the id token of the issuer proves who signed in, and the account is pinned', async () => {
  const { id } = await setUp('Delegated', 'authorization_code', { expectedAccount: bot.email })
  const path = `/api/connections/credentials/${id}/authorization`
  provider.account = { ...bot, sub: 'somebody-else', email: 'else@fabrikam.example' }
  expect(await signIn(admin, path)).toMatchObject({ outcome: 'refused', code: 'connections.wrong_account' })
  provider.account = { ...bot, emailVerified: false }
  expect(await signIn(admin, path)).toMatchObject({ outcome: 'refused', code: 'connections.probe_failed' })
  provider.account = bot
  expect(await signIn(admin, path)).toMatchObject({ outcome: 'stored', actualName: 'Bot (bot@fabrikam.example)' })
  expect(await credentialOf(id)).toMatchObject({
    expectedAccountPinned: true,
    token: { state: 'ready', account: { objectId: 'bot-1', tenantId: otherIssuer, matchesExpected: true } },
  })
  provider.account = { ...bot, sub: 'BOT-1' }
  expect(await signIn(admin, path)).toMatchObject({ outcome: 'refused', code: 'connections.wrong_account' })

  server.advance(2 * hour)
  expect(await callAs('Delegated')).toMatch(/^Bearer at-/)
  server.advance(2 * hour)
  expect(await callAs('Delegated')).toMatch(/^Bearer at-/)
  expect(provider.asked.slice(-2)).toEqual([
    { grant: 'refresh_token', by: 'Basic', status: 200 },
    { grant: 'refresh_token', by: 'Basic', status: 200 },
  ])
})

test('Personal: a person’s first sign-in is known by their own proven address, every later one by the account', async () => {
  const { id } = await setUp('Each_person', 'authorization_code', { integrationType: 'personal' })
  const alice = await server.person('alice.meyer@contoso.example', ['employee'])
  const path = `/api/connections/personal/${id}/authorization`
  provider.account = { ...bot, sub: 'u-bob', email: 'bob.tanaka@contoso.example' }
  expect(await signIn(alice, path)).toMatchObject({ outcome: 'refused', code: 'connections.wrong_account' })
  provider.account = { ...bot, sub: 'u-alice', email: alice.upn, name: 'Alice' }
  expect(await signIn(alice, path)).toMatchObject({ outcome: 'stored' })
  provider.account = { ...bot, sub: 'u-other', email: alice.upn }
  expect(await signIn(alice, path)).toMatchObject({ outcome: 'refused', code: 'connections.wrong_account' })
  expect(await callAs('Each_person', { userId: alice.userId })).toMatch(/^Bearer at-/)
  expect((await alice.get('/api/connections/personal')).body.connections).toContainEqual(
    expect.objectContaining({
      credential: { id, name: 'Each_person' },
      token: expect.objectContaining({ account: expect.objectContaining({ matchesExpected: true }) }),
    }),
  )
})

test('what the discovery document says is compared with the record, and never takes its place', async () => {
  const { id } = await setUp('Lied_to', 'authorization_code', { expectedAccount: bot.email })
  for (const lie of [
    { issuer: 'https://evil.example' },
    { token_endpoint: 'https://evil.example/token' },
    { authorization_endpoint: 'https://evil.example/authorize' },
    { jwks_uri: 'http://login.fabrikam.example/keys' },
  ]) {
    provider.lies = lie
    expect((await getToken(id)).body, JSON.stringify(lie)).toMatchObject({ code: 'connections.provider_trouble' })
  }
  expect(provider.asked).toEqual([])
})

test('what nobody could verify or the operator has not named is said before anything is sent', async () => {
  const { id } = await setUp('Incomplete', 'authorization_code', { expectedAccount: bot.email })
  const refusedFor = async (body: object, field: string) => {
    await changeApp(body)
    const { body: refusal } = await getToken(id)
    expect(refusal).toMatchObject({ code: 'connections.oauth_app_incomplete', fields: { [field]: expect.any(String) } })
    return String((refusal.fields as Record<string, string>)[field])
  }
  expect(await refusedFor({ issuer: '' }, 'issuer')).toContain('Authorization Code needs the Issuer')
  expect(
    await refusedFor({ issuer: otherIssuer, authorizationUrl: 'https://evil.example/a' }, 'authorizationUrl'),
  ).toContain('ANTEROOM_ALLOWED_HOSTS')
  await changeApp({ authorizationUrl: `${otherIssuer}/authorize` })
  expect(provider.asked).toEqual([])
  expect((await credentialOf(id)).mayGetToken).toBe(true)
})

test('private_key_jwt for the issuer, where that is what the provider wants', async () => {
  const made = await admin.send('POST', `${app.at}/key-pairs`, { label: 'Fabrikam' })
  const [certificate] = (made.body as unknown as OAuthApp).certificates
  const client = provider.clients[0]
  if (client === undefined) throw new Error('no client')
  const { publicKey } = new X509Certificate(certificate?.certificate ?? '')
  client.publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  await changeApp({ clientAuthentication: 'private_key_jwt', assertionAudience: 'issuer' })
  const { id } = await admin.find('credentials', 'Application')
  expect((await getToken(id)).status).toBe(201)
  expect(provider.asked).toEqual([{ grant: 'client_credentials', by: 'assertion', status: 200 }])
  // With the Token URL elsewhere an assertion for the issuer could be collected there.
  await changeApp({ issuer: 'https://api.fabrikam.example' })
  expect((await getToken(id)).body).toMatchObject({
    fields: { assertionAudience: expect.stringContaining('Token URL') },
  })
  await changeApp({ issuer: otherIssuer, assertionAudience: 'token_url', clientAuthentication: 'client_secret_basic' })
})

test('JWT bearer: an assertion of ours names whom the token is for; it is asked for again instead of renewed', async () => {
  const { id } = await setUp('Asserted', 'jwt_bearer')
  expect((await credentialOf(id)).mayNotGetTokenBecause).toContain('Subject')
  const { version } = await credentialOf(id)
  const set = await admin.send('PATCH', `/api/connections/credentials/${id}`, { version, username: bot.sub })
  expect(set.body).toMatchObject({ username: bot.sub, mayGetToken: true })
  expect((await getToken(id)).status).toBe(201)
  expect(await callAs('Asserted')).toMatch(/^Bearer at-/)
  server.advance(2 * hour)
  await callAs('Asserted')
  expect(provider.asked.filter(({ grant }) => grant === 'jwt-bearer').map(({ status }) => status)).toEqual([200, 200])
  expect((await credentialOf(id)).token).toMatchObject({ state: 'ready', worksUntil: null })
  provider.account = { ...bot, sub: 'no such' }
  server.advance(2 * hour)
  await expect(callAs('Asserted')).rejects.toMatchObject({ code: 'connections.sign_in_needed' })
  expect((await trailOf(id)).filter(({ action }) => action !== 'connections.use_token')).toMatchObject([
    { action: 'connections.refresh_token', purpose: 'Asserted was resolved' },
    { action: 'connections.refuse_refresh', purpose: 'Asserted was resolved', code: 'connections.refresh_refused' },
  ])
})

test('password: possible, said to be better left alone, kept sealed for one Token URL, and never renewed by a refresh token', async () => {
  const { id } = await setUp('With_password', 'password', { username: bot.sub })
  expect(await credentialOf(id)).toMatchObject({
    caution: expect.stringContaining('Not recommended'),
    value: { what: 'password', isSet: false },
    mayNotGetTokenBecause: 'Enter the password and save.',
  })
  expect((await readApp()).cautions).toEqual([expect.stringContaining('Not recommended')])
  const save = async (body: object) =>
    admin.send('PATCH', `/api/connections/credentials/${id}`, { version: (await credentialOf(id)).version, ...body })
  const saved = await save({ secret: 'wrong' })
  expect(saved.body).toMatchObject({ value: { isSet: true, setBy: 'Ada Okafor' }, mayGetToken: true })
  expect((await getToken(id)).body).toMatchObject({ status: 502, code: 'connections.password_refused' })
  await save({ secret: bot.password })
  expect((await getToken(id)).status).toBe(201)
  expect(await callAs('With_password')).toMatch(/^Bearer at-/)
  const { trace } = (await admin.get('/api/connections/aliases/With_password/resolution')).body
  expect(trace).toContainEqual(
    expect.objectContaining({ step: 'profile', because: expect.stringContaining('Not recommended') }),
  )
  const token = await server.deps.db
    .selectFrom('tokens')
    .selectAll()
    .where('credential_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(token.refresh_token).toBeNull()

  // A password that is wrong by now is tried once, and then a person is asked, so that no account is locked. That an earlier try was cut off
  // says nothing about it: no refresh token was spent.
  provider.account = { ...bot, password: 'changed' }
  await server.deps.db.updateTable('tokens').set({ refresh_owner: 'gone' }).where('credential_id', '=', id).execute()
  server.advance(2 * hour)
  provider.asked.length = 0
  for (let tries = 0; tries < 3; tries++) await expect(callAs('With_password')).rejects.toThrow(/password/)
  expect(provider.asked.filter(({ grant }) => grant === 'password')).toHaveLength(1)
  expect((await trailOf(id)).at(-1)).toMatchObject({
    action: 'connections.refuse_refresh',
    code: 'connections.password_refused',
  })

  await changeApp({ clientId: 'another client', clientSecret: 'x' })
  expect((await credentialOf(id)).mayNotGetTokenBecause).toContain('another Token URL or client ID')
  await changeApp({ clientId, clientSecret: 's3cret:with/odd chars' })
})

test('Personal goes with Authorization Code and nothing else, whichever of the two is changed', async () => {
  const profile = await admin.find('entity-profiles', 'Application')
  const made = await admin.send('POST', '/api/connections/credentials', {
    ...{ name: 'Never', integrationType: 'personal', oauthEntityProfileId: profile.id },
  })
  expect(made).toMatchObject({
    status: 409,
    body: { code: 'connections.grant_not_personal', fields: { oauthEntityProfileId: expect.any(String) } },
  })
  const personal = await admin.find('entity-profiles', 'Each_person')
  const turned = await admin.send('PATCH', `/api/connections/entity-profiles/${personal.id}`, {
    version: personal.version,
    grantType: 'client_credentials',
  })
  expect(turned).toMatchObject({
    status: 409,
    body: { code: 'connections.grant_not_personal', detail: expect.stringContaining('Each_person') },
  })
})
