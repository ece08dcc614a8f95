import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type pg from 'pg'
import type { ConnectionsServer } from './connections-server.ts'

/** What one process of a storm is told (refresh-worker.ts). */
export type RefreshWork = {
  connection: pg.PoolConfig
  tenantOrigin: string
  rootKeyFile: string
  credentialId: string
  userIds: string[]
  refreshTimes?: { leaseMs: number; callMs: number; patienceMs?: number }
  /** Ends as by `kill -9` when this many answers of the token endpoint have arrived. */
  dieAtAnswer?: number
}

/** How many got a fresh token, and how many which refusal; null: the process was killed. */
export type RefreshOutcomes = Record<string, number> | null

export type RefreshProcess = { begin: () => void; outcomes: Promise<RefreshOutcomes> }

/** Starts a process of its own that is ready to refresh everybody's token, and waits until it says so. */
export async function startRefreshProcess(
  server: ConnectionsServer,
  work: Pick<RefreshWork, 'credentialId' | 'userIds' | 'refreshTimes' | 'dieAtAnswer'>,
): Promise<RefreshProcess> {
  const told: RefreshWork = {
    connection: server.database.connection,
    tenantOrigin: server.tenant.origin,
    rootKeyFile: server.rootKeyFile,
    ...work,
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'refresh-worker.ts'), JSON.stringify(told)])
  const lines = linesOf(child)
  await lines.first
  return { begin: () => child.stdin.write('go\n'), outcomes: lines.last }
}

/** All begin at the same moment. */
export async function storm(processes: readonly RefreshProcess[]): Promise<RefreshOutcomes[]> {
  for (const process of processes) process.begin()
  return Promise.all(processes.map(({ outcomes }) => outcomes))
}

function linesOf(child: ChildProcessWithoutNullStreams) {
  const first = Promise.withResolvers<void>()
  let output = ''
  let problems = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
    if (output.includes('ready\n')) first.resolve()
  })
  child.stderr.on('data', (chunk) => {
    problems += String(chunk)
  })
  child.stdin.on('error', () => undefined)
  const last = once(child, 'close').then(([code, signal]): RefreshOutcomes => {
    if (signal === 'SIGKILL') return null
    const failure = new Error(`A process of the storm ended with ${code}: ${problems}`)
    first.reject(failure)
    if (code !== 0) throw failure
    return JSON.parse(output.trim().split('\n').at(-1) ?? '{}')
  })
  last.catch(() => undefined)
  return { first: first.promise, last }
}
