import { afterEach, expect, test } from 'vitest'
import type { TokenRecord } from '#connections/token-queries.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile as withProfile,
} from '../support/connections-server.ts'
import { type RefreshProcess, startRefreshProcess, storm } from '../support/refresh-processes.ts'
import { plantTokenHolders, type TokenHolder } from '../support/token-holders.ts'

/*
 * Many processes and everybody's token stale at once. Small here; docs/decisions/refresh.md has the figures of the full size:
 * ANTEROOM_TEST_REFRESH_PROCESSES=8 ANTEROOM_TEST_REFRESH_USERS=200 ANTEROOM_TEST_REFRESH_KILLS=50
 */
const processes = Number(process.env.ANTEROOM_TEST_REFRESH_PROCESSES ?? 3)
const users = Number(process.env.ANTEROOM_TEST_REFRESH_USERS ?? 10)
const kills = Number(process.env.ANTEROOM_TEST_REFRESH_KILLS ?? 5)

/** People per kill. */
const perKill = Math.min(users, 20)
const ended = -60_000
/** Short, so that the endpoint can be slower than the lease of everybody's calls, and not slower than patience. */
const slowTimes = { leaseMs: 4_000, callMs: 2_000, patienceMs: 120_000 }
/** Short enough that what a killed process held is free soon, long enough that a busy machine answers within it. */
const killTimes = { leaseMs: 5_000, callMs: 4_500 }
const patience = { timeout: 1_800_000 }

let server: ConnectionsServer | undefined
afterEach(() => server?.close())

async function begin(singleUseRefreshTokens: boolean) {
  server = await startConnectionsServer({ singleUseRefreshTokens, accessTokenLifetimeSeconds: 3600 })
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  const { id: credentialId } = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  const { deps, tenant } = server
  return {
    server,
    credentialId,
    plant: (count: number) => plantTokenHolders(deps, { credentialId, count, lifeMs: ended, tenant: tenant.tenant }),
  }
}

const idsOf = (holders: TokenHolder[]) => holders.map(({ userId }) => userId)

async function tokensOf(holders: TokenHolder[]): Promise<TokenRecord[]> {
  return deps().db.selectFrom('tokens').selectAll().where('user_id', 'in', idsOf(holders)).execute()
}

const deps = () => {
  if (server === undefined) throw new Error('no server')
  return server.deps
}

/** How many token requests each of them cost, by the tenant's own ledger. */
function callsPerHolder(holders: TokenHolder[]): number[] {
  const counts = new Map(holders.map(({ objectId }) => [objectId, 0]))
  for (const { grantType, accountId } of server?.tenant.ledger() ?? []) {
    if (grantType === 'refresh_token' && accountId !== null) counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
  }
  return [...counts.values()]
}

const inLimbo = ({ refresh_owner, refresh_until }: TokenRecord) =>
  refresh_owner !== null && refresh_until !== null && refresh_until > new Date()

for (const singleUse of [false, true]) {
  const rules = singleUse ? 'single-use refresh tokens' : "Entra's rules"

  test(
    `${processes} processes, ${users} people stale at once, ${rules}: one token request each, nobody disconnected`,
    patience,
    async () => {
      const { server, credentialId, plant } = await begin(singleUse)
      const holders = await plant(users)
      const work = { credentialId, userIds: idsOf(holders) }
      const ready: RefreshProcess[] = []
      for (let n = 0; n < processes; n++) ready.push(await startRefreshProcess(server, work))
      const startedAt = performance.now()
      const outcomes = await storm(ready)
      tell(`${rules}: ${processes} x ${users} in ${Math.round(performance.now() - startedAt)} ms`)

      expect(outcomes).toEqual(ready.map(() => ({ fresh: users })))
      expect(callsPerHolder(holders)).toEqual(holders.map(() => 1))
      const tokens = await tokensOf(holders)
      expect(tokens.filter(({ state, version }) => state !== 'ready' || version !== 2)).toEqual([])
      expect(tokens.filter(inLimbo)).toEqual([])
    },
  )
}

for (const singleUse of [false, true]) {
  const rules = singleUse ? 'single-use refresh tokens' : "Entra's rules"

  test(
    `a token endpoint twice as slow as the lease, ${processes} processes, ${rules}: one request each, nobody disconnected`,
    patience,
    async () => {
      const { server, credentialId, plant } = await begin(singleUse)
      const holders = await plant(users)
      server.tenant.tenant.faults.put({ ...slow, times: users, delayMs: slowTimes.leaseMs * 2 })
      const work = { credentialId, userIds: idsOf(holders), refreshTimes: slowTimes }
      const ready: RefreshProcess[] = []
      for (let n = 0; n < processes; n++) ready.push(await startRefreshProcess(server, work))
      const startedAt = performance.now()
      // Their callers are told, and the calls stay open: a process ends when its late answers are stored, as the service does.
      expect(await storm(ready)).toEqual(ready.map(() => ({ 'connections.no_answer': users })))
      tell(`slow, ${rules}: ${processes} x ${users} in ${Math.round(performance.now() - startedAt)} ms`)

      expect(callsPerHolder(holders)).toEqual(holders.map(() => 1))
      const tokens = await tokensOf(holders)
      expect(tokens.filter(({ state, version }) => state !== 'ready' || version !== 2)).toEqual([])
      expect(tokens.filter(inLimbo)).toEqual([])
      expect(await storm([await startRefreshProcess(server, work)])).toEqual([{ fresh: users }])
      expect(callsPerHolder(holders)).toEqual(holders.map(() => 1))
    },
  )
}

for (const singleUse of [false, true]) {
  const rules = singleUse ? 'single-use refresh tokens' : "Entra's rules"
  const promise = singleUse ? 'only what was in flight asks for a sign-in, and says why' : 'nobody is disconnected'

  test(`kill -9 between answer and commit, ${kills} rounds, ${rules}: ${promise}`, patience, async () => {
    const { server, credentialId, plant } = await begin(singleUse)
    let lost = 0
    for (let round = 0; round < kills; round++) {
      const holders = await plant(perKill)
      const work = { credentialId, userIds: idsOf(holders), refreshTimes: killTimes }
      const [survivor, killed] = await Promise.all([
        startRefreshProcess(server, work),
        startRefreshProcess(server, { ...work, dieAtAnswer: 1 + (round % 5) }),
      ])
      killed.begin()
      expect(await killed.outcomes, 'the process was killed').toBeNull()
      const [outcomes] = await storm([survivor])

      const tokens = await tokensOf(holders)
      expect(tokens.filter(inLimbo)).toEqual([])
      const disconnected = tokens.filter(({ state }) => state !== 'ready')
      lost += disconnected.length
      if (!singleUse) expect(outcomes).toEqual({ fresh: perKill })
      for (const token of disconnected) {
        expect(token).toMatchObject({ state: 'reauth_required', refresh_owner: null })
        expect(token.last_error_say).toContain('cut off')
      }
      const answered = callsPerHolder(holders).filter((calls) => calls > 1).length
      expect(disconnected.length, 'nobody beyond those whose answer was lost').toBeLessThanOrEqual(answered)
    }
    tell(`${rules}: ${kills} kills, ${lost} of ${kills * perKill} people had to sign in again`)
    if (!singleUse) expect(lost).toBe(0)
  })
}

const slow = {
  id: 'slow',
  match: 'POST /*/oauth2/v2.0/token',
  status: null,
  headers: {},
  body: null,
  dropAfter: false,
  dropBefore: false,
}

/** The full size writes its figures down; the small one has nothing to say. */
function tell(figures: string): void {
  if (process.env.ANTEROOM_TEST_REFRESH_PROCESSES) process.stdout.write(`${figures}\n`)
}
