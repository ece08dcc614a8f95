import { X509Certificate } from 'node:crypto'
import { exportJWK } from 'jose'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import type { OAuthApp } from './oauth-app.contract.ts'
import { resolveAlias } from './resolve.ts'

const alias = 'exchange_online.Microsoft_Exchange_Online_clientCred'
const { clientId, clientSecret } = contoso.clientCredentials
const minuteMs = 60_000

let server: ConnectionsServer
let admin: Visitor
let credential: { id: string }
let at: string
beforeAll(async () => {
  server = await startConnectionsServer({ accessTokenLifetimeSeconds: 3600 })
  admin = await server.person('ada.admin@contoso.example')
  const app = await fillInApp(admin, contoso.clientCredentials)
  at = `/api/connections/oauth-apps/${app.id}`
  credential = await useProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)
  expect((await getToken()).status).toBe(201)
})
afterAll(() => server.close())
beforeEach(() => server.tenant.tenant.ledger.clear())

const getToken = () => admin.send('POST', `/api/connections/credentials/${credential.id}/authorization`)
const app = async () => (await admin.get(at)).body as unknown as OAuthApp
/** What the token endpoint was asked, and how it answered. */
const asked = () =>
  server.tenant.tenant.ledger
    .since()
    .filter(({ path }) => path.endsWith('/token'))
    .map(({ status }) => status)

/** Both sides' clocks: an assertion says when it was made. */
async function pass(ms: number): Promise<void> {
  server.advance(ms)
  await server.tenant.control('POST', '/clock/advance', { ms })
}

/** The access token ends, and a call through the alias needs a new one. */
async function callAfterItsEnd(): Promise<number> {
  await pass(61 * minuteMs)
  const resolved = await resolveAlias(server.deps, alias, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  return (await resolved.fetch('/v1.0/places/microsoft.graph.room?$top=1')).status
}

function tenantKnows(change: { secrets?: string[]; certificates?: { thumbprintS256: string; publicJwk: object }[] }) {
  const { apps } = server.tenant.tenant
  const known = apps.get(clientId)
  if (known === undefined) throw new Error('the tenant does not know the app')
  apps.put({
    ...known,
    ...(change.secrets ? { secrets: change.secrets.map((value) => ({ value, expiresAt: null })) } : {}),
    ...(change.certificates ? { certificates: change.certificates as typeof known.certificates } : {}),
  })
}

/** As an administrator registers a downloaded certificate: all that the tenant has is the certificate. */
async function registration(pem: string) {
  const certificate = new X509Certificate(pem)
  const publicJwk = await exportJWK(certificate.publicKey)
  const thumbprintS256 = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
  return { thumbprintS256, publicJwk }
}

test('a rollover needs no downtime: the next secret is tried only when the client was refused, and then first', async () => {
  const added = await admin.send('POST', `${at}/secrets`, {
    label: 'from 2027',
    value: 'the-next-client-secret-of-contoso',
    expiresOn: '2028-12-31',
  })
  expect(added.status, added.text).toBe(201)
  expect(added.text).not.toContain('the-next-client-secret')
  expect(await app()).toMatchObject({
    clientSecretExpiresOn: null,
    clientSecrets: [
      { label: 'Client secret', workedAt: expect.any(String), setBy: 'Ada Okafor' },
      { label: 'from 2027', expiresOn: '2028-12-31', workedAt: null, refusedAt: null },
    ],
  })
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([200])

  // The old one ends at the provider.
  tenantKnows({ secrets: ['the-next-client-secret-of-contoso'] })
  server.tenant.tenant.ledger.clear()
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([401, 200])
  expect(await app()).toMatchObject({
    clientSecrets: [
      { label: 'from 2027', workedAt: expect.any(String) },
      { label: 'Client secret', refusedAt: expect.any(String) },
    ],
  })
  server.tenant.tenant.ledger.clear()
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([200])
})

test('when all are refused the sentence is about the one that used to work, and every one was asked once', async () => {
  tenantKnows({ secrets: ['another one altogether'] })
  await pass(61 * minuteMs)
  const answer = await getToken()
  expect(answer).toMatchObject({ status: 502, body: { code: 'connections.client_refused' } })
  expect(asked()).toEqual([401, 401])
  tenantKnows({ secrets: ['the-next-client-secret-of-contoso'] })
})

test('another refusal than that of the client is not answered by trying on', async () => {
  server.tenant.tenant.faults.put({
    id: 'scope',
    match: 'POST /*/oauth2/v2.0/token',
    times: 1,
    status: 400,
    headers: {},
    body: { error: 'invalid_scope', error_codes: [70011] },
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  expect(await getToken()).toMatchObject({ status: 502, body: { code: 'connections.provider_refused' } })
  expect(asked()).toEqual([400])
})

test('labels and days are changed, secrets are removed, and the trail names them without their values', async () => {
  const [, old] = (await app()).clientSecrets
  const changed = await admin.send('PATCH', `${at}/secrets/${old?.id}`, {
    label: 'until 2026',
    expiresOn: '2026-12-31',
  })
  expect((changed.body.clientSecrets as object[])[1]).toMatchObject({ label: 'until 2026', expiresOn: '2026-12-31' })
  expect((await admin.send('DELETE', `${at}/secrets/${old?.id}`)).body.clientSecrets).toHaveLength(1)
  expect((await admin.send('DELETE', `${at}/secrets/${old?.id}`)).body).toMatchObject({
    code: 'connections.client_secret_not_found',
  })
  const trail = await server.deps.db
    .selectFrom('audit_entries')
    .select(['action', 'details'])
    .where('action', 'like', '%client_secret')
    .orderBy('seq')
    .execute()
  expect(trail).toMatchObject([
    { action: 'connections.add_client_secret', details: { label: 'from 2027' } },
    { action: 'connections.change_client_secret', details: { fields: ['label', 'expiresOn'] } },
    { action: 'connections.remove_client_secret', details: { label: 'until 2026' } },
  ])
  expect(JSON.stringify(trail)).not.toContain('the-next-client-secret')
})

test('the simple form: one secret takes the place of all, and its day is that of the only one', async () => {
  await admin.send('POST', `${at}/secrets`, { label: 'a third', value: 'x'.repeat(20) })
  const { version } = await app()
  const unclear = await admin.send('PATCH', at, { version, clientSecretExpiresOn: '2029-01-01' })
  expect(unclear).toMatchObject({ status: 404, body: { fields: { clientSecretExpiresOn: expect.any(String) } } })
  const replaced = await admin.send('PATCH', at, { version, clientSecret, clientSecretExpiresOn: '2029-01-01' })
  expect(replaced.body).toMatchObject({
    clientSecretExpiresOn: '2029-01-01',
    clientSecrets: [{ expiresOn: '2029-01-01' }],
  })
  tenantKnows({ secrets: [clientSecret] })
  expect(await callAfterItsEnd()).toBe(200)
})

test('a key pair is made here: the private key never leaves, the certificate is uploaded, and no secret is needed', async () => {
  const made = await admin.send('POST', `${at}/key-pairs`, { label: 'Autumn', days: 90 })
  expect(made.status, made.text).toBe(201)
  expect(made.text).not.toContain('PRIVATE KEY')
  const [certificate] = (await app()).certificates
  expect(certificate).toMatchObject({ label: 'Autumn', active: true, subject: 'CN=Anteroom Autumn', workedAt: null })
  const parsed = new X509Certificate(certificate?.certificate ?? '')
  expect(certificate?.sha1).toBe(parsed.fingerprint.replaceAll(':', ''))
  expect(Date.parse(certificate?.expiresAt ?? '')).toBe(parsed.validToDate.getTime())

  const { version } = await app()
  const saved = await admin.send('PATCH', at, { version, clientAuthentication: 'private_key_jwt' })
  expect(saved.body).toMatchObject({ clientAuthentication: 'private_key_jwt' })
  // Not registered yet: the provider says so, and so do we.
  expect((await getToken()).body).toMatchObject({
    code: 'connections.client_refused',
    detail: expect.stringContaining('certificate'),
  })
  tenantKnows({ secrets: [], certificates: [await registration(certificate?.certificate ?? '')] })
  expect((await getToken()).status).toBe(201)
  expect(await callAfterItsEnd()).toBe(200)
  expect((await app()).certificates).toMatchObject([{ workedAt: expect.any(String), refusedAt: null }])
})

test('certificates roll over: the newest first, the one before it while the provider does not know the newest', async () => {
  await pass(minuteMs)
  const made = await admin.send('POST', `${at}/key-pairs`, { label: 'Winter' })
  expect((made.body.certificates as { label: string }[]).map(({ label }) => label)).toEqual(['Winter', 'Autumn'])
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([401, 200])
  // Refused a moment ago, so it goes behind for ten minutes and costs nothing.
  server.tenant.tenant.ledger.clear()
  expect((await getToken()).status).toBe(201)
  expect(asked()).toEqual([200])

  const [autumn, winter] = (await app()).certificates
  expect([autumn?.label, winter?.label]).toEqual(['Autumn', 'Winter'])
  tenantKnows({
    certificates: [await registration(autumn?.certificate ?? ''), await registration(winter?.certificate ?? '')],
  })
  server.tenant.tenant.ledger.clear()
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([200])
  expect((await app()).certificates).toMatchObject([
    { label: 'Winter', workedAt: expect.any(String), refusedAt: null },
    {},
  ])

  await admin.send('PATCH', `${at}/certificates/${winter?.id}`, { active: false })
  server.tenant.tenant.ledger.clear()
  expect(await callAfterItsEnd()).toBe(200)
  expect(asked()).toEqual([200])
  await admin.send('PATCH', `${at}/certificates/${autumn?.id}`, { active: false })
  expect((await getToken()).body).toMatchObject({
    code: 'connections.oauth_app_incomplete',
    fields: { certificates: expect.stringContaining('none of them is active') },
  })
  await admin.send('PATCH', `${at}/certificates/${winter?.id}`, { active: true })
  await admin.send('DELETE', `${at}/certificates/${autumn?.id}`)
})

test('an assertion is for the exact Token URL, lasts two minutes and is used once', async () => {
  const seen: { header: Record<string, string>; exp: number; iat: number; jti: string }[] = []
  const { fetch } = server.deps.seams
  server.deps.seams.fetch = async (url, init) => {
    const form = new URLSearchParams(String(init?.body ?? ''))
    const [header, payload] = (form.get('client_assertion') ?? '').split('.')
    if (payload)
      seen.push({
        header: JSON.parse(atob(String(header))),
        ...JSON.parse(Buffer.from(payload, 'base64url').toString()),
      })
    return fetch(url, init)
  }
  await getToken()
  await getToken()
  server.deps.seams.fetch = fetch
  const [one, other] = seen
  const { tokenUrl, certificates } = await app()
  expect(one).toMatchObject({ aud: tokenUrl, iss: clientId, sub: clientId, header: { alg: 'PS256', typ: 'JWT' } })
  const thumbprint = Buffer.from(certificates[0]?.sha256 ?? '', 'hex').toString('base64url')
  expect(one?.header).toMatchObject({ 'x5t#S256': thumbprint })
  expect(one && one.exp - one.iat).toBe(120)
  expect(one?.jti).not.toBe(other?.jti)
})

test('an uploaded certificate works as well; what cannot be used is refused in words', async () => {
  const own = await generate([{ name: 'commonName', value: 'uploaded' }], { keySize: 2048 })
  const stranger = await generate([{ name: 'commonName', value: 'stranger' }], { keySize: 2048 })
  const weak = await generate([{ name: 'commonName', value: 'weak' }], { keySize: 1024 })
  const upload = (pem: string) => admin.send('POST', `${at}/certificates`, { label: 'Uploaded', pem })
  const refusals: [string, string][] = [
    ['nothing', 'private key is missing'],
    [own.cert, 'private key is missing'],
    [own.private, 'certificate cannot be read'],
    [`${own.cert}\n${stranger.private}`, 'does not belong'],
    [`${weak.cert}\n${weak.private}`, '2048'],
    [`${own.cert}\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----`, 'passphrase'],
  ]
  for (const [pem, say] of refusals) {
    const { body } = await upload(pem)
    expect(body, say).toMatchObject({
      code: 'connections.key_pair_unreadable',
      fields: { pem: expect.stringContaining(say) },
    })
  }
  const good = await upload(`${stranger.cert}\n${own.private}\n${own.cert}`)
  expect(good.status, good.text).toBe(201)
  expect(good.text).not.toContain('PRIVATE KEY')
  expect((await upload(`${own.cert}${own.private}`)).body).toMatchObject({ code: 'connections.certificate_exists' })
  tenantKnows({ certificates: [await registration(own.cert)] })
  expect((await getToken()).status).toBe(201)
})

test('keys follow their app to a new client ID, where a secret has to be entered again', async () => {
  const { version, clientSecrets } = await app()
  expect(clientSecrets).toHaveLength(1)
  const moved = await admin.send('PATCH', at, { version, clientId: contoso.personalAuth.clientId })
  expect(moved.body).toMatchObject({ code: 'connections.client_secret_needed_again' })
  await admin.send('DELETE', `${at}/secrets/${clientSecrets[0]?.id}`)
  const without = await admin.send('PATCH', at, { version, clientId: '11111111-2222-4333-8444-555555555555' })
  expect(without.status, without.text).toBe(200)
  // The key opens for the new client ID, and the tenant does not know that one.
  expect((await getToken()).body).toMatchObject({ code: 'connections.app_disabled' })
  const back = await admin.send('PATCH', at, { version: without.body.version, clientId })
  expect(back.status).toBe(200)
  expect((await getToken()).status).toBe(201)
})

test('who may not change OAuth apps changes none of this', async () => {
  const other = await server.person('emma.larsen@contoso.example', ['credential_admin'])
  expect((await other.send('POST', `${at}/secrets`, { label: 'x', value: 'y' })).status).toBe(403)
  expect((await other.send('POST', `${at}/key-pairs`, { label: 'x' })).status).toBe(403)
})
