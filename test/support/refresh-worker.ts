import { readGrantSetup } from '#connections/grant-setup.ts'
import { freshToken } from '#connections/refresh.ts'
import { settleRefreshes } from '#connections/refresh-call.ts'
import { openDatabase } from '#db/database.ts'
import { silentLog } from '#kit/log.ts'
import { Refusal } from '#kit/refusal.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { openVault } from '#vault/vault.ts'
import type { RefreshWork } from './refresh-processes.ts'

/*
 * One process of a storm: opens database and vault as the service does, says `ready`, waits for a line, and then wants a fresh token of
 * everybody at once. Waits for answers that are late, as the service does before it stops; prints how many came, and how many were refused with
 * which code.
 */
const work: RefreshWork = JSON.parse(process.argv[2] ?? '{}')
const db = openDatabase(work.connection)
const standIns = parseStandIns(`login.microsoftonline.com=${work.tenantOrigin}`)
const seams: Seams = { ...realSeams, fetch: dyingFetch(standIns.wrap(realSeams.fetch)) }
const vault = await openVault({ db, rootKeyFile: work.rootKeyFile, seams, log: silentLog })
const deps = {
  db,
  seams,
  log: silentLog,
  vault,
  publicUrl: 'http://localhost',
  standIns,
  publish: () => undefined,
  ...(work.refreshTimes === undefined ? {} : { refreshTimes: work.refreshTimes }),
}
const setup = await readGrantSetup(db, work.credentialId)
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))

const outcomes: Record<string, number> = {}
await Promise.all(
  work.userIds.map(async (userId) => {
    const outcome = await freshToken(deps, setup, { credentialId: work.credentialId, userId }).then(
      () => 'fresh',
      (problem: unknown) => {
        if (problem instanceof Refusal) return problem.code
        throw problem
      },
    )
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }),
)
await settleRefreshes(deps, 300_000)
process.stdout.write(`${JSON.stringify(outcomes)}\n`)
process.exit(0)

/** With `dieAtAnswer` the process ends as by `kill -9` when so many answers have arrived: after the answer, before its commit. */
function dyingFetch(fetch: Seams['fetch']): Seams['fetch'] {
  let answers = 0
  return async (input, init) => {
    const response = await fetch(input, init)
    answers += 1
    if (answers === work.dieAtAnswer) process.kill(process.pid, 'SIGKILL')
    return response
  }
}
