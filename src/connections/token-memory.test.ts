import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '#kit/secret.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { plantTokenHolders, type TokenHolder } from '../../test/support/token-holders.ts'
import { until } from '../../test/support/until.ts'
import { readGrantSetup } from './grant-setup.ts'
import { sealTokens } from './sealing.ts'
import { openTokenMemory } from './token-memory.ts'
import { updateToken } from './token-queries.ts'

const aliasId = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const hourMs = 3_600_000

let server: ConnectionsServer
let credentialId: string
let other: OtherProcess
let holder: TokenHolder
beforeAll(async () => {
  server = await startConnectionsServer()
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  credentialId = (await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)).id
})
afterAll(async () => {
  other?.end()
  await server.close()
})

test('another process uses a token from memory, and not after it was revoked, replaced or re-addressed here', async () => {
  holder = await plant()
  other = new OtherProcess(server, holder)
  const first = await other.warm()

  const second = await replace(holder, 'second')
  await other.notices((outcome) => outcome.startsWith(second))
  expect(first).not.toBe(second)

  await rename('credentials')
  await rename('credentials')
  expect(await other.ask()).toMatchObject({ is: 'ready' })
  await server.deps.db.updateTable('connections').set({ active: false }).execute()
  await other.notices((_, is) => is === 'refused')
  await server.deps.db.updateTable('connections').set({ active: true }).execute()
  await other.warm()

  await revoke(holder)
  await other.notices((_, is) => is === 'sign_in_needed')
  other.end()
})

test('a process that was made deaf uses nothing it remembers beyond the bound', async () => {
  holder = await plant()
  other = new OtherProcess(server, holder)
  await other.warm()
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'anteroom listens: anteroom_tokens'`.execute(
    server.deps.db,
  )
  await revoke(holder)
  await other.notices((_, is) => is === 'sign_in_needed')
  other.end()
})

test('a read that raced a change is not kept', async () => {
  const { db, seams } = server.deps
  const memory = await openTokenMemory({ db, seams })
  const known = async (who: string) =>
    (await memory.resolved(
      { aliasId, who },
      async () => null,
      () => true,
    )) !== null
  const keep = (who: string) =>
    memory.resolved(
      { aliasId, who },
      async () => ({ who }),
      () => true,
    )
  await expect.poll(async () => (await keep('witness')) && known('witness'), { timeout: 5_000 }).toBe(true)

  await memory.resolved(
    { aliasId, who: 'racing' },
    async () => {
      await rename('aliases')
      await expect.poll(() => known('witness'), { timeout: 5_000 }).toBe(false)
      return { read: 'before the change was heard' }
    },
    () => true,
  )
  expect(await known('racing')).toBe(false)
  expect(await keep('racing')).toEqual({ who: 'racing' })
  expect(await known('racing')).toBe(true)
  await memory.close()
})

test('the memory is bounded: what was not used goes first', async () => {
  const { db, seams } = server.deps
  const memory = await openTokenMemory({ db, seams, peopleMax: 2 })
  const resolve = (who: string, reads: number) =>
    memory.resolved(
      { aliasId, who },
      async () => ({ reads }),
      () => true,
    )
  await expect
    .poll(async () => [await resolve('a', 1), await resolve('a', 2)], { timeout: 5_000 })
    .toEqual([{ reads: 1 }, { reads: 1 }])
  await resolve('b', 1)
  await resolve('a', 2)
  await resolve('c', 1)
  expect(await Promise.all([resolve('a', 3), resolve('c', 3), resolve('b', 3)])).toEqual([
    { reads: 1 },
    { reads: 1 },
    { reads: 3 },
  ])
  await memory.close()
})

async function plant(): Promise<TokenHolder> {
  const [planted] = await plantTokenHolders(server.deps, { credentialId, count: 1, lifeMs: hourMs })
  if (planted === undefined) throw new Error('nobody was planted')
  return planted
}

async function replace({ tokenId, userId }: TokenHolder, text: string): Promise<string> {
  const setup = await readGrantSetup(server.deps.db, credentialId)
  const record = { id: tokenId, credential_id: credentialId, user_id: userId, secret_version: 7 }
  const sealed = sealTokens(server.deps.vault, record, { ...setup, accessToken: new Secret(text), refreshToken: null })
  await updateToken(server.deps.db, tokenId, { ...sealed, secret_version: 7, state: 'ready' })
  return `Bearer ${text}`
}

async function revoke({ tokenId }: TokenHolder): Promise<void> {
  await updateToken(server.deps.db, tokenId, { state: 'revoked', access_token: null, refresh_token: null })
}

async function rename(table: 'credentials' | 'aliases'): Promise<void> {
  await server.deps.db.updateTable(table).set({ updated_by: 'somebody' }).execute()
}

/** test/support/memory-worker.ts, asked line by line. */
class OtherProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: Interface

  constructor({ database, rootKeyFile }: ConnectionsServer, { userId }: TokenHolder) {
    const work = { connection: database.connection, rootKeyFile, aliasId, userId }
    const script = join(import.meta.dirname, '..', '..', 'test', 'support', 'memory-worker.ts')
    this.#child = spawn(process.execPath, [script, JSON.stringify(work)])
    this.#child.stderr.pipe(process.stderr)
    this.#lines = createInterface(this.#child.stdout)
  }

  async ask(): Promise<{ is: string; outcome: string }> {
    const line = once(this.#lines, 'line')
    this.#child.stdin.write('\n')
    return JSON.parse(String((await line)[0]))
  }

  /** Asks until it surely remembers: it hears, it has proved it, and it has read. */
  async warm(): Promise<string> {
    for (let n = 0; n < 30; n++) await this.ask()
    const { is, outcome } = await this.ask()
    expect(is, outcome).toBe('ready')
    return outcome
  }

  /** Asks until the answer is the one that the change leads to. How soon that is, `bin/bench` may say; here it must not be never. */
  async notices(change: (outcome: string, is: string) => boolean): Promise<void> {
    const seen = async () => {
      const { is, outcome } = await this.ask()
      return change(outcome, is)
    }
    await until(seen, { what: 'the other process notices the change', timeoutMs: 30_000 })
  }

  end(): void {
    this.#child.kill()
  }
}
