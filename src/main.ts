import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Config, ConfigMistake, readConfig } from '#kit/config.ts'
import { openLog } from '#kit/log.ts'
import { removeRunFile, writeRunFile } from '#kit/run-file.ts'
import { realSeams } from '#kit/seams.ts'
import { banner } from './banner.ts'
import { type Service, startService } from './service.ts'

const projectDir = resolve(import.meta.dirname, '..')

/** Exit codes: 0 stopped as asked, 1 something failed, 78 (EX_CONFIG of sysexits) a setting is wrong. */
const exitConfig = 78

async function main(): Promise<void> {
  const config = configOrExit()
  const log = openLog(config.logLevel, { isTerminal: process.stdout.isTTY })
  mkdirSync(config.dataDir, { recursive: true, mode: 0o711 })
  const onDatabaseLost = (why: string) => endWithoutDatabase(config.dataDir, why)
  const starting = startService({ config, seams: realSeams, log, projectDir, onDatabaseLost })
  const ending = endWhenAsked(config.dataDir, starting)
  const service = await starting
  if (ending()) return
  writeRunFile(config.dataDir, {
    publicUrl: config.publicUrl,
    port: config.port,
    pid: process.pid,
    managedPostgres: config.databaseUrl === null,
  })
  process.stdout.write(banner(config, { setupCode: service.setupCode, vault: service.vault.state(), projectDir }))
}

/** Asked while still starting, it starts first: a database that has just been brought up would otherwise be left running. */
function endWhenAsked(dataDir: string, starting: Promise<Service>): () => boolean {
  let asked = false
  const end = async () => {
    if (asked) return
    asked = true
    removeRunFile(dataDir)
    await (await starting).stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())
  // Whoever read what we print is gone, and would have stopped us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void end())
  return () => asked
}

/** As after `kill -9`: what was acknowledged is in the database, and the next start recovers it and takes it up. */
function endWithoutDatabase(dataDir: string, why: string): never {
  removeRunFile(dataDir)
  process.stderr.write(
    `\nThe database in ${dataDir} ended by itself (${why}). Nothing acknowledged is lost: start Anteroom again.\n` +
      `If it happens again, the reason is in ${join(dataDir, 'postgres', 'postgres.log')}.\n`,
  )
  process.exit(1)
}

function configOrExit(): Config {
  try {
    const config = readConfig(process.env, process.cwd())
    // Children (PostgreSQL, job workers) have no business with these, and /proc shows a process's environment.
    for (const name of Object.keys(process.env)) if (name.startsWith('ANTEROOM_')) delete process.env[name]
    return config
  } catch (mistake) {
    if (!(mistake instanceof ConfigMistake)) throw mistake
    process.stderr.write(`\nThis setting is wrong:\n\n  ${mistake.message}\n\nNothing was started.\n`)
    process.exit(exitConfig)
  }
}

process.on('unhandledRejection', (problem) => {
  process.stderr.write(`${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`)
  process.exit(1)
})

await main().catch((problem: unknown) => {
  process.stderr.write(`\nAnteroom could not start: ${problem instanceof Error ? problem.message : String(problem)}\n`)
  process.exit(1)
})
