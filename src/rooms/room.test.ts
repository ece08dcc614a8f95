import { afterAll, beforeAll, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { ensureBuilding, ensureRoom, findRoom, findRooms } from './room.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const spreeHouse = { name: 'Spree House', city: 'Berlin', timeZone: 'Europe/Berlin' }
const mercury = { name: 'Mercury', floor: 1, capacity: 6, equipment: ['Display', 'Phone'], needsApproval: false }

test('making a room again brings it up to date and keeps its id', async () => {
  const { db } = database
  const id = () => realSeams.newId()
  const buildingId = await ensureBuilding(db, { id: id(), ...spreeHouse })
  expect(await ensureBuilding(db, { id: id(), ...spreeHouse })).toBe(buildingId)
  const roomId = await ensureRoom(db, { id: id(), mailbox: 'mercury@contoso.example', buildingId, ...mercury })
  const again = { id: id(), mailbox: 'MERCURY@contoso.example', buildingId, ...mercury, capacity: 8 }
  expect(await ensureRoom(db, again)).toBe(roomId)
  const found = await findRoom(db, roomId)
  expect(found).toMatchObject({ mailbox: 'mercury@contoso.example', capacity: 8, equipment: ['Display', 'Phone'] })
  expect(found?.building).toEqual({ id: buildingId, ...spreeHouse })
})

test('rooms are found by size and by a part of their name, in which % is just a character', async () => {
  const { db } = database
  expect(await findRooms(db, { capacity: 8, q: 'merc' })).toHaveLength(1)
  expect(await findRooms(db, { capacity: 9 })).toHaveLength(0)
  expect(await findRooms(db, { q: '%' })).toHaveLength(0)
})
