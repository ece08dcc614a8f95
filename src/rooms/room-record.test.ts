import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person } from '../../test/support/person.ts'
import { refusalOf } from '../../test/support/refusal-of.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import { listRooms } from './contract.ts'
import {
  createBuilding,
  createRoom,
  listBuildingRecords,
  listRoomRecords,
  updateBuilding,
  updateRoom,
} from './room-record.contract.ts'

let whole: WholeService
let ada: Person
beforeAll(async () => {
  whole = await startWholeService()
  ada = await Person.signIn(whole.origin, 'ada.admin@contoso.example')
})
afterAll(() => whole.close())

const spreeHouse = async () => {
  const [building] = (await ada.call(listBuildingRecords, { query: { q: 'Spree' } })).rows
  if (building === undefined) throw new Error('the demo data has no Spree House')
  return building
}

test('a room is added, changed and put out of use; people find it only while it is in use', async () => {
  const building = await spreeHouse()
  const fields = { name: 'Pluto', mailbox: 'pluto@contoso.example', capacity: 3, buildingId: building.id }
  const made = await ada.call(createRoom, { body: { ...fields, equipment: ['Display'], ownApproval: true } })
  expect(made).toMatchObject({ name: 'Pluto', active: true, needsApproval: false, ownApproval: true, version: 1 })
  const found = async () => (await ada.call(listRooms, { query: { q: 'Pluto' } })).rooms.map(({ name }) => name)
  expect(await found()).toEqual(['Pluto'])
  const body = { version: 1, capacity: 4, active: false }
  const changed = await ada.call(updateRoom, { params: { id: made.id }, body })
  expect(changed).toMatchObject({ capacity: 4, active: false, equipment: ['Display'], version: 2 })
  expect(await found()).toEqual([])
  const unused = await ada.call(listRoomRecords, { query: { active: 'false' } })
  expect(unused.rows.map(({ name }) => name)).toEqual(['Pluto'])
  const path = `/api/rooms/records/${made.id}`
  expect(await refusalOf(await ada.send('PATCH', path, body))).toMatchObject({
    code: 'rooms.changed_by_someone_else',
    facts: { current: 2 },
  })
  const trail = whole.database.db.selectFrom('audit_entries').selectAll().where('action', 'like', 'rooms.%')
  const entries = await trail.orderBy('seq').execute()
  expect(entries.map(({ action, subject_name, details }) => [action, subject_name, details])).toEqual([
    ['rooms.create_room', 'Pluto', {}],
    ['rooms.update_room', 'Pluto', { fields: ['capacity', 'active'] }],
  ])
})

test('two rooms have not one mailbox, whatever its capitals, and every room has a building', async () => {
  const building = await spreeHouse()
  const room = { name: 'Twin', mailbox: 'MERCURY@contoso.example', capacity: 3, buildingId: building.id }
  const taken = await refusalOf(await ada.send('POST', '/api/rooms/records', room))
  expect(taken).toMatchObject({ code: 'rooms.mailbox_in_use', fields: { mailbox: expect.any(String) } })
  const nowhere = { ...room, mailbox: 'twin@contoso.example', buildingId: '00000000-0000-4000-8000-000000000000' }
  expect((await refusalOf(await ada.send('POST', '/api/rooms/records', nowhere))).code).toBe('rooms.building_not_found')
})

test('buildings: a zone must be one that exists, a name is had by one', async () => {
  const path = '/api/rooms/building-records'
  const body = { name: 'Thames House', city: 'London', timeZone: 'Europe/London' }
  const zone = await refusalOf(await ada.send('POST', path, { ...body, timeZone: 'GMT Standard Time' }))
  expect(zone.fields.timeZone).toContain('IANA')
  const made = await ada.call(createBuilding, { body })
  expect(made).toMatchObject({ ...body, roomCount: 0, version: 1 })
  expect((await refusalOf(await ada.send('POST', path, body))).code).toBe('rooms.building_exists')
  const renamed = await ada.call(updateBuilding, { params: { id: made.id }, body: { name: 'Big House', version: 1 } })
  expect(renamed).toMatchObject({ name: 'Big House', city: 'London', version: 2 })
})
