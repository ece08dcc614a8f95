import { sql } from 'kysely'
import { clock, inFuture } from '#db/clock.ts'
import type { Database } from '#db/database.ts'

export type Lease = {
  lane: string
  /** Grows each time the lane changes hands. A number of the database, as text. */
  fence: string
}

/**
 * Takes the lane for so long, by the database's clock, so that the clocks of the processes need not agree.
 *
 * @returns null while another holder's lease has not run out.
 */
export async function takeLease(
  db: Database,
  lane: string,
  { ownerId, ttlMs }: { ownerId: string; ttlMs: number },
): Promise<Lease | null> {
  const taken = await db
    .insertInto('leases')
    .values({ lane, owner: ownerId, fence: '1', expires_at: inFuture(ttlMs) })
    .onConflict((conflict) =>
      conflict
        .column('lane')
        .doUpdateSet({ owner: ownerId, fence: sql`leases.fence + 1`, expires_at: inFuture(ttlMs) })
        .where('leases.expires_at', '<=', clock),
    )
    .returning('fence')
    .executeTakeFirst()
  return taken ? { lane, fence: taken.fence } : null
}

/** Holds the lane for longer. False when it has gone to another holder: then stop, without writing anything. */
export async function renewLease(db: Database, { lane, fence }: Lease, ttlMs: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('leases')
    .set({ expires_at: inFuture(ttlMs) })
    .where('lane', '=', lane)
    .where('fence', '=', fence)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Gives the lane back. The row stays, or the next holder's fence would start from one again and fence off nobody. */
export async function releaseLease(db: Database, { lane, fence }: Lease): Promise<void> {
  await db
    .updateTable('leases')
    .set({ expires_at: clock })
    .where('lane', '=', lane)
    .where('fence', '=', fence)
    .execute()
}

/**
 * To be called in every transaction that writes on behalf of a lane. The row is locked until the commit, so the lane cannot
 * change hands between this check and the commit.
 *
 * @throws LeaseLost when another holder has the lane: the transaction must not commit.
 */
export async function assertFence(trx: Database, { lane, fence }: Lease): Promise<void> {
  const held = await trx
    .selectFrom('leases')
    .select('lane')
    .where('lane', '=', lane)
    .where('fence', '=', fence)
    .forShare()
    .executeTakeFirst()
  if (!held) throw new LeaseLost(lane)
}

/** Another holder has taken the lane, because this one was slower than its lease. The world's fault, and no harm done. */
export class LeaseLost extends Error {
  constructor(lane: string) {
    super(`the lease of lane ${lane} was taken over`)
    this.name = 'LeaseLost'
  }
}
