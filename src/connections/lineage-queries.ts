import { type Selectable, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import { type ConnectionRecord, readActiveConnections } from './connection-queries.ts'

export type AliasRecord = Selectable<Schema['aliases']>
export type LineageStep = { alias: AliasRecord; activeConnection: ConnectionRecord | null }

/** Parents are few; the bound only ends a loop that the rules forbid. */
const depthMax = 20

/** For each alias: itself, its parent, that one's parent and so on, each with its (first) active connection. Two round trips in all. */
export async function readLineages(db: Database, aliasIds: readonly string[]): Promise<Map<string, LineageStep[]>> {
  if (aliasIds.length === 0) return new Map()
  const { rows } = await sql<AliasRecord & { start_id: string }>`
    with recursive lineage as (
      select a.id as start_id, 0 as depth, a.* from aliases a where a.id = any(${[...new Set(aliasIds)]}::uuid[])
      union all
      select l.start_id, l.depth + 1, a.* from lineage l join aliases a on a.id = l.parent_id where l.depth < ${depthMax}
    )
    select * from lineage order by start_id, depth`.execute(db)
  const connections = await readActiveConnections(db, [...new Set(rows.map(({ id }) => id))])
  const lineages = new Map<string, LineageStep[]>()
  for (const { start_id: startId, ...alias } of rows) {
    const steps = lineages.get(startId) ?? []
    steps.push({ alias, activeConnection: connections.find(({ alias_id }) => alias_id === alias.id) ?? null })
    lineages.set(startId, steps)
  }
  return lineages
}

export async function readLineage(db: Database, aliasId: string): Promise<LineageStep[]> {
  return (await readLineages(db, [aliasId])).get(aliasId) ?? []
}
