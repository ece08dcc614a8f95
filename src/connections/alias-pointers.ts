import type { Database } from '#db/database.ts'
import { readDescendantIds } from './alias-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { descendsFrom } from './descends-from.ts'
import { refused } from './errors.ts'

type Asking = Pick<ConnectionsDeps, 'pointersToAliases'> & { db: Database }

/** What other features point to this alias with, in words. */
export async function pointersTo({ db, pointersToAliases }: Asking, id: string): Promise<string[]> {
  const pointers = (await pointersToAliases?.(db)) ?? []
  return pointers.filter(({ aliasId }) => aliasId === id).map(({ by }) => by)
}

/**
 * After an alias was moved: what points to it, or to one below it, still finds the kind of alias that it needs.
 * @throws `connections.alias_parent_refused` naming what points there
 */
export async function requirePointersFit({ db, pointersToAliases }: Asking, id: string): Promise<void> {
  const moved = [id, ...(await readDescendantIds(db, id))]
  for (const { aliasId, by, below } of (await pointersToAliases?.(db)) ?? []) {
    if (!moved.includes(aliasId) || (await descendsFrom(db, aliasId, below))) continue
    const say = `There, ${by} could not use it: it needs an alias below ${below}. Choose another parent, or another alias there first.`
    throw refused('connections.alias_parent_refused', { say, fields: { parentId: say } })
  }
}
