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
/** Short, so that the endpoint can be slower. */
const slowTimes = { leaseMs: 1_500, callMs: 1_000 }
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

test(
  'a token endpoint slower than the lease disconnects nobody, and everybody works when it is well again',
  patience,
  async () => {
    const { server, credentialId, plant } = await begin(false)
    const holders = await plant(users)
    server.tenant.tenant.faults.put({ ...slow, times: users, delayMs: slowTimes.leaseMs * 2 })
    const work = { credentialId, userIds: idsOf(holders), refreshTimes: slowTimes }
    const [one, other] = await storm([await startRefreshProcess(server, work), await startRefreshProcess(server, work)])
    // The call ends before its lease: nobody holds a token that a second one may spend as well.
    expect([one, other]).toEqual([{ 'connections.no_answer': users }, { 'connections.no_answer': users }])
    expect(callsPerHolder(holders).every((calls) => calls <= 1)).toBe(true)
    expect((await tokensOf(holders)).every(({ state }) => state === 'ready')).toBe(true)

    server.tenant.tenant.faults.clear()
    await expect
      .poll(async () => (await storm([await startRefreshProcess(server, work)]))[0], { timeout: 30_000, interval: 500 })
      .toEqual({ fresh: users })
  },
)

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
