import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type ReservationState, reservationStates } from './contract.ts'
import type { RoomAnswer } from './outside.ts'
import { holdingStates, mayBecome, stateFor } from './state.ts'

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

test('what was refused comes back only by asking again; what a room declined or left unanswered, also by the room', () => {
  const comesBack = (state: ReservationState) => holdingStates.filter((to) => mayBecome(state, to))
  expect(comesBack('rejected')).toEqual(['awaiting_confirmation', 'awaiting_approval'])
  expect(comesBack('failed')).toEqual(['awaiting_confirmation'])
  expect(comesBack('declined')).toEqual([...holdingStates])
  expect(comesBack('expired')).toEqual([...holdingStates])
})

test('both the room and our approver have to say yes', () => {
  const state = (room_answer: RoomAnswer, approval: 'not_required' | 'awaiting_approval' | 'approved' | 'rejected') =>
    stateFor({ room_answer, approval })
  expect(state('none', 'approved')).toBe('awaiting_confirmation')
  expect(state('tentative', 'not_required')).toBe('awaiting_approval')
  expect(state('tentative', 'approved')).toBe('awaiting_approval')
  expect(state('accepted', 'awaiting_approval')).toBe('awaiting_approval')
  expect(state('accepted', 'approved')).toBe('confirmed')
  expect(state('accepted', 'rejected')).toBe('rejected')
  expect(state('declined', 'approved')).toBe('declined')
})
