import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running service leaves in its data folder for commands on the same machine: where it listens and who it is. */
export type RunFile = { publicUrl: string; port: number; pid: number; managedPostgres: boolean }

const nameIn = (dataDir: string) => join(dataDir, 'run.json')

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeFileSync(nameIn(dataDir), `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 })
}

export function readRunFile(dataDir: string): RunFile | null {
  try {
    return JSON.parse(readFileSync(nameIn(dataDir), 'utf8')) as RunFile
  } catch {
    return null
  }
}

export function removeRunFile(dataDir: string): void {
  rmSync(nameIn(dataDir), { force: true })
}
