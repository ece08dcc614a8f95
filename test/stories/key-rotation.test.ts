import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSealed } from '#connections/check-sealed.ts'
import { type GrantSetup, readGrantSetup } from '#connections/grant-setup.ts'
import { freshToken } from '#connections/refresh.ts'
import { openTokenMemory } from '#connections/token-memory.ts'
import { keepPresent } from '#vault/presence.ts'
import { beginRotation } from '#vault/rotation.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile as withProfile,
} from '../support/connections-server.ts'
import { plantTokenHolders, type TokenHolder } from '../support/token-holders.ts'

/*
 * The root key is changed while tokens are used and refreshed, and whoever wraps them anew is killed again and again. Small here; the full
 * size: ANTEROOM_TEST_ROTATION_TOKENS=50000 ANTEROOM_TEST_ROTATION_KILLS=20
 */
const count = Number(process.env.ANTEROOM_TEST_ROTATION_TOKENS ?? 2_000)
const kills = Number(process.env.ANTEROOM_TEST_ROTATION_KILLS ?? 5)
const patience = { timeout: 1_800_000 }

let server: ConnectionsServer
let setup: GrantSetup
let holders: TokenHolder[]
let leave: () => Promise<void>
beforeAll(async () => {
  server = await startConnectionsServer({ singleUseRefreshTokens: true, accessTokenLifetimeSeconds: 3600 })
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  const { id: credentialId } = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  const { deps, tenant } = server
  setup = await readGrantSetup(deps.db, credentialId)
  holders = await plantTokenHolders(deps, { credentialId, count, lifeMs: 3_600_000, tenant: tenant.tenant })
  deps.memory = await openTokenMemory(deps)
  leave = await keepPresent(deps)
}, 600_000)
afterAll(async () => {
  await leave()
  await server.deps.memory?.close()
  await server.close()
})

/** One of many that were planted, each time another. */
const anybody = (n: number) => holders[(n * 7_919) % holders.length] as TokenHolder

class Traffic {
  used = 0
  refreshed = 0
  readonly failures: string[] = []
  readonly latenciesMs: number[] = []
  #going = true
  readonly #ended: Promise<unknown>

  constructor() {
    this.#ended = Promise.all([this.#use(), this.#refresh()])
  }

  async #use(): Promise<void> {
    for (; this.#going; this.used++) {
      const startedAt = performance.now()
      await this.#token(anybody(this.used), {})
      this.latenciesMs.push(performance.now() - startedAt)
      if (this.used % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #refresh(): Promise<void> {
    for (; this.#going; this.refreshed++) {
      const { tokenId, userId } = anybody(this.refreshed * 3 + 1)
      const { version } = await server.deps.db
        .selectFrom('tokens')
        .select('version')
        .where('id', '=', tokenId)
        .executeTakeFirstOrThrow()
      await this.#token({ userId }, { refusedVersion: version })
    }
  }

  async #token({ userId }: Pick<TokenHolder, 'userId'>, options: { refusedVersion?: number }): Promise<void> {
    try {
      await freshToken(server.deps, setup, { credentialId: setup.credential.id, userId }, options)
    } catch (problem) {
      this.failures.push(String((problem as { code?: unknown }).code ?? problem))
    }
  }

  async end(): Promise<this> {
    this.#going = false
    await this.#ended
    return this
  }
}

function startWorker(): { child: ChildProcessWithoutNullStreams; ended: Promise<unknown[]> } {
  const work = { connection: server.database.connection, rootKeyFile: server.rootKeyFile }
  const script = join(import.meta.dirname, '..', 'support', 'rotation-worker.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(work)])
  child.stderr.pipe(process.stderr)
  return { child, ended: once(child, 'close') }
}

/** Kills it when it has committed so many batches; true when there were that many. */
async function killedAt(batches: number): Promise<boolean> {
  const { child, ended } = startWorker()
  let seen = 0
  for await (const line of createInterface(child.stdout)) {
    if (line === 'batch') seen += 1
    if (seen === batches) {
      child.kill('SIGKILL')
      break
    }
  }
  await ended
  return seen === batches
}

test(
  `${count} tokens, ${kills} kills: nobody fails to use or refresh one, and all are under the new key`,
  patience,
  async () => {
    const { db, vault, seams } = server.deps
    const before = await checkSealed({ db, vault })
    const traffic = new Traffic()
    const { rootKeyFile } = server
    const term = await beginRotation(
      { db, rootKeyFile, seams },
      { id: null, name: 'a story', requestId: null },
      { newRoot: true },
    )
    const startedAt = performance.now()
    let killed = 0
    for (let round = 0; round < kills; round++) if (await killedAt(1 + (round % 3))) killed += 1
    const last = startWorker()
    expect(await last.ended).toEqual([0, null])
    const tookMs = performance.now() - startedAt
    const { used, refreshed, failures, latenciesMs } = await traffic.end()

    expect(killed).toBe(kills)
    expect(failures).toEqual([])
    expect(used).toBeGreaterThan(100)
    expect(refreshed).toBeGreaterThan(10)
    const after = await checkSealed({ db, vault })
    expect(after.failed).toEqual([])
    expect(after.opened).toBe(before.opened)
    const underIt = await db
      .selectFrom('vault_keys')
      .select('state')
      .where('id', '=', String(term))
      .executeTakeFirstOrThrow()
    expect(underIt.state).toBe('primary')
    const sorted = latenciesMs.toSorted((a, b) => a - b)
    tell(
      `${count} tokens under another root key in ${Math.round(tookMs)} ms with ${kills} kills; meanwhile ${used} used (99 % within ${sorted[Math.floor(sorted.length * 0.99)]?.toFixed(2)} ms), ${refreshed} refreshed, 0 failed`,
    )
  },
)

/** The full size writes its figures down; the small one has nothing to say. */
function tell(figures: string): void {
  if (process.env.ANTEROOM_TEST_ROTATION_TOKENS) process.stdout.write(`${figures}\n`)
}
