import { rm } from 'node:fs/promises'
import pg from 'pg'
import { lockFolder } from '#db/folder-lock.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { keeperGate, testDataDir } from './test-server.ts'

/*
 * One PostgreSQL for all test runs of one user on one machine, as a process of its own, so that no run depends on another.
 * It starts empty, looks after itself, and stops when nobody has used it for a while: then it removes its files too.
 * Started by test/support/database.ts; a second one finds the folder taken and leaves.
 */
const lookEveryMs = 2_000
const idleLooksMax = 15

/** A crash of the machine would leave broken files behind; in exchange a commit costs nothing. Tests may. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  wal_level: 'minimal',
  max_wal_senders: '0',
}

if (await lockFolder(`${testDataDir}.keeper`)) await keep()

async function keep(): Promise<void> {
  const server = await startManagedPostgres({
    dataDir: testDataDir,
    binDir: process.env.ANTEROOM_POSTGRES_BIN,
    settings,
    log: silentLog,
    wait: realSeams.wait,
  })
  const lost = server.lost.then(() => process.exit(1))
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)))
  const client = new pg.Client(server.connection)
  client.on('error', () => undefined) // it holds the gate until the stop cuts it off
  await client.connect()
  for (let idleLooks = 0; idleLooks < idleLooksMax || !(await closeGate(client)); ) {
    await Promise.race([realSeams.wait(lookEveryMs), lost])
    idleLooks = (await inUse(client)) ? 0 : idleLooks + 1
  }
  await server.stop()
  await rm(testDataDir, { recursive: true, force: true })
  process.exit(0)
}

/** From here on nobody gets in: whoever tries waits, is cut off by the stop, and starts a new server. */
async function closeGate(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ closed: boolean }>('select pg_try_advisory_lock($1) as closed', [keeperGate])
  if (!rows[0]?.closed) return false
  if (!(await inUse(client))) return true
  await client.query('select pg_advisory_unlock($1)', [keeperGate])
  return false
}

/** In use while anybody else is connected or a test database belongs to a living process; those of dead ones are dropped. */
async function inUse(client: pg.Client): Promise<boolean> {
  const guests = await client.query(
    `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
     and application_name not like 'anteroom owner%' limit 1`,
  )
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'test\\_%'`,
  )
  const orphans = rows.filter(({ name }) => !isAlive(Number(name.split('_')[1])))
  for (const { name } of orphans)
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
  return guests.rows.length > 0 || rows.length > orphans.length
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM'
  }
}
