import type { Database } from '#db/database.ts'
import type { Actor } from '#http/actor.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import { readDescendantIds } from './alias-queries.ts'
import { readActiveConnections } from './connection-queries.ts'
import { effectiveConnection } from './inheritance.ts'
import { readLineages } from './lineage-queries.ts'
import { holdTokens, requireSignInAgain } from './token-queries.ts'

/** Credential id to the origins its tokens are sent to. */
export type Destinations = Map<string, Set<string>>

/** Where the credentials of an alias, and of the aliases that may inherit from it, are used. */
export async function destinationsBelow(trx: Database, aliasId: string): Promise<Destinations> {
  const aliasIds = await readDescendantIds(trx, aliasId)
  const connections = await readActiveConnections(trx, aliasIds)
  const lineages = await readLineages(trx, aliasIds)
  const found: Destinations = new Map()
  for (const connection of connections) {
    const url = effectiveConnection(connection, lineages.get(connection.alias_id) ?? []).connectionUrl.value
    if (connection.credential_id === null || url === null) continue
    found.set(connection.credential_id, (found.get(connection.credential_id) ?? new Set()).add(new URL(url).origin))
  }
  return found
}

/**
 * After a change of addresses: the tokens of every credential that now has an origin it did not have before need a new sign-in. They were
 * given for the old address, and their seal does not open for the new one. Whoever sends credentials elsewhere must have proved lately who
 * they are. @throws `http.recent_sign_in_required`
 */
export async function endTokensThatMoved(
  trx: Database,
  { by, now }: { by: Actor; now: Date },
  before: Destinations,
  after: Destinations,
): Promise<void> {
  const moved = [...after].filter(([credentialId, origins]) => {
    const known = before.get(credentialId)
    return known !== undefined && [...origins].some((origin) => !known.has(origin))
  })
  // Nor in two steps: first to no address, then to another one.
  const appeared = [...after.keys()].filter((credentialId) => !before.has(credentialId))
  if (moved.length > 0 || (await holdTokens(trx, appeared))) requireRecentSignIn(by, now)
  const say = 'The Connection URL was changed, and the token was given for the old address. Sign in again.'
  await requireSignInAgain(
    trx,
    moved.map(([credentialId]) => credentialId),
    { code: 'connections.destination_changed', say, at: now },
  )
}
