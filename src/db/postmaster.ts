import { execFile, spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Runner } from './unprivileged.ts'

const run = promisify(execFile)

export type Wait = (ms: number) => Promise<void>

/**
 * What the cluster's `postmaster.pid` says, checked against the process table. A killed postmaster can stay a zombie for
 * seconds where process 1 reaps late; PostgreSQL itself would take it for a running one and refuse to start.
 */
export type PostmasterState =
  | { is: 'absent' }
  | { is: 'zombie'; pid: number }
  | { is: 'stale'; pid: number }
  | { is: 'running'; pid: number; ready: boolean }

export async function postmasterState(cluster: string): Promise<PostmasterState> {
  const lines = (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return { is: 'absent' }
  const running = await processWith(pid)
  if (running === null) return { is: 'stale', pid }
  if (running.zombie) return { is: 'zombie', pid }
  if (!running.command.includes(cluster)) return { is: 'stale', pid }
  return { is: 'running', pid, ready: lines[7]?.trim() === 'ready' }
}

export type Start = {
  runner: Runner
  postgres: string
  cluster: string
  socketDir: string
  logFile: string
  settings: Record<string, string>
  wait: Wait
}

/**
 * Starts the postmaster in a session of its own, so that Ctrl-C reaches only us and we stop it when our own work is done.
 *
 * @throws with the last lines of its log when it gives up.
 */
export async function startPostmaster(start: Start): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await tryToStart(start)
    if (failure === null) return
    // Backends of a killed postmaster need a moment to notice; until then the new one refuses.
    if (attempt < 20 && /pre-existing shared memory|lock file .* already exists/.test(failure)) await start.wait(500)
    else throw new Error(`PostgreSQL did not start. The end of ${start.logFile}:\n${failure}`)
  }
}

/** Asks for a fast shutdown and waits for it; after 30 s an immediate one, from which PostgreSQL recovers at its next start. */
export async function stopPostmaster(cluster: string, wait: Wait): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    const state = await postmasterState(cluster)
    if (state.is !== 'running') return
    process.kill(state.pid, signal)
    if (await untilGone(cluster, patienceMs, wait)) return
  }
}

/** Waits until the postmaster is neither running nor a zombie. */
export async function untilGone(cluster: string, patienceMs: number, wait: Wait): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 25) {
    const state = await postmasterState(cluster)
    if (state.is === 'absent' || state.is === 'stale') return true
    await wait(25)
  }
  return false
}

/** Waits until a postmaster that somebody started takes connections; false when it ended instead. */
export async function untilReady(cluster: string, wait: Wait): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 20) {
    const state = await postmasterState(cluster)
    if (state.is !== 'running') return false
    if (state.ready) return true
    await wait(20)
  }
  return false
}

async function tryToStart(start: Start): Promise<string | null> {
  await rm(path.join(start.cluster, 'postmaster.pid'), { force: true })
  const log = await open(start.logFile, 'a', 0o600)
  const logSize = (await log.stat()).size
  const settings = Object.entries(start.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { file, args, options } = start.runner.invoke(start.postgres, [
    ...['-D', start.cluster, '-k', start.socketDir, '-c', 'listen_addresses='],
    ...settings,
  ])
  // Not our environment: it may hold keys, and the postmaster would show them to whoever may read its /proc entry.
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const child = spawn(file, args, { ...options, env, detached: true, stdio: ['ignore', 'ignore', log.fd] })
  let ended: string | null = null
  child.on('error', (error) => (ended = error.message))
  child.on('exit', (code, signal) => (ended = `ended with ${code ?? signal}`))
  child.unref()
  for (;;) {
    const state = await postmasterState(start.cluster)
    if (state.is === 'running' && state.pid === child.pid && state.ready) break
    if (ended !== null) break
    await start.wait(10)
  }
  await log.close()
  return ended === null ? null : `${ended}\n${await logSince(start.logFile, logSize)}`
}

async function logSince(logFile: string, offset: number): Promise<string> {
  const log = await readFile(logFile)
  return log.subarray(offset).toString('utf8').trim().split('\n').slice(-12).join('\n')
}

async function processWith(pid: number): Promise<{ zombie: boolean; command: string } | null> {
  if (process.platform !== 'linux') return processFromPs(pid)
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const zombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
    return { zombie, command: (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ') }
  } catch {
    return null
  }
}

async function processFromPs(pid: number): Promise<{ zombie: boolean; command: string } | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,command=', '-p', String(pid)])
    return { zombie: stdout.startsWith('Z'), command: stdout }
  } catch {
    return null
  }
}
