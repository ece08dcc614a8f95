import type { Database } from '#db/database.ts'
import { readAliasView } from './alias-queries.ts'
import { refused } from './errors.ts'
import { readLineage } from './lineage-queries.ts'

/**
 * Is this alias a child of that one, or a child of a child? Where a person may name an alias instead of the usual one, it must descend from
 * the usual one: whatever was written for that then still finds the same kind of connection. Both by record id or alias id.
 *
 * @throws `connections.alias_not_found`
 */
export async function descendsFrom(db: Database, alias: string, ancestor: string): Promise<boolean> {
  const below = await readAliasView(db, alias)
  const above = await readAliasView(db, ancestor)
  if (below === undefined || above === undefined) throw refused('connections.alias_not_found')
  const [, ...parents] = await readLineage(db, below.id)
  return parents.some((step) => step.alias.id === above.id)
}

/** @throws `connections.alias_not_descendant`, `connections.alias_not_found` */
export async function requireDescendant(db: Database, alias: string, ancestor: string): Promise<void> {
  if (await descendsFrom(db, alias, ancestor)) return
  const say = `${alias} is not a child alias of ${ancestor}. Choose one below it, or make it its child.`
  throw refused('connections.alias_not_descendant', { say })
}
