import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { transaction } from '#db/transaction.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { checkAudit, recordAudit } from './audit.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const entry = (name: string) => ({
  actorId: null,
  actorName: 'system',
  action: 'audit.test' as const,
  subject: { kind: 'thing', id: name, name },
  details: { z: 1, a: { y: [1, { q: 1, b: null }], x: undefined }, at: new Date(0) },
})

test('forty writers at once make one unbroken chain', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => recordAudit(database.db, entry(`thing ${n}`))))
  expect(await checkAudit(database.db)).toEqual({ checked: 40, brokenAtSeq: null })
})

test('an entry stands or falls with the change it belongs to', async () => {
  const before = await checkAudit(database.db)
  const change = transaction(database.db, async (trx) => {
    await recordAudit(trx, entry('rolled back'))
    throw new Error('the change failed')
  })
  await expect(change).rejects.toThrow('the change failed')
  expect(await checkAudit(database.db)).toEqual(before)
})

test('entries cannot be changed or deleted, and one that was altered behind that rule is found', async () => {
  const { db } = database
  await expect(sql`update audit_entries set actor_name = 'nobody'`.execute(db)).rejects.toThrow('append-only')
  await expect(sql`delete from audit_entries`.execute(db)).rejects.toThrow('append-only')
  const { rows } = await sql<{ seq: string }>`select seq from audit_entries order by seq offset 7 limit 1`.execute(db)
  await transaction(db, async (trx) => {
    await sql`alter table audit_entries disable trigger user`.execute(trx)
    await sql`update audit_entries set actor_name = 'nobody' where seq = ${rows[0]?.seq}`.execute(trx)
    await sql`alter table audit_entries enable trigger user`.execute(trx)
  })
  expect(await checkAudit(db)).toEqual({ checked: 7, brokenAtSeq: rows[0]?.seq })
})
