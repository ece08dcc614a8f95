import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import type { PersonalToken } from './personal-token.contract.ts'
import { readPersonalToken } from './personal-token.ts'

const alias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const at = `/api/connections/aliases/${alias}/personal-token`

let server: ConnectionsServer
let admin: Visitor
let alice: Visitor
let personal: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  alice = await server.person('alice.meyer@contoso.example', ['employee'])
  personal = await admin.find('credentials', 'Ms Graph Personal')
})
afterAll(() => server.close())

const read = async (who = alice) => (await who.get(at)).body as unknown as PersonalToken

test('before the administrator is done, that is said, and whose move it is', async () => {
  expect(await read()).toMatchObject({
    aliasId: alias,
    valid: false,
    state: 'not_set_up',
    reason: expect.stringContaining('OAuth Entity Profile'),
    whoMustAct: 'administrator',
  })
  await fillInApp(admin, contoso.personalAuth)
  await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
})

test('not given yet: the address where the person gives it, which starts nothing by being opened', async () => {
  const token = await read()
  expect(token).toMatchObject({ valid: false, state: 'none', whoMustAct: 'person', account: null })
  expect(token.initiatorUrl).toBe(`${server.origin}/my-connections?authorise=${personal.id}`)
  expect(token.nextStep).toContain(token.initiatorUrl)
  expect(await server.deps.db.selectFrom('authorizations').selectAll().execute()).toEqual([])
})

test('given: valid, whose it is and until when; others’ stays theirs', async () => {
  const { body } = await alice.send('POST', `/api/connections/personal/${personal.id}/authorization`)
  await alice.get(await alice.signInAt(String(body.url), alice.upn))
  expect(await read()).toMatchObject({
    valid: true,
    state: 'ready',
    nextStep: null,
    whoMustAct: null,
    account: alice.upn,
    worksUntil: expect.any(String),
  })
  expect(await read(admin)).toMatchObject({ valid: false, state: 'none' })
})

test('ended without a way to renew it: not valid, although a token is stored', async () => {
  await server.deps.db.updateTable('tokens').set({ works_until: null }).execute()
  server.advance(2 * 3_600_000)
  expect(await read()).toMatchObject({
    valid: false,
    state: 'ended',
    reason: expect.stringContaining('offline_access'),
  })
  await server.deps.db
    .updateTable('tokens')
    .set({ works_until: new Date('2999-01-01') })
    .execute()
  expect((await read()).valid).toBe(true)
})

test('taken back by a program, with the receipt', async () => {
  const { status, body } = await alice.send('DELETE', at)
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { valid: false, state: 'revoked', receipt: { revokedAtProvider: false } },
  })
  expect((await alice.send('DELETE', at)).body).toMatchObject({ receipt: null })
})

test('a local user has nothing to authorise, and an alias that is not Personal nothing to ask about', async () => {
  const actor = { userId: alice.userId, microsoft: null }
  expect(await readPersonalToken(server.deps, alias, actor)).toMatchObject({
    valid: false,
    nextStep: expect.stringContaining('local user'),
  })
  const system = '/api/connections/aliases/exchange_online.Microsoft_Exchange_Online/personal-token'
  expect(await alice.get(system)).toMatchObject({ status: 409, body: { code: 'connections.not_personal' } })
  expect((await alice.get('/api/connections/aliases/no.such/personal-token')).status).toBe(404)
})
