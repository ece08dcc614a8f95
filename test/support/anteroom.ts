import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { until } from './until.ts'

const projectDir = resolve(import.meta.dirname, '../..')
/** A test run that is killed leaves no service behind. */
const endWithParent = resolve(projectDir, 'bin/end-with-parent.mjs')

export type AnteroomOptions = {
  /** Null: it manages its own PostgreSQL in its folder. */
  databaseUrl: string | null
  tenantOrigin: string
  /** Chosen before the tenant starts, since the tenant registers our redirect addresses. */
  port: number
  /** Further hosts that credentials may be sent to, and what stands in for each. */
  hosts?: Record<string, string>
  env?: Record<string, string>
  /** Root key and run file; kept when the same installation is started again. */
  folder?: string
}

export type Anteroom = {
  origin: string
  pid: number
  folder: string
  /** Everything it printed so far. */
  output: () => string
  /** The one-time code from the start banner. */
  setupCode: () => string
  stop: () => Promise<void>
  /** `kill -9`: nothing is said to it first. */
  kill: () => Promise<void>
}

/** Starts the real service as a process of its own, the way `npm start` does, and waits until it is ready. */
export async function startAnteroom(options: AnteroomOptions): Promise<Anteroom> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'anteroom-story-')))
  const child = spawn(process.execPath, ['--import', endWithParent, 'src/main.ts'], {
    cwd: projectDir,
    env: environment(options, folder),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  const origin = `http://localhost:${options.port}`
  const state = async () => (hasEnded(child) ? 'ended' : (await isReady(origin)) && 'ready')
  const reached = await until(state, { what: `Anteroom ready at ${origin}`, timeoutMs: 60_000 })
  if (reached === 'ended') throw new Error(`Anteroom ended while starting:\n${output}`)
  return {
    origin,
    pid: child.pid ?? 0,
    folder,
    output: () => output,
    setupCode: () => /one-time code:?\s+([A-Z0-9-]+)/i.exec(output)?.[1] ?? '',
    stop: async () => {
      await end(child, 'SIGTERM')
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
    kill: () => end(child, 'SIGKILL'),
  }
}

function environment(options: AnteroomOptions, folder: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ANTEROOM_'))
  return {
    ...Object.fromEntries(inherited),
    ANTEROOM_PORT: String(options.port),
    ...(options.databaseUrl === null ? {} : { ANTEROOM_DATABASE_URL: options.databaseUrl }),
    ANTEROOM_DATA_DIR: folder,
    ANTEROOM_ROOT_KEY_FILE: join(folder, 'root.key'),
    ANTEROOM_DEMO: 'on',
    ...outbound(options),
    ...options.env,
  }
}

function outbound({ tenantOrigin, hosts = {} }: AnteroomOptions): Record<string, string> {
  const standIns = { 'graph.microsoft.com': tenantOrigin, 'login.microsoftonline.com': tenantOrigin, ...hosts }
  return {
    ANTEROOM_STAND_INS: Object.entries(standIns)
      .map(([host, target]) => `${host}=${target}`)
      .join(','),
    ...(Object.keys(hosts).length === 0 ? {} : { ANTEROOM_ALLOWED_HOSTS: Object.keys(hosts).join(',') }),
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function isReady(origin: string): Promise<boolean> {
  const answer = await fetch(`${origin}/readyz`).catch(() => null)
  return answer?.status === 200
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
