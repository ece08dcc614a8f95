import type { Resolved } from '#connections/resolve.ts'
import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'

export type SyncDeps = {
  db: Database
  seams: Seams
  log: Log
  jobs: Pick<Jobs, 'add'>
  publish: (change: Change) => void
  /** `resolveAlias` of connections: a fetch in somebody's name, or what is missing. */
  resolve: (aliasId: string, who: { userId: string }) => Promise<Resolved>
}
