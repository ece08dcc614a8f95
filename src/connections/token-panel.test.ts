import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { readGrantSetup } from './grant-setup.ts'
import { freshToken } from './refresh.ts'
import type { RevocationReceipt, TokenPanel } from './token.contract.ts'

const hourMs = 3_600_000

let server: ConnectionsServer
let admin: Visitor
let graph1: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer({ accessTokenLifetimeSeconds: 3600 })
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  graph1 = await withProfile(admin, 'Ms Graph 1', contoso.personalAuth.name, contoso.serviceMailbox)
})
afterAll(() => server.close())
beforeEach(async () => {
  server.tenant.tenant.faults.clear()
  await signIn()
})

async function signIn(): Promise<void> {
  const { body } = await admin.send('POST', `/api/connections/credentials/${graph1.id}/authorization`)
  await admin.get(await admin.signInAt(String(body.url), contoso.serviceMailbox))
}

const panel = async () => (await admin.get(`/api/connections/credentials/${graph1.id}`)).body.token as TokenPanel

async function refreshAgainst(status: number, body: unknown): Promise<TokenPanel> {
  server.tenant.tenant.faults.put({
    id: 'refusal',
    match: 'POST /*/oauth2/v2.0/token',
    times: 1,
    status,
    headers: {},
    body,
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  server.advance(2 * hourMs)
  const setup = await readGrantSetup(server.deps.db, graph1.id)
  await expect(freshToken(server.deps, setup, { credentialId: graph1.id, userId: null })).rejects.toMatchObject({
    code: /^connections\./,
  })
  return panel()
}

test('every refusal says whose move it is, and only one of the grant itself disconnects', async () => {
  const administrator = { whoMustAct: 'administrator' }
  const openApp = { ...administrator, button: { does: 'open_oauth_app' } }
  const getToken = { ...administrator, button: { label: 'Get OAuth Token', does: 'sign_in' } }
  const nobody = { whoMustAct: 'nobody', button: { does: 'test' } }
  const cases: [number, unknown, object][] = [
    [
      401,
      { error: 'invalid_client', error_codes: [7000222] },
      { state: 'ready', ...openApp, lastError: { code: 'connections.client_secret_expired' } },
    ],
    [
      401,
      { error: 'invalid_client', error_codes: [7000215] },
      { state: 'ready', ...openApp, lastError: { code: 'connections.client_refused' } },
    ],
    [
      400,
      { error: 'unauthorized_client', error_codes: [7000112] },
      { state: 'ready', ...openApp, lastError: { code: 'connections.app_disabled' } },
    ],
    [
      400,
      { error: 'unauthorized_client', error_codes: [700016] },
      { state: 'ready', ...openApp, lastError: { code: 'connections.app_disabled' } },
    ],
    [400, { error: 'invalid_scope', error_codes: [70011] }, { state: 'ready', ...openApp }],
    [503, 'busy', { state: 'ready', ...nobody }],
    [429, {}, { state: 'ready', ...nobody }],
    [200, 'not json', { state: 'ready', ...nobody }],
    [400, { error: 'invalid_grant', error_codes: [50173] }, { state: 'reauth_required', ...getToken }],
    [400, { error: 'invalid_grant', error_codes: [99999999] }, { state: 'reauth_required', ...getToken }],
    [
      400,
      { error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] },
      { state: 'reauth_required', ...getToken, lastError: { code: 'connections.consent_missing' } },
    ],
    [
      400,
      { error: 'interaction_required', suberror: 'basic_action', error_codes: [50076], claims: '{}' },
      { state: 'reauth_required', ...getToken, lastError: { code: 'connections.interaction_needed' } },
    ],
  ]
  for (const [status, body, expected] of cases) {
    expect(await refreshAgainst(status, body), `${status} ${JSON.stringify(body)}`).toMatchObject(expected)
    await signIn()
    expect(await panel()).toMatchObject({ state: 'ready', whoMustAct: null, button: null, lastError: null })
  }
})

test('a scope that the profile asks for since then is shown, and a sign-in asks the person for that one alone', async () => {
  const app = await admin.find('oauth-apps', contoso.personalAuth.name)
  const added = await admin.send('POST', `/api/connections/oauth-apps/${app.id}/scopes`, {
    name: 'Mail',
    scope: 'Mail.Send',
  })
  expect(added.status, added.text).toBeLessThan(300)
  const profile = await admin.find('entity-profiles', `${contoso.personalAuth.name} default_profile`)
  const before = (await admin.get(`/api/connections/entity-profiles/${profile.id}`)).body as {
    scopes: { id: string }[]
  }
  const scopes = (await admin.get(`/api/connections/oauth-apps/${app.id}`)).body.scopes as {
    id: string
    scope: string
  }[]
  const mail = scopes.find(({ scope }) => scope === 'Mail.Send')
  const saved = await admin.send('PATCH', `/api/connections/entity-profiles/${profile.id}`, {
    version: profile.version,
    scopeIds: [...before.scopes.map(({ id }) => id), mail?.id],
  })
  expect(saved.status, saved.text).toBe(200)

  const drifted = await panel()
  expect(drifted).toMatchObject({
    state: 'ready',
    missingScopes: ['Mail.Send'],
    whoMustAct: 'administrator',
    button: { label: 'Ask for what is missing', does: 'sign_in' },
  })
  expect(drifted.sentence).toContain('Mail.Send')
})

test('a revocation leaves a receipt: what ended here, what the provider was told, what is left to do', async () => {
  const good = await panel()
  const { body } = await admin.send('DELETE', `/api/connections/credentials/${graph1.id}/token`)
  const receipt = body.receipt as RevocationReceipt
  expect(body).toMatchObject({ state: 'revoked', whoMustAct: null })
  expect(receipt).toMatchObject({ revokedAtProvider: false, accessTokenGoodUntil: good.accessExpiresAt })
  expect(receipt.atProvider).toContain('no address')
  expect(receipt.whatToDo.map(({ url }) => new URL(url).protocol)).toEqual(['https:', 'https:'])
  const again = await admin.send('DELETE', `/api/connections/credentials/${graph1.id}/token`)
  expect(again.body.receipt).toBeNull()
})

test('an app with a revocation address at its own host has the grant ended there; another host never sees the token', async () => {
  const at = (url: string) =>
    server.deps.db
      .updateTable('oauth_apps')
      .set({ token_revocation_url: url })
      .where('name', '=', contoso.personalAuth.name)
      .execute()
  server.tenant.tenant.faults.put({
    id: 'revocation',
    // The tenant, as Entra, has no such endpoint; its token endpoint plays one.
    match: 'POST /*/oauth2/v2.0/token',
    times: 1,
    status: 200,
    headers: {},
    body: {},
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  await at(`https://login.microsoftonline.com/${contoso.tenantId}/oauth2/v2.0/token`)
  const ended = await admin.send('DELETE', `/api/connections/credentials/${graph1.id}/token`)
  expect(ended.body.receipt).toMatchObject({
    atProvider: expect.stringContaining('confirmed'),
    revokedAtProvider: true,
    whatToDo: [],
  })

  await signIn()
  await at('https://graph.microsoft.com/revoke')
  const calls = server.tenant.ledger().length
  const kept = await admin.send('DELETE', `/api/connections/credentials/${graph1.id}/token`)
  expect(kept.body.receipt).toMatchObject({
    revokedAtProvider: false,
    atProvider: expect.stringContaining('not the host'),
  })
  expect(server.tenant.ledger()).toHaveLength(calls)
  await at('')
})
