import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { reservingRules } from './reserving-rules.ts'

let personal: Desk
let strict: Desk
beforeAll(async () => {
  personal = await openDesk({ mode: 'personal' })
  strict = await openDesk({ mode: 'strict' })
})
afterAll(async () => {
  await personal.close()
  await strict.close()
})

async function rulesOf(desk: Desk, more: Partial<Actor> = {}) {
  const alice = await desk.person(more.via === 'api_token' ? 'grace.kim' : 'alice.meyer')
  return reservingRules(desk.reservations, { ...alice, ...more }, desk.room('Mercury'))
}

test('where people act with their own permission, they reserve for themselves, and are told what to do instead', async () => {
  const { organizer, forOthers, notForOthersBecause } = await rulesOf(personal)
  expect([organizer, forOthers]).toEqual(['person', false])
  expect(notForOthersBecause).toContain('for yourself only. Ask them to reserve it')
})

test('a program never acts with a person’s permission, and so may reserve for anybody', async () => {
  expect(await rulesOf(personal, { via: 'api_token' })).toEqual({
    organizer: 'delegated_mailbox',
    forOthers: true,
    notForOthersBecause: null,
  })
})

test('where one mailbox organises for everybody, anybody may reserve for anybody', async () => {
  expect(await rulesOf(strict)).toMatchObject({ organizer: 'delegated_mailbox', forOthers: true })
})

test('a room that is in no calendar but ours has no organizer; one that does not exist is refused', async () => {
  const { db } = strict.database
  await db.deleteFrom('sync_configurations').where('room_id', '=', strict.room('Venus')).execute()
  const bob = await strict.person('bob.tanaka')
  expect(await reservingRules(strict.reservations, bob, strict.room('Venus'))).toMatchObject({
    organizer: null,
    forOthers: true,
  })
  const nowhere = reservingRules(strict.reservations, bob, strict.sync.seams.newId())
  await expect(nowhere).rejects.toMatchObject({ code: 'reservations.room_unknown' })
})
