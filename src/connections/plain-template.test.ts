import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ConnectionsServer, startConnectionsServer, type Visitor } from '../../test/support/connections-server.ts'
import { type OtherProvider, otherIssuer, startOtherProvider } from '../../test/support/other-provider.ts'
import { type RecordingServer, startRecordingServer } from '../../test/support/recording-server.ts'
import type { Credential } from './credential.contract.ts'
import { resolveAlias } from './resolve.ts'

const api = 'https://api.fabrikam.example'
const path = '/api/connections/templates'
const bot = { sub: 'bot', email: 'bot@fabrikam.example', emailVerified: true, name: 'Bot', password: '' }
const client = { clientId: 'fabrikam-client', clientSecret: 'fabrikam-client-secret' }

let provider: OtherProvider
let there: RecordingServer
let server: ConnectionsServer
let admin: Visitor
beforeAll(async () => {
  provider = await startOtherProvider(bot)
  there = await startRecordingServer()
  server = await startConnectionsServer(
    {},
    { 'login.fabrikam.example': provider.origin, 'api.fabrikam.example': there.origin },
  )
  provider.now = server.deps.seams.now
  provider.clients.push({ id: client.clientId, secrets: [client.clientSecret], publicKeyPem: null })
  admin = await server.person('ada.admin@contoso.example')
})
afterAll(async () => {
  await server.close()
  await provider.close()
  await there.close()
})
beforeEach(() => {
  there.seen.length = 0
})

async function use(key: string, values: object) {
  const answer = await admin.send('POST', `${path}/${key}/records`, values)
  expect(answer.status, answer.text).toBe(201)
  return answer.body as { aliasId: string; aliasText: string; credentialId: string; oauthAppId: string | null }
}
const check = async (key: string, values: object, more: object = {}) =>
  (await admin.send('POST', `${path}/${key}/check`, { values, ...more })).body.checks as Record<string, object>
async function callThrough(aliasText: string) {
  const resolved = await resolveAlias(server.deps, aliasText, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  await resolved.fetch('/things')
  return there.seen.at(-1)
}

test.each([
  ['basic', { username: 'svc', secret: 'pass' }, { authorization: `Basic ${btoa('svc:pass')}` }],
  ['api_key', { keyIn: 'header', keyName: 'X-Key', secret: 'k1' }, { 'x-key': 'k1' }],
  ['bearer', { secret: 'abc' }, { authorization: 'Bearer abc' }],
])('%s: one form, and the first call works', async (key, values, headers) => {
  const name = `Fabrikam ${key}`
  const made = await use(key, { name, connectionUrl: `${api}/v1`, ...values })
  expect(made).toMatchObject({ aliasText: name.replace(' ', '_'), oauthAppId: null, redirectUrl: null })
  expect(await callThrough(made.aliasText)).toMatchObject({ url: '/v1/things', headers })
})

test('client certificate: a key pair is generated with it, ready to be given to the server', async () => {
  const { credentialId } = await use('client_certificate', { name: 'Fabrikam certificate', connectionUrl: api })
  const credential = (await admin.get(`/api/connections/credentials/${credentialId}`)).body as unknown as Credential
  expect(credential).toMatchObject({
    ready: true,
    destination: api,
    certificate: { subject: 'CN=Anteroom Fabrikam certificate' },
  })
})

test('OAuth 2.0 for an application: the addresses are read from the issuer', async () => {
  const made = await use('oauth_application', {
    ...{
      name: 'Fabrikam application',
      ...client,
      issuer: otherIssuer,
      scopes: 'things.read  things.write',
      connectionUrl: api,
    },
  })
  const { body: app } = await admin.get(`/api/connections/oauth-apps/${made.oauthAppId}`)
  expect(app).toMatchObject({
    issuer: otherIssuer,
    provider: 'login.fabrikam.example',
    tokenUrl: `${otherIssuer}/token`,
    authorizationUrl: `${otherIssuer}/authorize`,
    scopes: [{ scope: 'things.read' }, { scope: 'things.write' }],
    defaultGrantType: 'client_credentials',
  })
  const { version } = app as { version: number }
  await admin.send('PATCH', `/api/connections/oauth-apps/${made.oauthAppId}`, {
    version,
    clientAuthentication: 'client_secret_basic',
  })
  expect((await admin.send('POST', `/api/connections/credentials/${made.credentialId}/authorization`)).status).toBe(201)
  expect((await callThrough(made.aliasText))?.headers.authorization).toMatch(/^Bearer at-/)
})

test('where nothing is published the token URL is typed; a delegated user cannot do without', async () => {
  const typed = { ...client, tokenUrl: `${otherIssuer}/token`, connectionUrl: api }
  const made = await use('oauth_application', { name: 'Typed', ...typed })
  expect((await admin.get(`/api/connections/oauth-apps/${made.oauthAppId}`)).body).toMatchObject({
    issuer: '',
    tokenUrl: typed.tokenUrl,
  })
  const neither = await admin.send('POST', `${path}/oauth_application/records`, {
    ...{ name: 'Neither', ...client, connectionUrl: api },
  })
  expect(neither.body).toMatchObject({
    code: 'connections.template_incomplete',
    fields: { tokenUrl: expect.any(String) },
  })
  const delegated = await admin.send('POST', `${path}/oauth_delegated/records`, {
    ...{
      name: 'Delegated',
      ...client,
      issuer: 'https://api.fabrikam.example',
      expectedAccount: bot.email,
      connectionUrl: api,
    },
  })
  expect(delegated.body, delegated.text).toMatchObject({ code: expect.stringMatching(/^connections\./) })
  expect(delegated.status).toBeGreaterThanOrEqual(400)
})

test('each field is checked as it is filled in, by the rules of the forms', async () => {
  const good = { issuer: otherIssuer, connectionUrl: api, scopes: 'a b', clientId: 'any', expectedAccount: bot.email }
  expect(await check('oauth_delegated', { name: 'Munich', ...good })).toMatchObject({
    name: { ok: true, say: 'The alias will be Munich.' },
    issuer: { ok: true, say: expect.stringContaining(`${otherIssuer}/token`) },
    connectionUrl: { ok: true },
    scopes: { ok: true, say: 'Asked for: a, b.' },
    clientId: { ok: null },
  })
  expect(await check('oauth_delegated', { issuer: 'https://evil.example' })).toMatchObject({
    issuer: { ok: false, say: expect.stringContaining('ANTEROOM_ALLOWED_HOSTS') },
  })
  expect(await check('api_key', { keyIn: 'header', keyName: 'Host', secret: 'käse' })).toMatchObject({
    keyName: { ok: false },
    secret: { ok: false },
  })
  expect(await check('bearer', { secret: 'Bearer x', connectionUrl: 'http://10.0.0.1' })).toMatchObject({
    secret: { ok: false },
    connectionUrl: { ok: false },
  })
  const scopes = (await admin.get('/api/connections/application-scopes')).body.scopes as { id: string; key: string }[]
  const applicationScopeId = scopes.find(({ key }) => key === 'workplace_calendar_sync')?.id
  expect(await check('basic', { name: 'Here' }, { applicationScopeId })).toMatchObject({
    name: { say: 'The alias will be workplace_calendar_sync.Here.' },
  })
})

test('without an OAuth app the role for one is not needed; what the verbs refuse takes everything back', async () => {
  const two = await server.person('emma.larsen@contoso.example', ['connection_admin', 'credential_admin'])
  const values = { name: 'By two roles', connectionUrl: api, secret: 'abc' }
  expect((await two.send('POST', `${path}/bearer/records`, values)).status).toBe(201)
  const refused = await two.send('POST', `${path}/oauth_application/records`, {
    name: 'X',
    ...client,
    connectionUrl: api,
  })
  expect(refused).toMatchObject({ status: 403, body: { facts: { rolesNeeded: ['oauth_admin'] } } })
  const before = (await admin.get('/api/connections/credentials')).body.total
  const wrong = { name: 'Half', connectionUrl: api, secret: 'Bearer two words' }
  expect((await admin.send('POST', `${path}/bearer/records`, wrong)).body).toMatchObject({
    code: 'connections.value_refused',
    fields: { secret: expect.any(String) },
  })
  expect((await admin.get('/api/connections/credentials')).body.total).toBe(before)
})
