import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantConsent } from '../../emulator/entra/consent.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
} from '../../test/support/connections-server.ts'
import type { Credential } from './credential.contract.ts'
import { resolveAlias } from './resolve.ts'

const alias = 'exchange_online.Microsoft_Exchange_Online'
const hour = 3_600_000

let server: ConnectionsServer
let admin: Visitor
let credential: { id: string }
let appId: string
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  appId = String((await fillInApp(admin, contoso.personalAuth)).id)
  credential = await admin.find('credentials', 'Ms Graph 1')
  await useGrant('password')
  await save({ username: contoso.serviceMailbox, secret: contoso.password })
})
afterAll(() => server.close())

async function useGrant(grantType: string): Promise<void> {
  const { body: app } = await admin.get(`/api/connections/oauth-apps/${appId}`)
  const scopeIds = (app.scopes as { id: string }[]).map(({ id }) => id)
  const profile = await admin.send('POST', '/api/connections/entity-profiles', {
    ...{ name: grantType, grantType, oauthAppId: appId, scopeIds },
  })
  await save({ oauthEntityProfileId: profile.body.id })
}

const read = async () =>
  (await admin.get(`/api/connections/credentials/${credential.id}`)).body as unknown as Credential
async function save(body: object): Promise<void> {
  const { version } = await read()
  const answer = await admin.send('PATCH', `/api/connections/credentials/${credential.id}`, { version, ...body })
  expect(answer.status, answer.text).toBe(200)
}
const getToken = () => admin.send('POST', `/api/connections/credentials/${credential.id}/authorization`)
const tokenCalls = () => server.tenant.ledger().filter(({ path }) => path.endsWith('/token'))

function consent(): void {
  const account = server.tenant.tenant.findUser(contoso.serviceMailbox)
  if (account === undefined) throw new Error('the tenant has no service mailbox')
  const scopes = ['openid', 'profile', 'User.Read', 'Calendars.ReadWrite', 'Calendars.ReadWrite.Shared']
  grantConsent(server.tenant.tenant, contoso.personalAuth.clientId, account.id, scopes)
}

test('nobody can consent with a stored password, and the refusal says who can', async () => {
  expect((await getToken()).body).toMatchObject({
    code: 'connections.password_refused',
    detail: expect.stringContaining('An administrator must consent'),
  })
})

test('with consent it works, the panel says whose token it is, and it is asked for again when it ends', async () => {
  consent()
  expect((await getToken()).status).toBe(201)
  expect((await read()).token).toMatchObject({
    state: 'ready',
    account: { email: contoso.serviceMailbox, tenantId: contoso.tenantId },
    worksUntil: null,
    sentence: 'Works. The application gets a new one by itself whenever it is needed.',
    missingScopes: [],
    probe: { ok: true },
  })
  server.advance(2 * hour)
  const resolved = await resolveAlias(server.deps, alias, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  expect(resolved.account).toMatchObject({ email: contoso.serviceMailbox })
  expect(await (await resolved.fetch('/v1.0/me')).json()).toMatchObject({ userPrincipalName: contoso.serviceMailbox })
  expect(server.tenant.ledger().some(({ grantType }) => grantType === 'refresh_token')).toBe(false)
})

test.each([
  [50126, 'wrong'],
  [50076, 'second factor'],
  [50053, 'locked'],
  [53003, 'Conditional access'],
])('AADSTS%i is told in words, and is not tried again', async (number, word) => {
  const before = tokenCalls().length
  server.tenant.tenant.faults.put({
    id: String(number),
    match: 'POST /*/oauth2/v2.0/token',
    times: 1,
    status: 400,
    headers: {},
    body: { error: number === 50076 ? 'interaction_required' : 'invalid_grant', error_codes: [number] },
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  const { body } = await getToken()
  expect(body).toMatchObject({ code: 'connections.password_refused', detail: expect.stringContaining(word) })
  expect(tokenCalls().length - before).toBe(1)
})

test('another user name means another token', async () => {
  await save({ username: 'alice.meyer@contoso.example' })
  expect((await read()).token).toMatchObject({ state: 'reauth_required', sentence: expect.stringContaining('user') })
})

test('JWT bearer is not offered by this provider, and that is said before anything is asked', async () => {
  await useGrant('jwt_bearer')
  await save({ username: contoso.serviceMailbox })
  const before = server.tenant.ledger().length
  expect((await getToken()).body).toMatchObject({
    code: 'connections.oauth_app_incomplete',
    detail: expect.stringContaining('on behalf of somebody'),
  })
  expect(server.tenant.ledger().length).toBe(before)
})
