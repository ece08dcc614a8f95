import { openStoreKeeper } from './database/store.ts'
import { type Arguments, readArguments, usage } from './run/arguments.ts'
import { runFleet } from './run/fleet.ts'
import { noteRegression } from './run/regressions.ts'
import { coverageOf, violationLine } from './run/report.ts'
import { runSeed, type SeedOutcome } from './run/run-seed.ts'
import { seedLine } from './run/seed-line.ts'
import { shrink } from './run/shrink.ts'

/* `bin/story sync`: the simulation by hand. The exit code says whether every run was clean. */
const say = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const chosen = readArguments(process.argv.slice(2))
  const clean = chosen.seed === null ? await runMany(chosen) : await runOne(chosen, chosen.seed)
  process.exitCode = clean ? 0 : 1
}

/** One run with its story, and when it fails, the smallest one that still does. */
async function runOne(chosen: Arguments, seed: number): Promise<boolean> {
  if (chosen.planted !== undefined) return runMany({ ...chosen, from: seed, seeds: 1 })
  const keeper = await openStoreKeeper(chosen.store)
  const { mode, operations, until, only, trace: keep } = chosen
  const outcome = await runSeed(keeper, { seed, mode, operations, until, keep, ...(only ? { only } : {}) })
  for (const line of chosen.steps ? outcome.lines : outcome.story) say(line)
  say(`seed ${seed}: ${outcome.steps} steps, trace ${outcome.hash}`)
  if (outcome.violation) {
    say(outcome.violation.says)
    say(`smallest: ${seedLine(seed, await shrink(keeper, seed, chosen))}`)
  }
  await keeper.close()
  return outcome.violation === null
}

async function runMany(chosen: Arguments): Promise<boolean> {
  const startedMs = performance.now()
  const seeds = Array.from({ length: chosen.seeds }, (_, index) => chosen.from + index)
  let violations = 0
  let toldMs = startedMs
  const onOutcome = (outcome: SeedOutcome, done: number) => {
    if (outcome.violation) {
      violations += 1
      say(violationLine(outcome, chosen))
      if (chosen.planted === undefined) noteRegression(violationLine(outcome, chosen))
    }
    if (performance.now() - toldMs < 2_000) return
    toldMs = performance.now()
    say(progress(done, seeds.length, { startedMs, violations }))
  }
  const outcomes = await runFleet({ ...chosen, seeds, onOutcome })
  sayCoverage(outcomes)
  say(progress(outcomes.length, seeds.length, { startedMs, violations }))
  return violations === 0
}

function progress(
  done: number,
  all: number,
  { startedMs, violations }: { startedMs: number; violations: number },
): string {
  const seconds = (performance.now() - startedMs) / 1000
  return `${done} of ${all} seeds, ${(done / seconds).toFixed(1)} a second, violations ${violations}`
}

function sayCoverage(outcomes: readonly SeedOutcome[]): void {
  const report = [...coverageOf(outcomes)].sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [name, { seeds, times }] of report) say(`  ${name}: ${times} times in ${seeds} seeds`)
}

try {
  await main()
} catch (problem) {
  process.stderr.write(`${problem instanceof Error ? problem.message : String(problem)}\n\n${usage}\n`)
  process.exitCode = 2
}
