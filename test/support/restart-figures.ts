import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Restart } from './web-and-worker.ts'

/** In seconds from the start of a worker that followed a killed one. */
export type RestartFigures = {
  /** Until it, or anybody, had ended a first job of a room. */
  firstJob: number[]
  /** Until the last change that was waiting or under way at the kill was in Outlook. */
  inHand: number[]
}

/** What the queue and the sync events remember of every restart of a worker. */
export async function restartFigures(db: Database, restarts: readonly Restart[]): Promise<RestartFigures> {
  const figures: RestartFigures = { firstJob: [], inHand: [] }
  for (const { half, killedAt, startedAt } of restarts) {
    if (half !== 'worker') continue
    const { rows } = await sql<{ at: Date | null }>`
      select min(completed_on) as at from pgboss.job
      where name in ('sync.lane', 'watch.read') and state = 'completed' and completed_on > ${startedAt}`.execute(db)
    const { over } = await db
      .selectFrom('sync_events')
      .select(({ fn }) => fn.max('processed_at').as('over'))
      .where('created_at', '<=', killedAt)
      .where('processed_at', '>', startedAt)
      .executeTakeFirstOrThrow()
    figures.firstJob.push(...secondsAfter(startedAt, rows[0]?.at))
    figures.inHand.push(...secondsAfter(startedAt, over))
  }
  return figures
}

function secondsAfter(startedAt: Date, moment: Date | null | undefined): number[] {
  return moment ? [(moment.getTime() - startedAt.getTime()) / 1_000] : []
}
