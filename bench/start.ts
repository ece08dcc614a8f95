import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Launched, launch, runToEnd } from '../test/support/launch.ts'
import { type Figure, figure } from './figure.ts'

/*
 * What a newcomer waits for: `git clone`, then `npm start` with the machine's own npm and Node, until the sign-in page
 * answers; and the same command again. Packages come from npm's cache where it has them: run it twice for a warm one.
 */
const projectDir = path.dirname(import.meta.dirname)
const goalFirstS = 120
const goalAgainS = 5
const goalStopS = 10
const repeats = 3

export async function measure(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-bench-start-'))
  const clone = path.join(folder, 'anteroom')
  try {
    const cloneMs = await cloneInto(clone)
    const first = await startAndStop(clone)
    const again: Run[] = []
    for (let round = 0; round < repeats; round++) again.push(await startAndStop(clone))
    return figures({ ...first, startMs: cloneMs + first.startMs }, again)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Run = { startMs: number; stopMs: number }

function figures(first: Run, again: Run[]): Figure[] {
  const cores = `${os.availableParallelism()} cores, load ${os.loadavg()[0]?.toFixed(1)}`
  const limit = (what: string, ms: number, goalS: number) =>
    figure({
      what,
      value: ms / 1000,
      unit: 's',
      peer: 'the limit',
      peerValue: goalS,
      goal: `at most ${goalS} s (${cores})`,
      holds: (seconds) => seconds <= goalS,
    })
  const slowest = (of: (run: Run) => number) => Math.max(...again.map(of))
  return [
    limit('fresh clone to sign-in page', first.startMs, goalFirstS),
    limit(
      `second start to sign-in page, slowest of ${repeats}`,
      slowest((run) => run.startMs),
      goalAgainS,
    ),
    limit(
      `Ctrl-C until the command has ended, slowest of ${repeats}`,
      slowest((run) => run.stopMs),
      goalStopS,
    ),
  ]
}

/** What is committed, as somebody else would get it. */
async function cloneInto(clone: string): Promise<number> {
  const startedAt = performance.now()
  const { code, output } = await runToEnd({ command: ['git', 'clone', '--quiet', projectDir, clone], cwd: os.tmpdir() })
  if (code !== 0) throw new Error(`git clone failed: ${output}`)
  return performance.now() - startedAt
}

async function startAndStop(clone: string): Promise<Run> {
  const anteroom = await launch({
    command: ['npm', 'start'],
    cwd: clone,
    env: { PATH: pathOfTheMachine() },
    timeoutMs: 10 * 60_000,
  })
  const startMs = anteroom.tookMs
  return { startMs, stopMs: await stopped(anteroom) }
}

async function stopped(anteroom: Launched): Promise<number> {
  const askedAt = performance.now()
  await anteroom.interrupt()
  return performance.now() - askedAt
}

/** Without the Node and the commands that this checkout brought itself. */
function pathOfTheMachine(): string {
  const entries = (process.env.PATH ?? '').split(path.delimiter)
  return entries.filter((entry) => !entry.startsWith(projectDir)).join(path.delimiter)
}
