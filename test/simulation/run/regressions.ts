import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readArguments } from './arguments.ts'
import type { RunChoice } from './seed-line.ts'

const file = path.join(import.meta.dirname, '../regressions.txt')

export type Regression = RunChoice & { seed: number; line: string }

/** Runs that once failed, and are run for ever. A line is the command that replays one; what follows `#` is for people. */
export function readRegressions(): Regression[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('bin/story sync ')).map(regressionOf)
}

/** Keeps a run that failed just now, unless it is there already. */
export function noteRegression(line: string): void {
  const command = line.split('#')[0]?.trim() ?? ''
  if (readRegressions().some((known) => known.line === command)) return
  appendFileSync(file, `${line.slice(0, 300)}\n`)
}

function regressionOf(text: string): Regression {
  const line = text.split('#')[0]?.trim() ?? ''
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  const { seed, mode, store, operations, only } = readArguments(words.slice(2))
  if (seed === null) throw new Error(`a regression without a seed: ${line}`)
  return { seed, mode, store, operations, line, ...(only ? { only } : {}) }
}
