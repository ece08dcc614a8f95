import { sql } from 'kysely'

/** Now, by the database's clock: what expires for several processes must expire for all of them at one moment. */
export const clock = sql<Date>`clock_timestamp()`

/** So many milliseconds from now, by the database's clock. */
export function inFuture(ms: number) {
  return sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`
}
