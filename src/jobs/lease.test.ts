import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '#db/transaction.ts'
import { realSeams } from '#kit/seams.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { assertFence, LeaseLost, releaseLease, renewLease, takeLease } from './lease.ts'
import { underLease } from './under-lease.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database.drop())

const take = (lane: string, ownerId: string) => takeLease(database.db, lane, { ownerId, ttlMs: 60_000 })

test('one holder at a time; each new one gets a higher fence', async () => {
  const first = await take('room a', 'one')
  expect(await take('room a', 'two')).toBeNull()
  if (first) await releaseLease(database.db, first)
  const second = await take('room a', 'two')
  expect([first?.fence, second?.fence]).toEqual(['1', '2'])
})

test('of many that ask at once one gets it', async () => {
  const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => take('room b', `holder ${n}`)))
  expect(taken.filter((lease) => lease !== null)).toHaveLength(1)
})

test('whoever was too slow cannot renew and cannot commit', async () => {
  const slow = await take('room c', 'slow')
  if (!slow) throw new Error('the lane was free')
  await expire('room c')
  const quick = await take('room c', 'quick')
  expect(quick?.fence).toBe('2')
  expect(await renewLease(database.db, slow, 60_000)).toBe(false)
  await expect(transaction(database.db, (trx) => assertFence(trx, slow))).rejects.toThrow(LeaseLost)
})

test('the lane cannot change hands between the check of the fence and the commit', async () => {
  const holder = await take('room d', 'holder')
  if (!holder) throw new Error('the lane was free')
  let others: Promise<unknown> = Promise.resolve()
  const order: string[] = []
  await transaction(database.db, async (trx) => {
    await assertFence(trx, holder)
    others = expire('room d').then(() => order.push('changed hands'))
    await trx.selectFrom('leases').select(sql`pg_sleep(0.2)`.as('slept')).execute()
    order.push('about to commit')
  })
  await others
  expect(order).toEqual(['about to commit', 'changed hands'])
})

test('underLease does the work for one caller and gives the lane back', async () => {
  const options = { db: database.db, lane: 'room e', ttlMs: 3_000, ...realSeams }
  const inner = await underLease(options, () => underLease(options, async () => 'twice'))
  expect(inner).toBeNull()
  expect(await underLease(options, async () => 'again')).toBe('again')
})

async function expire(lane: string): Promise<void> {
  await database.db.updateTable('leases').set({ expires_at: sql`clock_timestamp()` }).where('lane', '=', lane).execute()
}
