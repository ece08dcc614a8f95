import type { Database } from '#db/database.ts'
import type { Jobs } from '#jobs/jobs.ts'
import { forgetLapsed } from '#pace/pace.ts'

/** Says what handles the jobs of this feature, before the queue starts. */
export function workProviders(jobs: Jobs, { db }: { db: Database }): void {
  jobs.work('providers.forget_lapsed', () => forgetLapsed(db), { atATime: 1, attemptsMax: 2 })
  jobs.cron('providers.forget_lapsed', '17 * * * *')
}
