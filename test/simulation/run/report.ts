import type { SeedOutcome } from './run-seed.ts'
import { type RunChoice, seedLine } from './seed-line.ts'

/** How often each operation and trouble happened in a whole run, and in how many seeds. */
export type CoverageReport = Map<string, { seeds: number; times: number }>

export function coverageOf(outcomes: readonly SeedOutcome[]): CoverageReport {
  const report: CoverageReport = new Map()
  for (const { coverage } of outcomes) {
    for (const [name, times] of Object.entries(coverage)) {
      const known = report.get(name) ?? { seeds: 0, times: 0 }
      report.set(name, { seeds: known.seeds + 1, times: known.times + times })
    }
  }
  return report
}

/** Names that happened in fewer seeds than wanted: a run that never had them has shown nothing about them. */
export function neverCovered(report: CoverageReport, names: readonly string[], seedsMin = 3): string[] {
  return names.filter((name) => (report.get(name)?.seeds ?? 0) < seedsMin)
}

/** One line that says what was seen, and how to see it again. */
export function violationLine({ seed, violation }: SeedOutcome, choice: RunChoice): string {
  return `${seedLine(seed, choice)}    # after ${violation?.after}: ${violation?.says.split('\n')[0]}`
}
