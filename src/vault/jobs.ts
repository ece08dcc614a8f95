import type { Jobs } from '#jobs/jobs.ts'
import type { RewrapDeps } from './rewrap.ts'
import { advanceRotation } from './rotation.ts'

/** Takes a change of key further every minute, and costs one look when there is none. Call before `jobs.start()`. */
export function workVault(jobs: Pick<Jobs, 'work' | 'cron'>, deps: RewrapDeps): void {
  jobs.work('vault.rotate', () => advanceRotation(deps), { atATime: 1 })
  jobs.cron('vault.rotate', '* * * * *')
}
