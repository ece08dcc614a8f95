import type { Database } from '#db/database.ts'
import { selectInboundLag, selectNotificationsPerDay } from './health-queries.ts'

/** Half, 95 % and 99 % of them took at most so many milliseconds; null when there were none. */
export type LagFigures = { count: number; p50Ms: number | null; p95Ms: number | null; p99Ms: number | null }

/** How long it took from the arrival of a notification until what it hinted at had been read and applied. */
export async function lagFigures(db: Database, since: Date): Promise<LagFigures> {
  const { count, p50, p95, p99 } = await selectInboundLag(db, since)
  return { count, p50Ms: p50, p95Ms: p95, p99Ms: p99 }
}

/** How many notifications came on each day, by days of UTC (`2026-11-25`). */
export async function notificationsPerDay(db: Database, since: Date): Promise<Map<string, number>> {
  return new Map((await selectNotificationsPerDay(db, since)).map(({ day, count }) => [day, count]))
}
