import type { Database } from '#db/database.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Seams } from '#kit/seams.ts'
import type { Letter } from './letter.ts'
import { insertLetter } from './queries.ts'

export type PostDeps = { jobs: Pick<Jobs, 'add'>; seams: Pick<Seams, 'newId' | 'now'> }

/** Posts a letter inside the transaction of what causes it. `about` is the `feature.verb` that wrote it. */
export type Post = (trx: Database, letter: Letter, about: `${string}.${string}`) => Promise<void>

/**
 * Letters are rows first and mail later: what causes one never waits for a mail server and never fails with it, and a letter exists if
 * and only if its cause was committed.
 */
export function openPost({ jobs, seams }: PostDeps): Post {
  return async (trx, letter, about) => {
    await insertLetter(trx, { ...letter, id: seams.newId(), writtenAt: seams.now() }, about)
    await jobs.add('mail.deliver', {}, { inside: trx, onceFor: 'all' })
  }
}
