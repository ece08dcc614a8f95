import type { Jobs } from '#jobs/jobs.ts'
import { type DeliverDeps, deliverLetters } from './deliver.ts'
import { deleteLettersBefore } from './queries.ts'

/** Long enough to ask what was sent to whom; what letters were about is in the audit trail for good. */
const keptMs = 30 * 24 * 60 * 60 * 1000

/** Sends what is due, at once when something is posted and every minute for what was put off. Call before `jobs.start()`. */
export function workMail(jobs: Pick<Jobs, 'work' | 'cron'>, deps: DeliverDeps): void {
  jobs.work('mail.deliver', () => deliverLetters(deps), { atATime: 1 })
  jobs.work('mail.forget', () => deleteLettersBefore(deps.db, new Date(deps.seams.now().getTime() - keptMs)))
  jobs.cron('mail.deliver', '* * * * *')
  jobs.cron('mail.forget', '50 3 * * *')
}
