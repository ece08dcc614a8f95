import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { keepAlive } from './jobs.ts'
import { resolveAlias } from './resolve.ts'
import { byItself } from './token-use.ts'

const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const dayMs = 24 * 3_600_000

let server: ConnectionsServer
let admin: Visitor
let alice: Visitor
let credential: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer({ accessTokenLifetimeSeconds: 3600 })
  admin = await server.person('ada.admin@contoso.example')
  alice = await server.person('alice.meyer@contoso.example', ['employee'])
  await fillInApp(admin, contoso.personalAuth)
  credential = await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  await authorise()
})
afterAll(() => server.close())

let since = '0'
beforeEach(async () => {
  since = (await entries()).at(-1)?.seq ?? since
})

async function authorise(): Promise<void> {
  const { body } = await alice.send('POST', `/api/connections/personal/${credential.id}/authorization`)
  await alice.get(await alice.signInAt(String(body.url), alice.upn))
}

async function entries(action?: string) {
  const found = server.deps.db.selectFrom('audit_entries').selectAll().where('seq', '>', since).orderBy('seq')
  return (action === undefined ? found : found.where('action', '=', action)).execute()
}

const resolved = async (purpose: string) => {
  const use = byItself(purpose)
  const found = await resolveAlias(server.deps, personalAlias, { userId: alice.userId }, { use })
  if (found.is !== 'ready') throw new Error(found.say)
  return found
}

const proxied = () => alice.get(`/api/connections/aliases/${personalAlias}/proxy/v1.0/me`)

/** Entries of uses, those of one person or of one purpose. */
async function usesOf(whoOrWhy: string) {
  const used = await entries('connections.use_token')
  return used.filter(({ actor_name, details }) => [actor_name, details.purpose].includes(whoOrWhy))
}

const countOf = (used: Awaited<ReturnType<typeof usesOf>>) =>
  used.reduce((sum, { details }) => sum + Number(details.count), 0)

test('a token that is used for somebody is in the trail before it leaves: whose, for whom, through which alias', async () => {
  const { fetch: send } = server.deps.seams
  let seen: unknown[] = []
  server.deps.seams.fetch = async (input, init) => {
    seen = await usesOf('Alice Meyer')
    return send(input, init)
  }
  await proxied()
  server.deps.seams.fetch = send
  const whose = { subject_kind: 'credential', subject_id: credential.id, request_id: expect.stringMatching(/./) }
  const details = { account: alice.upn, alias: personalAlias, count: 1 }
  expect(seen).toMatchObject([{ actor_id: alice.userId, ...whose, details }])
  for (let n = 0; n < 50; n++) await proxied()
  expect(await usesOf('Alice Meyer')).toHaveLength(1)
  server.advance(61_000)
  await proxied()
  await expect.poll(async () => countOf(await usesOf('Alice Meyer')), { timeout: 10_000 }).toBe(52)
  const [, further, ...more] = await usesOf('Alice Meyer')
  expect(further?.details).toMatchObject({ first: expect.any(String), last: expect.any(String) })
  expect(more.length).toBeLessThan(2)
})

test('what the system uses by itself is in the trail within seconds, each purpose by itself', async () => {
  await (await resolved('one thing')).fetch('/v1.0/me')
  await (await resolved('another thing')).fetch('/v1.0/me')
  for (const purpose of ['one thing', 'another thing']) {
    await expect.poll(() => usesOf(purpose), { timeout: 10_000 }).toHaveLength(1)
    const [use] = await usesOf(purpose)
    const whose = { subject_kind: 'credential', subject_id: credential.id, request_id: null }
    expect(use).toMatchObject({ actor_id: null, actor_name: 'system', ...whose })
    expect(use?.details).toMatchObject({ account: alice.upn, alias: personalAlias, count: 1 })
  }
})

test('while no entry can be written there is no call, for somebody or by itself', async () => {
  const { fetch } = await resolved('unwritten')
  server.advance(70_000)
  server.tenant.tenant.ledger.clear()
  await sql`alter table audit_entries rename to audit_entries_away`.execute(server.deps.db)
  const refused = await proxied()
  const byItselfRefused = await fetch('/v1.0/me').catch((problem: unknown) => problem)
  await sql`alter table audit_entries_away rename to audit_entries`.execute(server.deps.db)
  expect(refused.status).toBe(500)
  expect(byItselfRefused).toBeInstanceOf(Error)
  expect(server.tenant.tenant.ledger.since()).toEqual([])
  expect((await fetch('/v1.0/me')).status).toBe(200)
})

test('every refresh is an entry of its own, with who caused it; so is a refusal, and what a person does about it', async () => {
  server.advance(2 * 3_600_000)
  await (await resolved('after a long lunch')).fetch('/v1.0/me')
  server.advance(8 * dayMs)
  await keepAlive(server.deps)
  expect((await entries('connections.refresh_token')).map(({ details }) => details.purpose)).toEqual([
    'after a long lunch',
    'kept alive',
  ])

  for (const token of server.tenant.tenant.refreshTokens.list())
    server.tenant.tenant.refreshTokens.put({ ...token, revokedAt: new Date().toISOString() })
  server.advance(2 * 3_600_000)
  await alice.get(`/api/connections/aliases/${personalAlias}/proxy/v1.0/me`)
  const [refusal, ...others] = await entries('connections.refuse_refresh')
  expect(others).toEqual([])
  expect(refusal).toMatchObject({
    actor_name: 'Alice Meyer',
    details: { account: alice.upn, code: 'connections.refresh_refused', alias: personalAlias },
  })
  expect(refusal?.request_id).toMatch(/./)

  await authorise()
  await alice.send('DELETE', `/api/connections/personal/${credential.id}/token`)
  const told = (await entries()).map(({ action }) => action)
  expect(told).toEqual(expect.arrayContaining(['connections.authorise_personal', 'connections.revoke_token']))
  await authorise()
})

test('trouble that an administrator must mend is told once, however often it is tried', async () => {
  const trouble = { match: 'POST /*/oauth2/v2.0/token', status: 401, headers: {}, delayMs: 0 }
  const body = { error: 'invalid_client', error_codes: [7000222] }
  const rest = { dropAfter: false, dropBefore: false }
  server.tenant.tenant.faults.put({ id: 'secret', times: 2, ...trouble, body, ...rest })
  server.advance(2 * 3_600_000)
  const { fetch } = await resolved('a test')
  const code = 'connections.client_secret_expired'
  await expect(fetch('/v1.0/me')).rejects.toMatchObject({ code })
  // As after the pause.
  await server.deps.db.updateTable('tokens').set({ refresh_until: null }).execute()
  await expect(fetch('/v1.0/me')).rejects.toMatchObject({ code })
  expect(await entries('connections.refuse_refresh')).toMatchObject([{ details: { code, purpose: 'a test' } }])
  server.tenant.tenant.faults.clear()
})
