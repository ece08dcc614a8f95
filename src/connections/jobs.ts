import type { Jobs } from '#jobs/jobs.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Post } from '#mail/post.ts'
import { deleteAuthorizationsBefore } from './authorization-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { warnOfExpiry } from './expiry.ts'
import { readGrantSetup } from './grant-setup.ts'
import { freshToken } from './refresh.ts'
import { idleMs, idleRun } from './refresh-schedule.ts'
import { type LapsingToken, readLapsingTokens } from './token-queries.ts'
import { byItself } from './token-use.ts'

const dayMs = 24 * 60 * 60 * 1000

/** How a sign-in ended is asked for within minutes; a month is for whoever looks into a complaint. The audit trail keeps it for good. */
const signInKeptMs = 30 * dayMs

/** What connections does by itself. Call before `jobs.start()`, in processes that do background work. */
export function workConnections(jobs: Pick<Jobs, 'work' | 'cron'>, deps: ConnectionsDeps & { post: Post }): void {
  jobs.work('connections.keep_alive', () => keepAlive(deps))
  jobs.work('connections.forget_sign_ins', () => forgetSignIns(deps))
  jobs.work('connections.warn_of_expiry', () => warnOfExpiry(deps))
  jobs.cron('connections.keep_alive', `*/${idleRun.everyMinutes} * * * *`)
  jobs.cron('connections.forget_sign_ins', '40 3 * * *')
  jobs.cron('connections.warn_of_expiry', '30 6 * * *')
}

/** Renews tokens that nobody used for a week, a few at a time. One that fails says so on its panel and does not stop the others. */
export async function keepAlive(deps: ConnectionsDeps): Promise<void> {
  const waiting = await readLapsingTokens(deps.db, { now: deps.seams.now(), idleMs, limit: idleRun.max })
  const lanes = Array.from({ length: idleRun.atATime }, async () => {
    for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) await keepOneAlive(deps, token)
  })
  await Promise.all(lanes)
}

async function keepOneAlive(deps: ConnectionsDeps, token: LapsingToken): Promise<void> {
  try {
    const setup = await readGrantSetup(deps.db, token.credential_id)
    const owner = { credentialId: token.credential_id, userId: token.user_id }
    await freshToken(deps, setup, owner, { refusedVersion: token.version, use: byItself('kept alive') })
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    deps.log.info({ credentialId: token.credential_id, code: problem.code }, 'a token could not be kept alive')
  }
}

export async function forgetSignIns({ db, seams }: Pick<ConnectionsDeps, 'db' | 'seams'>): Promise<void> {
  await deleteAuthorizationsBefore(db, new Date(seams.now().getTime() - signInKeptMs))
}
