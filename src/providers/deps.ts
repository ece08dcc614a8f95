import type { Resolved } from '#connections/resolve.ts'
import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'

export type ProvidersDeps = {
  db: Database
  seams: Seams
  /** `resolveAlias` of connections, calls made once: a fetch in somebody's name, or what is missing. */
  resolve: (aliasId: string, who: { userId: string } | 'system') => Promise<Resolved>
}
