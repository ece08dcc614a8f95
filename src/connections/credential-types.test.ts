import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CertificateServer, startCertificateServer } from '../../test/support/certificate-server.ts'
import { type ConnectionsServer, startConnectionsServer, type Visitor } from '../../test/support/connections-server.ts'
import { type RecordingServer, startRecordingServer } from '../../test/support/recording-server.ts'
import type { Credential } from './credential.contract.ts'
import { resolveAlias } from './resolve.ts'
import { credentialSecretBinding } from './sealing.ts'

const api = 'https://api.fabrikam.example'
const secured = 'https://tls.fabrikam.example'
const password = 'pässword: with a colon'
const key = 'k3y/with+odd=characters&more'

let there: RecordingServer
let locked: CertificateServer
let server: ConnectionsServer
let admin: Visitor
let scopeId: string
beforeAll(async () => {
  there = await startRecordingServer()
  locked = await startCertificateServer()
  server = await startConnectionsServer(
    {},
    {
      'api.fabrikam.example': there.origin,
      'other.fabrikam.example': there.origin,
      'tls.fabrikam.example': `https://localhost:${locked.port}`,
    },
  )
  admin = await server.person('ada.admin@contoso.example')
  const { body } = await admin.get('/api/connections/application-scopes')
  scopeId = (body.scopes as { id: string; key: string }[]).find(({ key }) => key === 'global')?.id ?? ''
})
afterAll(async () => {
  await server.close()
  await there.close()
  await locked.close()
})
beforeEach(() => {
  there.seen.length = 0
  locked.seen.length = 0
})

async function make(list: string, body: object) {
  const answer = await admin.send('POST', `/api/connections/${list}`, body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body as { id: string; version: number }
}
const credentialOf = async (id: string) =>
  (await admin.get(`/api/connections/credentials/${id}`)).body as unknown as Credential
const change = async (id: string, body: object) =>
  admin.send('PATCH', `/api/connections/credentials/${id}`, { version: (await credentialOf(id)).version, ...body })

/** A credential, and an alias with a connection that uses it. */
async function setUp(name: string, credential: object, connectionUrl = `${api}/v2`) {
  const { id } = await make('credentials', { name, ...credential })
  const alias = await make('aliases', { name, applicationScopeId: scopeId })
  const connection = await make('connections', { name, aliasId: alias.id, credentialId: id, connectionUrl })
  return { id, aliasId: name, connectionId: connection.id }
}

async function fetchThrough(aliasId: string, path = '/things?a=1', init: RequestInit = {}): Promise<Response> {
  const resolved = await resolveAlias(server.deps, aliasId, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  return resolved.fetch(path, init)
}
const resolution = async (aliasId: string) => (await admin.get(`/api/connections/aliases/${aliasId}/resolution`)).body

test('Basic: user name and password, in UTF-8, with every call', async () => {
  const { id, aliasId } = await setUp('Basic', { type: 'basic', destination: api, username: 'svc', secret: password })
  expect((await fetchThrough(aliasId)).status).toBe(200)
  const [call] = there.seen
  expect(call?.url).toBe('/v2/things?a=1')
  const [scheme, pair = ''] = String(call?.headers.authorization).split(' ')
  expect([scheme, Buffer.from(pair, 'base64').toString()]).toEqual(['Basic', `svc:${password}`])
  expect(await credentialOf(id)).toMatchObject({
    type: 'basic',
    integrationType: 'system',
    tokenState: 'set',
    ready: true,
    sentence: expect.stringMatching(/^Ready\. The password was set on .* by Ada Okafor\.$/),
    value: { what: 'password', isSet: true, setBy: 'Ada Okafor' },
    token: null,
    mayGetToken: false,
    usedBy: [{ name: 'Basic' }],
  })
})

test('API key in a header: under its own name, in place of whatever the caller put there', async () => {
  const { aliasId } = await setUp('Key_header', {
    ...{ type: 'api_key', destination: `${api}/ignored/path`, keyIn: 'header', keyName: 'X-API-Key', secret: key },
  })
  await fetchThrough(aliasId, '/things', { headers: { 'x-api-key': 'mine', accept: 'text/plain' } })
  expect(there.seen[0]?.headers).toMatchObject({ 'x-api-key': key, accept: 'text/plain' })
  expect(there.seen[0]?.headers.authorization).toBeUndefined()
})

test('API key in the query: the rest of the address stays as it was written', async () => {
  const { aliasId } = await setUp('Key_query', {
    ...{ type: 'api_key', destination: api, keyIn: 'query', keyName: 'api_key', secret: key },
  })
  await fetchThrough(aliasId, '/a%2Fb?q=x%20y&api%5Fkey=mine&z=1?2#part')
  expect(there.seen[0]?.url).toBe(`/v2/a%2Fb?q=x%20y&z=1?2&api_key=${encodeURIComponent(key)}`)
  await fetchThrough(aliasId, '/plain')
  expect(new URL(there.seen[1]?.url ?? '', api).searchParams.get('api_key')).toBe(key)
})

test('bearer: a stored token, which is not renewed', async () => {
  const { aliasId } = await setUp('Bearer', { type: 'bearer', destination: api, secret: 'abc.def-ghi_jkl==' })
  there.answers.push({ status: 401 })
  expect((await fetchThrough(aliasId)).status).toBe(401)
  expect(there.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc.def-ghi_jkl=='])
})

test('client certificate: shown over real TLS, uploaded or generated here, and refused in words', async () => {
  const good = await locked.issue('anteroom')
  const { id, aliasId } = await setUp(
    'Certificate',
    { type: 'client_certificate', destination: secured, secret: `${good.privateKey}\n${good.certificate}` },
    secured,
  )
  expect(await (await fetchThrough(aliasId, '/who')).text()).toBe('hello anteroom')
  expect(locked.seen).toMatchObject([{ name: 'anteroom', path: '/who' }])
  const read = await credentialOf(id)
  expect(read).toMatchObject({ ready: true, certificate: { subject: 'CN=anteroom' } })
  expect(JSON.stringify(read)).not.toContain('PRIVATE KEY')

  const stranger = await locked.issue('mallory', 'stranger')
  expect((await change(id, { secret: `${stranger.privateKey}${stranger.certificate}` })).status).toBe(200)
  const refused = await resolveAlias(server.deps, aliasId, 'system')
  if (refused.is !== 'ready') throw new Error(refused.say)
  await expect(refused.fetch('/who', {}, { retries: false })).rejects.toThrow('does not accept our client certificate')
  expect(locked.seen).toHaveLength(1)

  const generated = await admin.send('POST', `/api/connections/credentials/${id}/key-pair`, { days: 30 })
  expect(generated.status, generated.text).toBe(201)
  expect(generated.text).not.toContain('PRIVATE KEY')
  expect(generated.body).toMatchObject({ certificate: { subject: 'CN=Anteroom Certificate' } })
})

test('through the proxy a program calls with it, and sees nothing of it', async () => {
  const at = (alias: string, path: string) => admin.get(`/api/connections/aliases/${alias}/proxy${path}`)
  there.answers.push({ status: 201, headers: { location: `${api}/v2/things/7?api_key=${encodeURIComponent(key)}` } })
  const answer = await fetch(`${server.origin}/api/connections/aliases/Key_query/proxy/things?x=1`, {
    method: 'POST',
    headers: { 'x-test-visitor': admin.sessionId, 'content-type': 'application/json' },
    body: '{}',
  })
  expect(there.seen[0]?.url).toContain('api_key=')
  expect(answer.headers.get('location')).toBeNull()
  expect((await at('Basic', '/things')).status).toBe(200)
  const employee = await server.person('alice.meyer@contoso.example', ['employee'])
  expect(await employee.get('/api/connections/aliases/Basic/proxy/things')).toMatchObject({
    status: 403,
    body: { code: 'http.role_required' },
  })
  const trail = await server.deps.db
    .selectFrom('audit_entries')
    .selectAll()
    .where('action', '=', 'connections.proxy_call')
    .orderBy('seq')
    .execute()
  expect(trail.map(({ details }) => details)).toMatchObject([
    { alias: 'Key_query', calls: [{ to: 'api.fabrikam.example/things', status: 201, count: 1 }] },
    { alias: 'Basic', calls: [{ to: 'api.fabrikam.example/things', status: 200, count: 1 }] },
  ])
  expect(trail.map(({ subject_name }) => subject_name)).toEqual(['Key_query', 'Basic'])
  expect(JSON.stringify(trail)).not.toContain('k3y')
  const release = await admin.send('POST', '/api/connections/aliases/Basic/access-token', { purpose: 'To look at it' })
  expect(release).toMatchObject({ status: 409, body: { code: 'connections.nothing_to_release' } })
})

test('the rules for calls hold: redirects, other origins, retries; and no error holds the key', async () => {
  there.answers.push({ status: 302, headers: { location: 'https://other.fabrikam.example/' } })
  const problems: unknown[] = []
  problems.push(await fetchThrough('Key_query').catch((problem) => problem))
  problems.push(await fetchThrough('Key_query', 'https://other.fabrikam.example/x').catch((problem) => problem))
  there.answers.push({ status: 503 }, { status: 200 })
  expect((await fetchThrough('Key_query')).status).toBe(200)
  const { fetch } = server.deps.seams
  server.deps.seams.fetch = () => Promise.reject(new TypeError('fetch failed'))
  const resolved = await resolveAlias(server.deps, 'Key_query', 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  problems.push(await resolved.fetch('/x', {}, { retries: false }).catch((problem: unknown) => problem))
  server.deps.seams.fetch = fetch
  expect(problems).toMatchObject([
    { code: 'connections.redirect_refused' },
    { code: 'connections.other_origin' },
    { code: 'connections.provider_trouble' },
  ])
  const said = problems.map(
    (problem) => `${(problem as Error).stack} ${JSON.stringify(problem)} ${String((problem as Error).cause)}`,
  )
  expect(said.join()).not.toContain('k3y')
  expect(there.seen.map(({ url }) => url.split('?')[0])).toEqual(['/v2/things', '/v2/things', '/v2/things'])
})

test('the resolution says which was chosen and why, and never what it is', async () => {
  const found = await resolution('Basic')
  expect(found).toMatchObject({
    resolved: true,
    connectionUrl: `${api}/v2`,
    credential: { name: 'Basic', type: 'basic', integrationType: 'system' },
    token: null,
  })
  expect((found.trace as object[]).slice(-2)).toMatchObject([
    { step: 'credential', chose: 'Basic' },
    {
      step: 'value',
      chose: expect.stringContaining('(Basic)'),
      because: expect.stringMatching(/^It was set on .* by Ada/),
    },
  ])
  expect(JSON.stringify(found)).not.toContain('colon')
})

test('a value is sent to the address it was entered for and to no other', async () => {
  const { id, aliasId, connectionId } = await setUp('Bound', {
    ...{ type: 'bearer', destination: api, secret: 'first-token' },
  })
  const resolved = await resolveAlias(server.deps, aliasId, 'system')
  const { version } = (await admin.get(`/api/connections/connections/${connectionId}`)).body
  const connectionUrl = 'https://other.fabrikam.example'
  await admin.send('PATCH', `/api/connections/connections/${connectionId}`, { version, connectionUrl })
  expect(await resolution(aliasId)).toMatchObject({
    resolved: false,
    because: expect.stringContaining('Nothing was sent'),
  })
  if (resolved.is !== 'ready') throw new Error(resolved.say)

  // Somebody who may edit credentials moves it along: without the value nothing is kept.
  const moved = await change(id, { destination: connectionUrl })
  expect(moved).toMatchObject({
    status: 409,
    body: { code: 'connections.secret_needed_again', fields: { secret: expect.any(String) } },
  })
  // Somebody who may edit the database does: the seal does not open.
  await server.deps.db.updateTable('credentials').set({ destination: connectionUrl }).where('id', '=', id).execute()
  await expect(fetchThrough(aliasId)).rejects.toThrow('Nothing was sent')
  expect(there.seen).toEqual([])
  expect((await change(id, { destination: connectionUrl, secret: 'second-token' })).status).toBe(200)
  await fetchThrough(aliasId)
  expect(there.seen[0]?.headers).toMatchObject({ authorization: 'Bearer second-token' })
})

test('each call reads the credential anew: what was resolved before is not used after a change', async () => {
  const { id, aliasId } = await setUp('Changing', { type: 'bearer', destination: api, secret: 'before' })
  const resolved = await resolveAlias(server.deps, aliasId, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  await change(id, { secret: 'after' })
  await resolved.fetch('/x')
  expect(there.seen[0]?.headers.authorization).toBe('Bearer after')
  await change(id, { active: false })
  await expect(resolved.fetch('/x')).rejects.toMatchObject({ code: 'connections.not_set' })
  expect(await resolution(aliasId)).toMatchObject({ resolved: false, because: expect.stringContaining('not active') })
})

test('half filled in, it says what is missing, in the order in which a person would enter it', async () => {
  const { id } = await make('credentials', { name: 'Half', type: 'api_key' })
  const say = async () => (await credentialOf(id)).sentence
  expect(await say()).toBe('Not ready: enter the address that it is for.')
  expect(await change(id, { secret: 'x' })).toMatchObject({
    status: 422,
    body: { code: 'connections.destination_missing', fields: { destination: expect.any(String) } },
  })
  await change(id, { destination: api })
  expect(await say()).toContain('under which name')
  await change(id, { keyIn: 'header', keyName: 'X-Key' })
  expect(await say()).toBe('Not ready: the API key is missing. Enter it.')
  expect(await credentialOf(id)).toMatchObject({ tokenState: 'unset', ready: false })
  expect(await admin.send('POST', `/api/connections/credentials/${id}/test`)).toMatchObject({
    body: { code: 'connections.value_missing' },
  })
})

test.each([
  ['basic', { username: 'with:colon' }, 'username'],
  ['basic', { secret: 'two\nlines' }, 'secret'],
  ['bearer', { secret: 'Bearer abc' }, 'secret'],
  ['api_key', { keyIn: 'header', keyName: 'Host', secret: 'x' }, 'keyName'],
  ['api_key', { keyIn: 'header', keyName: 'two words', secret: 'x' }, 'keyName'],
  ['api_key', { keyIn: 'query', keyName: 'a&b', secret: 'x' }, 'keyName'],
  ['api_key', { keyIn: 'header', keyName: 'X-Key', secret: 'käse' }, 'secret'],
])('%s with %o is refused beside its field', async (type, values, field) => {
  const body = { name: `Wrong ${type}`, type, destination: api, ...values }
  const refused = await admin.send('POST', '/api/connections/credentials', body)
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'connections.value_refused', fields: { [field]: expect.any(String) } },
  })
})

test('a field of another type, a host nobody named and a Personal one that nobody signs in with are refused', async () => {
  const send = (body: object) => admin.send('POST', '/api/connections/credentials', { name: 'Never', ...body })
  expect((await send({ type: 'basic', expectedAccount: 'rooms@contoso.example' })).body).toMatchObject({
    code: 'connections.field_not_for_type',
    fields: { expectedAccount: expect.any(String) },
  })
  expect((await send({ type: 'bearer', integrationType: 'personal' })).body).toMatchObject({
    code: 'connections.field_not_for_type',
  })
  expect((await send({ type: 'bearer', destination: 'https://evil.example' })).body).toMatchObject({
    code: 'connections.connection_url_refused',
    fields: { destination: expect.stringContaining('ANTEROOM_ALLOWED_HOSTS') },
  })
  expect((await send({ type: 'oauth2', destination: api })).body).toMatchObject({
    code: 'connections.field_not_for_type',
  })
})

test('a test reads the address once and says what came back', async () => {
  const { id } = await setUp('Tested', { type: 'bearer', destination: api, secret: 'tested' })
  const said = async (status: number) => {
    there.answers.push({ status })
    return (await admin.send('POST', `/api/connections/credentials/${id}/test`)).body
  }
  expect(await said(200)).toMatchObject({ ok: true, say: 'api.fabrikam.example/v2 answered with 200.' })
  expect(await said(401)).toMatchObject({ ok: false, say: expect.stringContaining('does not accept') })
  expect(await said(404)).toMatchObject({ ok: null, say: expect.stringContaining('only a real call shows') })
  expect(there.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /v2', 'GET /v2', 'GET /v2'])
})

test('swapped in the database, no value opens for another credential', async () => {
  const { db, vault } = server.deps
  const rows = await db.selectFrom('credentials').selectAll().where('secret', 'is not', null).orderBy('id').execute()
  expect(rows.length).toBeGreaterThan(6)
  const opens = (blob: Buffer | null, row: (typeof rows)[number], destination = row.destination ?? '') => {
    try {
      vault.open(blob ?? Buffer.alloc(0), credentialSecretBinding(row, destination))
      return true
    } catch (problem) {
      expect(problem).toMatchObject({ code: 'vault.auth' })
      return false
    }
  }
  const next = (index: number) => rows[(index + 1) % rows.length]?.secret ?? null
  expect(rows.every((row) => opens(row.secret, row))).toBe(true)
  expect(rows.some((row, index) => opens(next(index), row))).toBe(false)
  expect(rows.some((row) => opens(row.secret, row, 'https://evil.example'))).toBe(false)
  expect(rows.some((row) => opens(row.secret, { ...row, secret_version: row.secret_version + 1 }))).toBe(false)
  expect(rows.some((row) => opens(row.secret, { ...row, type: 'oauth2' }))).toBe(false)
})

test('an alias of a credential alone resolves without a connection, to where the credential is for', async () => {
  const { id } = await make('credentials', { name: 'Alone', type: 'bearer', destination: api, secret: 'alone' })
  const { id: aliasId } = await make('aliases', {
    ...{ name: 'Only_credential', applicationScopeId: scopeId, type: 'credential', credentialId: id },
  })
  expect((await admin.get(`/api/connections/aliases/${aliasId}`)).body).toMatchObject({
    credential: { id, name: 'Alone', type: 'bearer' },
    connections: [],
  })
  const found = await resolution('Only_credential')
  expect(found).toMatchObject({ resolved: true, connection: null, connectionUrl: api, credential: { name: 'Alone' } })
  expect(found.trace).toMatchObject([
    { step: 'alias' },
    { step: 'connection', chose: null },
    { step: 'retryPolicy' },
    { step: 'credential' },
    { step: 'connectionUrl', chose: api },
    { step: 'value' },
  ])
  await fetchThrough('Only_credential', '/anything')
  expect(there.seen[0]).toMatchObject({ url: '/anything', headers: { authorization: 'Bearer alone' } })

  const connection = { name: 'Impossible', aliasId, credentialId: id }
  expect((await admin.send('POST', '/api/connections/connections', connection)).body).toMatchObject({
    code: 'connections.alias_has_no_connections',
    fields: { aliasId: expect.any(String) },
  })
  expect((await admin.send('DELETE', `/api/connections/credentials/${id}`)).body).toMatchObject({
    code: 'connections.credential_in_use',
    detail: expect.stringContaining('the aliases Only_credential'),
  })
  const { body: basic } = await admin.get('/api/connections/aliases/Basic')
  const patch = (body: object) =>
    admin.send('PATCH', `/api/connections/aliases/${basic.id}`, { version: basic.version, ...body })
  expect((await patch({ type: 'credential' })).body).toMatchObject({
    code: 'connections.alias_has_no_connections',
    fields: { type: expect.stringContaining('Basic') },
  })
  expect((await patch({ credentialId: id })).body).toMatchObject({ fields: { credentialId: expect.any(String) } })
  const { version } = (await admin.get(`/api/connections/aliases/${aliasId}`)).body
  await admin.send('PATCH', `/api/connections/aliases/${aliasId}`, { version, type: 'connection_and_credential' })
  expect((await admin.send('DELETE', `/api/connections/credentials/${id}`)).status).toBe(200)
})
