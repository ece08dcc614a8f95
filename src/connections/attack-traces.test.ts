import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'

/*
 * Two attacks as draft-ietf-oauth-security-topics-update tells them, step by step, against an honest authorization server (the tenant) and
 * one of the attacker's. Nothing may be stored, and neither server may see a token request.
 */

const attackersTenant = '66666666-6666-4666-8666-666666666666'
const attackersHost = 'login.microsoftonline.us'
const alice = 'alice.meyer@contoso.example'

let server: ConnectionsServer
let admin: Visitor
let attackers: { origin: string; requests: string[]; close: () => void }
let honest: { id: string }
let malicious: { id: string }

beforeAll(async () => {
  attackers = await startAttackersServer()
  server = await startConnectionsServer({}, { [attackersHost]: attackers.origin })
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  honest = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  malicious = await attackersCredential()
})
afterAll(async () => {
  await server.close()
  attackers.close()
})

const stored = () => server.deps.db.selectFrom('tokens').selectAll().execute()
const honestTokenCalls = () => server.tenant.ledger().filter(({ path }) => path.endsWith('/token'))
const attackersTokenCalls = () => attackers.requests.filter((request) => request.includes('/token'))
const start = async (who: Visitor, credentialId: string) => {
  const answer = await who.send('POST', `/api/connections/personal/${credentialId}/authorization`, {
    chooseAnotherAccount: true,
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.body as { authorizationId: string; url: string }
}

test('T05, COAT: a code of the honest server never reaches the attacker’s token endpoint', async () => {
  const victim = await server.person(alice, ['employee'])
  // 1. The victim starts a sign-in at the connection that the attacker runs.
  const started = await start(victim, malicious.id)
  const toAttacker = new URL(started.url)
  expect(toAttacker.origin).toBe(attackers.origin)
  // 2. The attacker's server sends the browser on to the honest one, with the honest app's client id and the victim's own state.
  const { body } = await victim.send('POST', `/api/connections/personal/${honest.id}/authorization`, {})
  const toHonest = new URL(String(body.url))
  for (const name of ['state', 'nonce', 'code_challenge'])
    toHonest.searchParams.set(name, toAttacker.searchParams.get(name) ?? '')
  // 3. The honest server knows the victim and gives a code. 4. It comes back at the honest app's own address.
  const back = await victim.signInAt(toHonest.href, alice)
  expect(new URL(back).searchParams.get('state')).toBe(toAttacker.searchParams.get('state'))
  expect(new URL(back).searchParams.get('code')).not.toBeNull()
  const before = await stored()
  const answer = await victim.get(back)
  // 5. The state belongs to another address than the one it came to, so nobody is asked for a token.
  expect(answer).toMatchObject({ status: 400, location: null })
  // 6. The attacker has nothing to play with.
  expect(attackersTokenCalls()).toEqual([])
  expect(honestTokenCalls()).toEqual([])
  expect(await stored()).toEqual(before)
  expect((await victim.get(`/api/connections/authorizations/${started.authorizationId}`)).body).toMatchObject({
    outcome: 'refused',
  })
})

test('T05, the other way: the honest server sends no code to the attacker’s address, and the same code put there by hand is worth nothing', async () => {
  const victim = await server.person(alice, ['employee'])
  const started = await start(victim, malicious.id)
  const { body } = await victim.send('POST', `/api/connections/personal/${honest.id}/authorization`, {})
  const attackersCallback = new URL(started.url).searchParams.get('redirect_uri') ?? ''
  const honestCallback = new URL(String(body.url)).searchParams.get('redirect_uri') ?? ''
  expect(attackersCallback).not.toBe(honestCallback)
  const astray = new URL(String(body.url))
  astray.searchParams.set('redirect_uri', attackersCallback)
  const refusedAtProvider = await fetch(astray, { redirect: 'manual' })
  expect(refusedAtProvider.headers.get('location')).toBeNull()

  const before = await stored()
  const code = new URL(await victim.signInAt(String(body.url), alice)).searchParams.get('code') ?? ''
  const state = new URL(started.url).searchParams.get('state') ?? ''
  const forged = `${attackersCallback}?code=${code}&state=${state}&iss=${encodeURIComponent(`https://login.microsoftonline.com/${contoso.tenantId}/v2.0`)}`
  await victim.get(forged)
  expect(attackersTokenCalls()).toEqual([])
  expect(await stored()).toEqual(before)
})

test('T06, cross-user fixation: a sign-in that the attacker began is not finished by the victim', async () => {
  server.tenant.tenant.ledger.clear()
  // 1. The attacker starts in their own session and does not follow the address. 2. They send it to the victim.
  const attacker = await server.person('bob.tanaka@contoso.example', ['employee'])
  const started = await start(attacker, honest.id)
  // 3. The victim opens it, is known at the honest server, and lands at our callback in their own session, or in none.
  const victim = await server.person(alice, ['employee'])
  const before = await stored()
  const back = await victim.signInAt(started.url, alice)
  expect(await victim.get(back)).toMatchObject({ status: 400, location: null })
  // 4. No token was asked for. 5. Nothing is stored for either. 6. The attacker learns nothing of who that was.
  expect(honestTokenCalls()).toEqual([])
  expect(await stored()).toEqual(before)
  const seen = (await attacker.get(`/api/connections/authorizations/${started.authorizationId}`)).body
  expect(seen).toMatchObject({ outcome: 'refused', code: 'connections.other_browser', actualName: null })
  expect(JSON.stringify(seen)).not.toContain('alice')
  // And taking the answer from the victim does not help: the state is spent.
  expect(await attacker.get(back)).toMatchObject({ status: 400, location: null })
  expect(honestTokenCalls()).toEqual([])
})

/** Answers discovery as a server of its own tenant would, and writes down whatever it is asked. */
async function startAttackersServer() {
  const requests: string[] = []
  const issuer = `https://${attackersHost}/${attackersTenant}/v2.0`
  const document = {
    issuer,
    jwks_uri: `${issuer}/keys`,
    token_endpoint: `https://${attackersHost}/${attackersTenant}/oauth2/v2.0/token`,
  }
  const http: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(request.url?.endsWith('openid-configuration') ? document : {}))
  })
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { origin: `http://localhost:${address.port}`, requests, close: () => void http.close() }
}

/** An app and a Personal credential that somebody who may configure connections was talked into. */
async function attackersCredential(): Promise<{ id: string }> {
  const authority = `https://${attackersHost}/${attackersTenant}/oauth2/v2.0`
  const app = await admin.send('POST', '/api/connections/oauth-apps', {
    name: 'Attacker',
    clientId: 'attacker',
    clientSecret: 'attacker',
    authorizationUrl: `${authority}/authorize`,
    tokenUrl: `${authority}/token`,
  })
  expect(app.status, app.text).toBe(201)
  const profile = await admin.find('entity-profiles', 'Attacker default_profile')
  const credential = await admin.send('POST', '/api/connections/credentials', {
    name: 'Attacker',
    integrationType: 'personal',
    oauthEntityProfileId: profile.id,
  })
  expect(credential.status, credential.text).toBe(201)
  return { id: String(credential.body.id) }
}
