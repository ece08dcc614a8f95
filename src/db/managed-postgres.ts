import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Log } from '#kit/log.ts'
import { lockFolder, lockOwner } from './folder-lock.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { postmasterState, startPostmaster, stopPostmaster, untilGone, untilReady, type Wait } from './postmaster.ts'
import { chooseRunner, type Owner, type Runner } from './unprivileged.ts'

const run = promisify(execFile)

export type ManagedPostgresOptions = {
  /** The folder that belongs to this server alone, such as `data/postgres`. Made when missing. */
  dataDir: string
  /** A folder with `postgres` and `initdb` of the host, instead of the packaged ones. */
  binDir?: string | undefined
  /** Server settings beyond ours, such as `{ fsync: 'off' }` in tests. */
  settings?: Record<string, string>
  log: Log
  wait: Wait
}

export type ManagedPostgres = {
  connection: pg.PoolConfig
  /** True when a server of ours was still running because its Anteroom had been killed. */
  adopted: boolean
  initMs: number
  startMs: number
  /** Resolves with the reason when the server goes away without `stop()`. */
  lost: Promise<string>
  stop(): Promise<void>
}

/**
 * Starts, or adopts, the PostgreSQL that Anteroom manages in its data folder: reachable through a unix socket only, with
 * data checksums, never as root, owned by one Anteroom at a time.
 *
 * @throws DataFolderInUse when another Anteroom owns the folder; otherwise an Error saying what to change.
 */
export async function startManagedPostgres(options: ManagedPostgresOptions): Promise<ManagedPostgres> {
  const place = placeFor(options.dataDir)
  await mkdir(path.dirname(place.dataDir), { recursive: true })
  const release = await takeOwnership(place.dataDir, options.wait)
  try {
    return await start(place, options, release)
  } catch (problem) {
    await release()
    throw problem
  }
}

/** How to connect to the server managed in `dataDir`, which must have been started once. */
export async function managedConnection(dataDir: string): Promise<pg.PoolConfig> {
  const place = placeFor(dataDir)
  const password = (await readFile(place.passwordFile, 'utf8')).trim()
  return { host: place.socketDir, port: 5432, user: 'anteroom', password, database: 'postgres' }
}

export class DataFolderInUse extends Error {
  constructor(dataDir: string, owner: string) {
    super(
      `Another Anteroom (${owner}) is using ${dataDir}. Stop it first, or give this one its own folder with ` +
        'ANTEROOM_DATA_DIR. To run several processes on one database, set ANTEROOM_DATABASE_URL.',
    )
    this.name = 'DataFolderInUse'
  }
}

type Place = { dataDir: string; cluster: string; passwordFile: string; logFile: string; socketDir: string }

/**
 * The socket lives in the temporary folder because a socket's path may have at most about 100 bytes, and the data folder
 * may be deep. The name is derived from the data folder, so that a new process finds the server of a killed one.
 */
function placeFor(folder: string): Place {
  const dataDir = path.resolve(folder)
  const name = `anteroom-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  const temporary = os.tmpdir().length > 60 ? '/tmp' : os.tmpdir()
  return {
    dataDir,
    cluster: path.join(dataDir, 'cluster'),
    passwordFile: path.join(dataDir, 'password'),
    logFile: path.join(dataDir, 'postgres.log'),
    socketDir: path.join(temporary, name),
  }
}

/** A restart overlaps for a moment with the end of what it replaces, so the first refusals are waited out. */
async function takeOwnership(dataDir: string, wait: Wait): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const release = await lockFolder(dataDir)
    if (release) return release
    await wait(100)
  }
  throw new DataFolderInUse(dataDir, await lockOwner(dataDir))
}

async function start(
  place: Place,
  options: ManagedPostgresOptions,
  release: () => Promise<void>,
): Promise<ManagedPostgres> {
  const binaries = await findPostgresBinaries(options.binDir)
  const runner = await chooseRunner(binaries.postgres, path.dirname(place.dataDir), place.cluster)
  const initStart = performance.now()
  await initUnlessPresent(place, binaries, runner, options.log)
  const startStart = performance.now()
  const adopted = await bringUp(place, binaries, runner, options)
  if (adopted)
    options.log.warn({ dataDir: place.dataDir }, 'adopted the database server of an Anteroom that was killed')
  const connection = await managedConnection(options.dataDir)
  const watch = await watchServer(connection)
  return {
    connection,
    adopted,
    initMs: Math.round(startStart - initStart),
    startMs: Math.round(performance.now() - startStart),
    lost: watch.lost,
    stop: async () => {
      await watch.end()
      await stopPostmaster(place.cluster, options.wait)
      await rm(place.socketDir, { recursive: true, force: true })
      await release()
    },
  }
}

/** Makes the cluster beside its place and renames it when complete, so that a kill in between leaves nothing half-made. */
async function initUnlessPresent(place: Place, binaries: PostgresBinaries, runner: Runner, log: Log): Promise<void> {
  if (await exists(path.join(place.cluster, 'PG_VERSION'))) return
  log.info({ dataDir: place.dataDir }, 'creating the database (once)')
  const beside = `${place.dataDir}.init`
  await rm(beside, { recursive: true, force: true })
  await mkdir(path.join(beside, 'cluster'), { recursive: true, mode: 0o700 })
  const password = randomBytes(24).toString('base64url')
  const passwordFile = path.join(beside, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  await giveTo(runner.owner, beside)
  await giveTo(runner.owner, path.join(beside, 'cluster'))
  await giveTo(runner.owner, passwordFile)
  await initdb(path.join(beside, 'cluster'), passwordFile, binaries, runner)
  await putInPlace(beside, place.dataDir)
}

async function initdb(
  cluster: string,
  passwordFile: string,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<void> {
  // Unicode case rules that are the same on every machine; the host's own locales differ between Linux and macOS.
  const locale = binaries.version >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []
  const { file, args, options } = runner.invoke(binaries.initdb, [
    ...['-D', cluster, '-U', 'anteroom', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--locale=C', ...locale, '--data-checksums'],
  ])
  try {
    await run(file, args, { ...options, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } })
  } catch (cause) {
    await rm(path.dirname(cluster), { recursive: true, force: true })
    throw new Error(`PostgreSQL could not create its files: ${String(cause)}`, { cause })
  }
}

async function putInPlace(beside: string, dataDir: string): Promise<void> {
  try {
    await rename(beside, dataDir)
  } catch (cause) {
    await rm(beside, { recursive: true, force: true })
    throw new Error(`Cannot create ${dataDir}: ${String(cause)}. Is there an unrelated folder in its place?`, { cause })
  }
}

/** Returns true when a server was running already. */
async function bringUp(place: Place, binaries: PostgresBinaries, runner: Runner, options: ManagedPostgresOptions) {
  await claimSocketDir(place.socketDir, runner.owner)
  const state = await postmasterState(place.cluster)
  if (state.is === 'running' && (await untilReady(place.cluster, options.wait))) return true
  await untilGone(place.cluster, 60_000, options.wait)
  await rm(path.join(place.socketDir, '.s.PGSQL.5432.lock'), { force: true })
  await truncateWhenLarge(place.logFile)
  await startPostmaster({
    runner,
    postgres: binaries.postgres,
    cluster: place.cluster,
    socketDir: place.socketDir,
    logFile: place.logFile,
    settings: { max_connections: '100', shared_buffers: '128MB', ...options.settings },
    wait: options.wait,
  })
  return false
}

/** Anybody may write to the temporary folder, so a folder of that name which is not ours is refused, never used. */
async function claimSocketDir(socketDir: string, owner: Owner | null): Promise<void> {
  await mkdir(socketDir, { mode: 0o700 }).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'EEXIST') throw problem
  })
  const found = await lstat(socketDir)
  const us = process.getuid?.() ?? 0
  if (!found.isDirectory() || ![us, owner?.uid].includes(found.uid)) {
    throw new Error(`${socketDir} belongs to somebody else. Remove it, or set TMPDIR to another folder.`)
  }
  await chmod(socketDir, 0o700)
  await giveTo(owner, socketDir)
}

/** Holds one connection open: it breaks when the server goes away, also one that we adopted and whose exit we cannot see. */
async function watchServer(connection: pg.PoolConfig): Promise<{ lost: Promise<string>; end(): Promise<void> }> {
  const client = new pg.Client({ ...connection, application_name: 'anteroom owner' })
  const lost = Promise.withResolvers<string>()
  let ending = false
  client.on('error', (problem) => lost.resolve(problem.message))
  client.on('end', () => ending || lost.resolve('the managed PostgreSQL closed the connection'))
  await client.connect()
  const end = () => {
    ending = true
    return client.end()
  }
  return { lost: lost.promise, end }
}

async function giveTo(owner: Owner | null, file: string): Promise<void> {
  if (owner) await chown(file, owner.uid, owner.gid)
}

async function truncateWhenLarge(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 10_000_000) await truncate(file, 0)
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
