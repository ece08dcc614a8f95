import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Owner = { uid: number; gid: number }
export type Invocation = { file: string; args: string[]; options: { cwd: string; uid?: number; gid?: number } }

/** A way to run PostgreSQL, which refuses to run as root. `owner` is whom its files must belong to; null means us. */
export type Runner = { mode: string; owner: Owner | null; invoke(file: string, args: string[]): Invocation }

/**
 * Chooses how to run PostgreSQL without the rights of root: directly when we are not root, else as the user `postgres` or
 * `nobody`, else inside a user namespace (which also works when the folders above are closed to other users).
 * A cluster that exists already decides by whom it belongs to.
 *
 * @throws when none of them works here, saying what to change.
 */
export async function chooseRunner(postgres: string, folder: string, cluster: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return direct
  for (const runner of await candidates(cluster)) if (await works(runner, postgres, folder)) return runner
  throw new Error(
    `PostgreSQL does not run as root, and no other way works here. Start Anteroom as an ordinary user, make ${folder} and ` +
      'the folder of the program accessible to the user "postgres" or "nobody", allow user namespaces, or set ' +
      'ANTEROOM_DATABASE_URL to a server you run yourself.',
  )
}

const direct: Runner = { mode: 'direct', owner: null, invoke: (file, args) => ({ file, args, options: { cwd: '/' } }) }

const inUserNamespace: Runner = {
  mode: 'user namespace',
  owner: null,
  invoke: (file, args) => ({
    file: 'unshare',
    args: ['--user', '--map-user=65534', '--map-group=65534', '--', file, ...args],
    options: { cwd: '/' },
  }),
}

function asUser(name: string, owner: Owner): Runner {
  return { mode: `user ${name}`, owner, invoke: (file, args) => ({ file, args, options: { cwd: '/', ...owner } }) }
}

async function candidates(cluster: string): Promise<Runner[]> {
  const existing = await stat(cluster).catch(() => null)
  if (existing) return existing.uid === 0 ? [inUserNamespace] : [asUser(String(existing.uid), existing)]
  const users = await usersOfThisMachine()
  const named = ['postgres', 'nobody'].flatMap((name) => {
    const owner = users.get(name)
    return owner ? [asUser(name, owner)] : []
  })
  return [...named, inUserNamespace]
}

async function usersOfThisMachine(): Promise<Map<string, Owner>> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const rows = passwd.split('\n').map((line) => line.split(':'))
  return new Map(rows.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]))
}

async function works(runner: Runner, postgres: string, folder: string): Promise<boolean> {
  const version = runner.invoke(postgres, ['--version'])
  const reach = runner.invoke('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder])
  try {
    await run(version.file, version.args, version.options)
    await run(reach.file, reach.args, reach.options)
    return true
  } catch {
    return false
  }
}
