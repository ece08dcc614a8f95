import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

export type LaunchOptions = {
  /** `['npm', 'start']` in a clone, or the launcher itself. */
  command: [string, ...string[]]
  cwd: string
  /** Over an environment without any setting of Anteroom or of an npm around us. */
  env?: Record<string, string>
  timeoutMs?: number
}

export type Launched = {
  origin: string
  tenantOrigin: string
  /** Until the sign-in page answered, in milliseconds. */
  tookMs: number
  /** Everything it printed so far. */
  output: () => string
  /** What a terminal does at Ctrl-C: the signal goes to the command and to all that is in its process group. */
  interrupt: () => Promise<number | null>
  /** Resolves with the exit code, or null after a signal, when the command has ended. */
  ended: Promise<number | null>
}

/** Types a command as a person would, on free ports, and waits until the sign-in page answers. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const [port, tenantPort] = [await freePort(), await freePort()]
  const [program, ...args] = options.command
  const startedAt = performance.now()
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: {
      ...bareEnvironment(),
      ANTEROOM_PORT: String(port),
      ANTEROOM_TENANT_PORT: String(tenantPort),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  let running = true
  const ended = once(child, 'close').then(([code]) => {
    running = false
    return code as number | null
  })
  const interrupt = () => {
    if (running && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    return ended
  }
  const origin = `http://localhost:${port}`
  const state = async () => (running ? ((await showsSignInPage(origin)) ? 'ready' : null) : 'ended')
  const reached = await until(state, { what: `the page at ${origin}`, timeoutMs: options.timeoutMs ?? 60_000 }).catch(
    async (problem: Error) => {
      await interrupt()
      throw new Error(`${problem.message}\n${output}`, { cause: problem })
    },
  )
  if (reached === 'ended') throw new Error(`${options.command.join(' ')} ended before it was ready:\n${output}`)
  return {
    origin,
    tenantOrigin: `http://localhost:${tenantPort}`,
    tookMs: performance.now() - startedAt,
    output: () => output,
    interrupt,
    ended,
  }
}

/** Runs a command that is expected to end by itself. */
export async function runToEnd(options: LaunchOptions): Promise<{ code: number | null; output: string }> {
  const [program, ...args] = options.command
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...bareEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const [code] = await once(child, 'close')
  return { code, output }
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(ANTEROOM_|VITEST|npm_)|^NODE_ENV$|^INIT_CWD$/.test(name),
  )
  return Object.fromEntries(entries)
}

/** The page and its script are served, and the API behind it knows that nobody is signed in. */
async function showsSignInPage(origin: string): Promise<boolean> {
  const page = await fetch(`${origin}/`, { headers: { Accept: 'text/html' } }).catch(() => null)
  if (page?.status !== 200) return false
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1]
  if (script === undefined) return false
  const answers = await Promise.all([fetch(`${origin}${script}`), fetch(`${origin}/api/people/me`)])
  return answers.every((answer) => answer.ok)
}
