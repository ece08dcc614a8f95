import type pg from 'pg'

/** `postgres://user:password@/database?host=/folder`: pg takes the socket's folder from the query. */
export function databaseUrl({ user, password, host, database }: pg.PoolConfig): string {
  return `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`
}
