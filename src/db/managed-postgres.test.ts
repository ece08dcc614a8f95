import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { DataFolderInUse, type ManagedPostgres, startManagedPostgres } from './managed-postgres.ts'

let folder: string
let dataDir: string
const owners: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-managed-'))
  // mkdtemp closes the folder to others; data folders of ours can be passed through.
  dataDir = path.join(folder, 'data', 'postgres')
})

afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL')
  await (await start().catch(() => null))?.stop()
  await rm(folder, { recursive: true, force: true })
})

const start = (): Promise<ManagedPostgres> => startManagedPostgres({ dataDir, log: silentLog, wait: realSeams.wait })

test('starts with checksums and a socket only, closed to others, and keeps what it was told', async () => {
  const server = await start()
  const shown = await ask(
    server.connection,
    `select current_setting('data_checksums') || current_setting('listen_addresses') as value`,
  )
  expect(shown).toBe('on')
  expect((await stat(server.connection.host ?? '')).mode & 0o077).toBe(0)
  await ask(server.connection, 'create table kept as select 1 as value')
  await server.stop()
  await expect(ask(server.connection, 'select 1 as value')).rejects.toThrow()
  const again = await start()
  expect(await ask(again.connection, 'select value from kept')).toBe(1)
  expect(again.adopted).toBe(false)
  await again.stop()
})

test('a second owner is refused and told who the first is', async () => {
  const server = await start()
  const refusal = await start().catch((problem) => problem)
  expect(refusal).toBeInstanceOf(DataFolderInUse)
  expect(refusal.message).toContain(`process ${process.pid}`)
  await server.stop()
})

test('owners that start at once on a new folder: one owns it, the others are refused', async () => {
  const outcomes = await Promise.allSettled([start(), start(), start()])
  const started = outcomes.filter((outcome) => outcome.status === 'fulfilled')
  expect(started).toHaveLength(1)
  await started[0]?.value.stop()
})

test('an owner that is killed loses nothing it was told is written, whether its server survives it or not', async () => {
  let acknowledged = 0
  for (let round = 0; round < 6; round++) {
    const owner = await startOwner()
    expect(owner.adopted).toBe(round % 2 === 1)
    acknowledged = await owner.killAfterSomeWrites()
    // In every other round the server is killed too, together with its owner.
    if (round % 2 === 1) await killPostmaster()
  }
  const server = await start()
  expect(Number(await ask(server.connection, 'select count(*) as value from written'))).toBeGreaterThanOrEqual(
    acknowledged,
  )
  expect(await ask(server.connection, 'select max(number) = count(*) as value from written')).toBe(true)
  await server.stop()
})

async function startOwner() {
  const script = path.join(import.meta.dirname, '..', '..', 'test', 'support', 'database-owner.ts')
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  owners.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const adopted = (await lines.next()).value === 'ready adopted'
  const killAfterSomeWrites = async (): Promise<number> => {
    let last = 0
    for (let count = 0; count < 200; count++) last = Number((await lines.next()).value?.replace('wrote ', ''))
    child.kill('SIGKILL')
    for await (const line of { [Symbol.asyncIterator]: () => lines }) last = Number(line.replace('wrote ', ''))
    return last
  }
  return { adopted, killAfterSomeWrites }
}

async function killPostmaster(): Promise<void> {
  const pid = Number((await readFile(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(pid, 'SIGKILL')
}

async function ask(connection: pg.PoolConfig, question: string): Promise<unknown> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<{ value: unknown }>(question)).rows[0]?.value
  } finally {
    await client.end()
  }
}
