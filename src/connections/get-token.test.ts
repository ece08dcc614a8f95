import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'

let server: ConnectionsServer
let admin: Visitor
let graph1: { id: string }
let personal: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  graph1 = await useProfile(admin, 'Ms Graph 1', contoso.personalAuth.name, contoso.serviceMailbox)
  personal = await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
})
afterAll(() => server.close())

const startSystem = async (who: Visitor, body = {}) =>
  (await who.send('POST', `/api/connections/credentials/${graph1.id}/authorization`, body)).body as {
    authorizationId: string
    url: string
  }

test('Get OAuth Token: the delegated user signs in, and the form says whose token it is and that it works', async () => {
  const started = await startSystem(admin, { returnTo: `/console/credentials/${graph1.id}` })
  const back = await admin.signInAt(started.url, contoso.serviceMailbox)
  const answer = await admin.get(back)
  expect(answer).toMatchObject({ status: 303, location: `/authorization/${started.authorizationId}` })

  const { body: outcome } = await admin.get(`/api/connections/authorizations/${started.authorizationId}`)
  expect(outcome).toMatchObject({
    outcome: 'stored',
    code: null,
    expectedName: contoso.serviceMailbox,
    actualName: `Room Service (${contoso.serviceMailbox})`,
    returnTo: `/console/credentials/${graph1.id}`,
  })
  const { body: credential } = await admin.get(`/api/connections/credentials/${graph1.id}`)
  expect(credential).toMatchObject({
    tokenState: 'ready',
    expectedAccountPinned: true,
    token: {
      state: 'ready',
      sentence: expect.stringContaining('Works'),
      account: { email: contoso.serviceMailbox, tenantId: contoso.tenantId, matchesExpected: true },
      obtainedBy: 'Ada Okafor',
      lastError: null,
      probe: { ok: true, say: expect.stringContaining('Room Service') },
    },
  })
  const scopes = (credential.token as { scopes: { scope: string; asked: boolean; granted: boolean }[] }).scopes
  expect(scopes.filter(({ asked, granted }) => !asked || !granted)).toEqual([])
  expect(scopes.map(({ scope }) => scope)).toContain('offline_access')
})

test('Authorise: a person gives their own permission', async () => {
  const alice = await server.person('alice.meyer@contoso.example', ['employee'])
  const { body } = await alice.send('POST', `/api/connections/personal/${personal.id}/authorization`)
  const back = await alice.signInAt(String(body.url), alice.upn)
  expect((await alice.get(back)).status).toBe(303)
  const { body: mine } = await alice.get('/api/connections/personal')
  expect(mine).toMatchObject({
    connections: [
      { account: alice.upn, token: { state: 'ready', account: { email: alice.upn, matchesExpected: true } } },
    ],
  })
})
