import { createInterface } from 'node:readline'
import { resolveAlias } from '#connections/resolve.ts'
import { openTokenMemory } from '#connections/token-memory.ts'
import { openDatabase } from '#db/database.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { openVault } from '#vault/vault.ts'

/*
 * A process that remembers tokens, used through an alias. For each line it calls once with whatever the alias comes to now, and prints
 * what happened: `called` with the token's account, or why not.
 */
type Work = { connection: object; rootKeyFile: string; aliasId: string; userId: string }
const work: Work = JSON.parse(process.argv[2] ?? '{}')
const db = openDatabase(work.connection)
const answer: Seams['fetch'] = async (_, init) =>
  new Response(new Headers(init?.headers).get('authorization')?.slice(0, 60))
const seams: Seams = { ...realSeams, fetch: answer }
const vault = await openVault({ db, rootKeyFile: work.rootKeyFile, seams, log: silentLog })
const memory = await openTokenMemory({ db, seams })
const standIns = parseStandIns('')
const deps = {
  db,
  seams,
  log: silentLog,
  vault,
  publicUrl: 'http://localhost',
  standIns,
  publish: () => undefined,
  memory,
}

for await (const _ of createInterface(process.stdin)) {
  const resolved = await resolveAlias(deps, work.aliasId, { userId: work.userId })
  const outcome =
    resolved.is === 'ready'
      ? await resolved.fetch('/v1.0/me').then(
          (response) => response.text(),
          (problem: Error) => problem.message,
        )
      : resolved.is
  process.stdout.write(`${JSON.stringify({ is: resolved.is, outcome })}\n`)
}
