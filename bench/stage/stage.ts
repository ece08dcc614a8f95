import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Database, openDatabase } from '#db/database.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { type Anteroom, startAnteroom } from '../../test/support/anteroom.ts'
import { databaseUrl } from '../../test/support/database-url.ts'
import { freePort } from '../../test/support/free-port.ts'
import { Person } from '../../test/support/person.ts'
import { setUpForAllModes } from '../../test/support/set-up-for-all-modes.ts'
import { startTenantProcess, type TenantProcess } from './tenant-process.ts'

/**
 * The product as an operator runs it, on one machine: a durable PostgreSQL, a process for pages and the API, worker processes for the
 * rest, and the local tenant in Microsoft's place. Whoever measures is one more process, and only talks to the others.
 */
export type Stage = {
  tenant: TenantProcess
  db: Database
  /** Where people, programs and notifications go. */
  origin: string
  /** The process that answers there. */
  webPid: number
  admin: Person
  /** One more worker process; ready when this returns. */
  startWorker: () => Promise<Anteroom>
  close: () => Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-bench-'))
  const postgres = await startManagedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: silentLog,
    wait: realSeams.wait,
  })
  stopPostgresAtExit(path.join(folder, 'postgres', 'cluster', 'postmaster.pid'))
  const withoutPages = path.join(folder, 'pages')
  await mkdir(withoutPages)
  const port = await freePort()
  const tenant = await startTenantProcess(`http://localhost:${port}`)
  const processes: Anteroom[] = []
  const start = async (role: 'web' | 'worker', at: number) => {
    const anteroom = await startAnteroom({
      databaseUrl: databaseUrl(postgres.connection),
      tenantOrigin: tenant.origin,
      port: at,
      folder,
      env: {
        ANTEROOM_ROLE: role,
        ANTEROOM_LOG: 'warn',
        ANTEROOM_DATA_DIR: path.join(folder, `${role}-${at}`),
        ANTEROOM_WEB_DIR: withoutPages,
        ANTEROOM_PUBLIC_URL: `http://localhost:${port}`,
      },
    })
    processes.push(anteroom)
    return anteroom
  }
  const { origin, pid: webPid } = await start('web', port)
  const admin = await Person.signIn(origin, 'ada.admin@contoso.example')
  await setUpForAllModes(admin)
  const db = openDatabase(postgres.connection)
  return {
    tenant,
    db,
    origin,
    webPid,
    admin,
    startWorker: async () => start('worker', await freePort()),
    close: async () => {
      for (const anteroom of processes.reverse()) await anteroom.stop()
      await db.destroy()
      await tenant.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A measurement that fails leaves no server behind; the other processes end with their parent by themselves. */
function stopPostgresAtExit(pidFile: string): void {
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0])
  process.once('exit', () => {
    if (existsSync(pidFile)) process.kill(pid, 'SIGINT')
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
}
