import type { Database } from '#db/database.ts'
import type { AuthorizedFetch } from '#graph/client.ts'
import type { Change } from '#http/live.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'

/** What an alias comes to for one person: a fetch in their name, or what is missing. */
export type Resolution =
  | { is: 'ready'; account: { email: string }; credentialId: string; fetch: AuthorizedFetch }
  | { is: 'sign_in_needed'; credentialId: string; say: string }
  | { is: 'refused'; code: string; say: string }

export type SyncDeps = {
  db: Database
  seams: Seams
  log: Log
  jobs: Pick<Jobs, 'add'>
  publish: (change: Change) => void
  resolve: (aliasId: string, who: { userId: string }) => Promise<Resolution>
}
