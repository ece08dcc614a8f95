import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Log } from '#kit/log.ts'
import type { Post } from '#mail/post.ts'
import type { ProvidersDeps } from '#providers/deps.ts'

export type SyncDeps = ProvidersDeps & {
  db: Database
  log: Log
  jobs: Pick<Jobs, 'add'>
  post: Post
  publish: (change: Change) => void
  /** Asks whoever watches rooms to read this one soon: something of ours was just written that shows there. */
  hintRoom: (roomId: string) => Promise<void>
}
