import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { reservationStates } from './contract.ts'
import { holdingStates, holdsRoom, mayBecome } from './state.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function definitionOf(constraint: string): Promise<string> {
  const { rows } = await sql<{ definition: string }>`
    select pg_get_constraintdef(oid) as definition from pg_constraint where conname = ${constraint}`.execute(
    database.db,
  )
  return rows[0]?.definition ?? ''
}

const quotedIn = (definition: string) => new Set([...definition.matchAll(/'([a-z_]+)'::text/g)].map(([, name]) => name))

test('the database knows the same states, and the same ones hold a room', async () => {
  expect(quotedIn(await definitionOf('reservations_state_check'))).toEqual(new Set(reservationStates))
  expect(quotedIn(await definitionOf('reservations_no_overlap'))).toEqual(new Set(holdingStates))
})

test('cancelled is the end, and everything else can be cancelled', () => {
  for (const state of reservationStates) {
    expect(mayBecome('cancelled', state)).toBe(state === 'cancelled')
    expect(mayBecome(state, 'cancelled')).toBe(true)
  }
})

test('what holds no room gets one only by asking for it again, where the database judges overlaps', () => {
  const free = reservationStates.filter((state) => !holdsRoom(state))
  for (const state of free) {
    expect(holdingStates.filter((to) => mayBecome(state, to))).toEqual(
      state === 'cancelled' ? [] : ['awaiting_confirmation'],
    )
  }
})
