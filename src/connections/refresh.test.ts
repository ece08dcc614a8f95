import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { transaction } from '#db/transaction.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readGrantSetup } from './grant-setup.ts'
import { keepAlive } from './jobs.ts'
import { freshToken } from './refresh.ts'
import { settleRefreshes } from './refresh-call.ts'
import { idleMs, idleRun, refreshTokenLifeMs, renewAheadMs } from './refresh-schedule.ts'
import { readLapsingTokens, readToken } from './token-queries.ts'

const hourMs = 60 * 60 * 1000

let server: ConnectionsServer
let admin: Visitor
let graph1: { id: string }
beforeAll(async () => {
  // An IdP that kills the grant when a refresh token is used twice: any second request would be noticed.
  server = await startConnectionsServer({ singleUseRefreshTokens: true, accessTokenLifetimeSeconds: 3600 })
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  graph1 = await useProfile(admin, 'Ms Graph 1', contoso.personalAuth.name, contoso.serviceMailbox)
})
afterAll(() => server.close())

beforeEach(async () => {
  const { body } = await admin.send('POST', `/api/connections/credentials/${graph1.id}/authorization`)
  await admin.get(await admin.signInAt(String(body.url), contoso.serviceMailbox))
  server.tenant.tenant.ledger.clear()
})

const owner = () => ({ credentialId: graph1.id, userId: null })
const row = async () => {
  const token = await readToken(server.deps.db, owner())
  if (token === undefined) throw new Error('the token is gone')
  return token
}
const fresh = async (deps: ConnectionsDeps, options = {}) =>
  freshToken(deps, await readGrantSetup(deps.db, graph1.id), owner(), options)
const refreshCalls = () => server.tenant.tenant.ledger.since().filter(({ grantType }) => grantType === 'refresh_token')
const fault = (match: string, more: object) =>
  server.tenant.tenant.faults.put({
    id: server.deps.seams.newId(),
    match,
    times: 1,
    status: null,
    headers: {},
    body: null,
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
    ...more,
  })
const tokenEndpoint = 'POST /*/oauth2/v2.0/token'

test('a good token is used as it is, without a call', async () => {
  const before = await row()
  const { token } = await fresh(server.deps)
  expect(token.version).toBe(before.version)
  expect(refreshCalls()).toHaveLength(0)
})

test('an ended token is renewed: new tokens, sealed anew, works another 90 days', async () => {
  const before = await row()
  server.advance(2 * hourMs)
  const { accessToken } = await fresh(server.deps)
  const after = await row()
  expect(after.version).toBe(before.version + 1)
  expect(after.secret_version).toBe(before.secret_version + 1)
  expect(after.refresh_token).not.toEqual(before.refresh_token)
  expect(after.refreshed_at).not.toBeNull()
  expect(Number(after.works_until)).toBeGreaterThan(Number(before.works_until))
  const me = await server.deps.seams.fetch('https://graph.microsoft.com/v1.0/me', {
    headers: { authorization: `Bearer ${accessToken.open('call')}` },
  })
  expect(me.status).toBe(200)
})

test('forty callers in two processes at once: one token request, one token for all', async () => {
  const peer = await server.peer()
  server.advance(2 * hourMs)
  const callers = Array.from({ length: 40 }, (_, n) => fresh(n % 2 === 0 ? server.deps : peer))
  const tokens = await Promise.all(callers)
  expect(refreshCalls()).toHaveLength(1)
  expect(new Set(tokens.map(({ accessToken }) => accessToken.open('compare'))).size).toBe(1)
  expect((await row()).state).toBe('ready')
})

test('twenty rounds of two processes against a provider that allows a refresh token once: never a lost grant', async () => {
  const peer = await server.peer()
  for (let round = 1; round <= 20; round++) {
    server.advance(2 * hourMs)
    await Promise.all([fresh(server.deps), fresh(peer), fresh(server.deps), fresh(peer)])
    expect(refreshCalls()).toHaveLength(round)
  }
  expect((await row()).state).toBe('ready')
})

test('shortly before the end nobody waits: the old token is used while a new one is fetched', async () => {
  const before = await row()
  fault(tokenEndpoint, { delayMs: 300 })
  server.advance(hourMs - 60_000)
  const { token } = await fresh(server.deps)
  expect(token.version).toBe(before.version)
  await expect.poll(async () => (await row()).version, { timeout: 5_000 }).toBe(before.version + 1)
})

test('a slow refresh is waited for by other processes, which take its result', async () => {
  const peer = await server.peer()
  fault(tokenEndpoint, { delayMs: 700 })
  server.advance(2 * hourMs)
  const [one, other] = await Promise.all([fresh(server.deps), fresh(peer)])
  expect(one.token.version).toBe(other.token.version)
  expect(refreshCalls()).toHaveLength(1)
})

test('an endpoint slower than the lease: callers are told, nobody asks a second time, and the late answer is kept', async () => {
  const { version } = await row()
  const times = { leaseMs: 600, callMs: 300, patienceMs: 20_000 }
  const [here, there] = [server.deps, await server.peer()].map((deps) => ({ ...deps, refreshTimes: times }))
  if (here === undefined || there === undefined) throw new Error('two processes are needed')
  fault(tokenEndpoint, { delayMs: 2_500 })
  server.advance(2 * hourMs)
  const late = expect.objectContaining({
    code: 'connections.no_answer',
    message: expect.stringContaining('keeps waiting'),
  })
  await Promise.all([here, there, here].map((deps) => expect(fresh(deps)).rejects.toEqual(late)))
  // The lease is kept up while the call is open, and whoever comes is told at once.
  const leaseEnd = Number((await row()).refresh_until)
  await expect.poll(async () => Number((await row()).refresh_until), { timeout: 5_000 }).toBeGreaterThan(leaseEnd + 500)
  await expect(fresh(there)).rejects.toEqual(late)
  await settleRefreshes(here, 20_000)
  expect(refreshCalls()).toHaveLength(1)
  expect(await row()).toMatchObject({
    version: version + 1,
    state: 'ready',
    last_error_code: null,
    refresh_owner: null,
  })
  expect((await fresh(there)).token.version).toBe(version + 1)
})

test('patience has an end: then the call counts as lost, and the stored token is tried again', async () => {
  const times = { leaseMs: 600, callMs: 300, patienceMs: 900 }
  const deps = { ...server.deps, refreshTimes: times }
  fault(tokenEndpoint, { delayMs: 2_000 })
  server.advance(2 * hourMs)
  await expect(fresh(deps)).rejects.toMatchObject({ code: 'connections.no_answer' })
  await settleRefreshes(deps, 20_000)
  expect(await row()).toMatchObject({ state: 'ready', last_error_code: 'connections.no_answer', refresh_owner: null })
  // The endpoint spent the token after we had hung up: with single-use rules nothing but a sign-in helps, and the sentence says why.
  await expect.poll(() => refreshCalls().length, { timeout: 10_000 }).toBe(1)
  await expect
    .poll(() => fresh(deps).catch((problem) => problem.message), { timeout: 10_000, interval: 300 })
    .toContain('cut off')
  expect(await row()).toMatchObject({ state: 'reauth_required', refresh_owner: null })
})

test('a server that refuses a token gets a renewed one, once for all who were refused', async () => {
  const { version } = await row()
  const renewed = await Promise.all([
    fresh(server.deps, { refusedVersion: version }),
    fresh(server.deps, { refusedVersion: version }),
  ])
  expect(renewed.map(({ token }) => token.version)).toEqual([version + 1, version + 1])
  expect(refreshCalls()).toHaveLength(1)
})

test('an answer without a refresh token keeps the one we have', async () => {
  fault(tokenEndpoint, { status: 200, body: { token_type: 'Bearer', expires_in: 3600, access_token: 'short' } })
  server.advance(2 * hourMs)
  await fresh(server.deps)
  expect((await row()).works_until).not.toBeNull()
  server.advance(2 * hourMs)
  await fresh(server.deps)
  expect((await row()).state).toBe('ready')
})

test('trouble at the provider passes: the token stays, the error is shown, a later call works', async () => {
  for (const trouble of [
    { status: 503 },
    { status: 429 },
    { dropBefore: true },
    { status: 200, body: 'not json' },
    { status: 302 },
  ]) {
    fault(tokenEndpoint, trouble)
    server.advance(2 * hourMs)
    await expect(fresh(server.deps), JSON.stringify(trouble)).rejects.toMatchObject({ status: 502 })
    expect(await row()).toMatchObject({ state: 'ready', last_error_say: expect.any(String) })
    await expect.poll(() => fresh(server.deps).then(() => 'works'), { timeout: 8_000 }).toBe('works')
    expect((await row()).last_error_code).toBeNull()
  }
}, 60_000)

test('a revoked grant asks for a person once, and the provider is left in peace', async () => {
  for (const token of server.tenant.tenant.refreshTokens.list()) {
    server.tenant.tenant.refreshTokens.put({ ...token, revokedAt: new Date().toISOString() })
  }
  server.advance(2 * hourMs)
  await expect(fresh(server.deps)).rejects.toMatchObject({ code: 'connections.sign_in_needed' })
  expect(await row()).toMatchObject({ state: 'reauth_required', last_error_code: 'connections.refresh_refused' })
  await expect(fresh(server.deps)).rejects.toMatchObject({ code: 'connections.sign_in_needed' })
  expect(refreshCalls()).toHaveLength(1)
})

test('a refusal that arrives after somebody signed in again is about an old token and changes nothing', async () => {
  fault(tokenEndpoint, { delayMs: 600, status: 400, body: { error: 'invalid_grant', error_codes: [50173] } })
  server.advance(2 * hourMs)
  const refused = fresh(server.deps)
  await expect.poll(async () => (await row()).refresh_owner).not.toBeNull()
  const { body } = await admin.send('POST', `/api/connections/credentials/${graph1.id}/authorization`)
  await admin.get(await admin.signInAt(String(body.url), contoso.serviceMailbox))
  const { token } = await refused
  expect(token.state).toBe('ready')
  expect((await row()).state).toBe('ready')
})

test('an expired client secret is the administrator’s: tokens stay, and the sentence says what to do', async () => {
  fault(tokenEndpoint, { status: 401, body: { error: 'invalid_client', error_codes: [7000222] } })
  server.advance(2 * hourMs)
  await expect(fresh(server.deps)).rejects.toMatchObject({
    code: 'connections.client_secret_expired',
    message: expect.stringContaining('expired'),
  })
  expect(await row()).toMatchObject({ state: 'ready', last_error_code: 'connections.client_secret_expired' })
  // Within the pause nobody asks again; everybody is told the same.
  await expect(fresh(server.deps)).rejects.toMatchObject({ code: 'connections.client_secret_expired' })
  expect(server.tenant.tenant.ledger.since().filter(({ path }) => path.endsWith('/token'))).toHaveLength(1)
})

test('a worker that vanished with the lease is replaced when the lease ends', async () => {
  const { id, version } = await row()
  await server.deps.db
    .updateTable('tokens')
    .set({ refresh_owner: 'gone', refresh_until: new Date(Date.now() + 1_000) })
    .where('id', '=', id)
    .execute()
  server.advance(2 * hourMs)
  const { token } = await fresh(server.deps)
  expect(token.version).toBe(version + 1)
})

test('a permission that nobody used for a week is used once, and then left alone for a week', async () => {
  const { version } = await row()
  server.advance(6 * 24 * hourMs)
  await keepAlive(server.deps)
  expect((await row()).version).toBe(version)
  server.advance(1.1 * 24 * hourMs)
  await keepAlive(server.deps)
  await keepAlive(server.deps)
  expect((await row()).version).toBe(version + 1)
  server.advance(-7.1 * 24 * hourMs)
})

test('a permission that its provider keeps for four days only is used every second day', async () => {
  const { id } = await row()
  const readIdle = (hours: number) =>
    readLapsingTokens(server.deps.db, { now: new Date(Date.now() + hours * hourMs), idleMs, limit: 1_000 })
  await sql`update tokens set obtained_at = now(), refreshed_at = null, works_until = now() + interval '4 days' where id = ${id}`.execute(
    server.deps.db,
  )
  expect((await readIdle(47)).map((token) => token.id)).not.toContain(id)
  expect((await readIdle(49)).map((token) => token.id)).toContain(id)
})

test('an unused refresh token lives as long as its record says, and at Entra no longer than 90 days', () => {
  const day = 24 * hourMs
  const app = (host: string, days: number) => {
    const [authorization_url, token_url] = [
      `https://${host}/t/oauth2/v2.0/authorize`,
      `https://${host}/t/oauth2/v2.0/token`,
    ]
    return { issuer: '', authorization_url, token_url, refresh_token_lifespan_seconds: days * 86_400 }
  }
  expect(refreshTokenLifeMs(app('login.microsoftonline.com', 100))).toBe(90 * day)
  expect(refreshTokenLifeMs(app('login.microsoftonline.com', 1))).toBe(day)
  expect(refreshTokenLifeMs(app('id.example', 100))).toBe(100 * day)
})

test('the renewals of ten thousand people who signed in at once are spread over five minutes', () => {
  const obtained_at = new Date('2026-11-24T08:00:00Z')
  const access_expires_at = new Date('2026-11-24T09:00:00Z')
  const perMinute = [0, 0, 0, 0, 0]
  for (let n = 0; n < 10_000; n++) {
    const aheadMs = renewAheadMs({ id: server.deps.seams.newId(), access_expires_at, refreshed_at: null, obtained_at })
    const minute = Math.floor((aheadMs - 5 * 60_000) / 60_000)
    perMinute[minute] = (perMinute[minute] ?? 0) + 1
  }
  expect(perMinute).toHaveLength(5)
  for (const count of perMinute) expect(count).toBeGreaterThan(1_700)
})

test('which of 50,000 tokens are idle is read from an index, a hundred at most', async () => {
  const { db } = server.deps
  await transaction(db, async (trx) => {
    await sql`insert into users (id, email, display_name) select gen_random_uuid(), 'many' || n || '@contoso.example', 'Many'
      from generate_series(1, 50000) n`.execute(trx)
    await sql`insert into tokens (id, credential_id, user_id, oauth_app_id, state, scopes_asked, scopes_granted, works_until, obtained_by, obtained_at)
      select gen_random_uuid(), ${graph1.id}, u.id, (select id from oauth_apps limit 1), 'ready', '{}', '{}',
        now() + interval '90 days' * (random() - 0.05), 'Many', now() - interval '90 days' * 0.05 from users u where u.display_name = 'Many'`.execute(
      trx,
    )
  })
  await sql`analyze tokens`.execute(db)
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select id from tokens
    where state = 'ready' and works_until is not null and coalesce(refreshed_at, obtained_at) < now() - interval '7 days'
    order by works_until limit 100`.execute(db)
  expect(rows.map((line) => line['QUERY PLAN']).join()).toContain('tokens_works_until')
  expect(await readLapsingTokens(db, { now: new Date(), idleMs, limit: idleRun.max })).toHaveLength(idleRun.max)
  await db.deleteFrom('users').where('display_name', '=', 'Many').execute()
})
