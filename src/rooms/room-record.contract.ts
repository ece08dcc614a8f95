import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { building, room } from './contract.ts'

/** Rooms and buildings as those see them who look after them: also the ones that are not in use. */

const id = z.uuid()
const byId = z.object({ id })
const version = z.number().int().describe('The version that was read; a write with an older one is refused')
const readers = ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'] as const
const keepers = ['rsvsync_admin'] as const

export const roomRecord = room.extend({
  ownApproval: z.boolean(),
  active: z.boolean(),
  version,
})
export type RoomRecord = z.infer<typeof roomRecord>

const name = z.string().trim().min(1, 'Enter a name.').max(120)
const roomFields = {
  name,
  mailbox: z.email('Enter the e-mail address of the room’s mailbox.').max(320),
  buildingId: z.uuid('Choose a building.'),
  floor: z.number('Enter a whole number.').int('Enter a whole number.').min(-20).max(300).nullable(),
  capacity: z
    .number('Enter for how many people it is.')
    .int('Enter a whole number.')
    .min(1, 'Enter for how many people it is.')
    .max(10_000),
  equipment: z.array(z.string().trim().min(1).max(60)).max(30),
  needsApproval: z.boolean().describe('People who look after the room in Outlook decide'),
  ownApproval: z.boolean().describe('An approver here decides as well'),
  active: z.boolean().describe('Can be found and reserved'),
}

export const listRoomRecords = endpoint({
  method: 'GET',
  path: '/api/rooms/records',
  summary: 'Rooms, also those that are not in use',
  access: readers,
  query: listQuery.extend({ buildingId: z.uuid().optional(), active: z.stringbool().optional() }),
  answer: pageOf(roomRecord),
})

export const readRoomRecord = endpoint({
  method: 'GET',
  path: '/api/rooms/records/{id}',
  summary: 'One room',
  access: readers,
  params: byId,
  answer: roomRecord,
  errors: ['rooms.room_not_found'],
})

export const createRoom = endpoint({
  method: 'POST',
  path: '/api/rooms/records',
  summary: 'Add a room',
  access: keepers,
  body: z.strictObject(roomFields).partial().required({ name: true, mailbox: true, buildingId: true, capacity: true }),
  answer: roomRecord,
  status: 201,
  errors: ['rooms.building_not_found', 'rooms.mailbox_in_use'],
})

export const updateRoom = endpoint({
  method: 'PATCH',
  path: '/api/rooms/records/{id}',
  summary: 'Change a room; one that is kept in step and gets another mailbox is read anew',
  access: keepers,
  params: byId,
  body: z
    .strictObject({ ...roomFields, version })
    .partial()
    .required({ version: true }),
  answer: roomRecord,
  errors: ['rooms.room_not_found', 'rooms.building_not_found', 'rooms.mailbox_in_use', 'rooms.changed_by_someone_else'],
})

export const buildingRecord = building.extend({ roomCount: z.number().int(), version })
export type BuildingRecord = z.infer<typeof buildingRecord>

const buildingFields = {
  name,
  city: z.string().trim().min(1, 'Enter the city.').max(120),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'Enter a time zone by its IANA name, such as Europe/Berlin.')
    .describe('IANA name'),
}

export const listBuildingRecords = endpoint({
  method: 'GET',
  path: '/api/rooms/building-records',
  summary: 'Buildings and how many rooms each has',
  access: readers,
  query: listQuery,
  answer: pageOf(buildingRecord),
})

export const readBuildingRecord = endpoint({
  method: 'GET',
  path: '/api/rooms/building-records/{id}',
  summary: 'One building',
  access: readers,
  params: byId,
  answer: buildingRecord,
  errors: ['rooms.building_not_found'],
})

export const createBuilding = endpoint({
  method: 'POST',
  path: '/api/rooms/building-records',
  summary: 'Add a building',
  access: keepers,
  body: z.strictObject(buildingFields),
  answer: buildingRecord,
  status: 201,
  errors: ['rooms.building_exists'],
})

export const updateBuilding = endpoint({
  method: 'PATCH',
  path: '/api/rooms/building-records/{id}',
  summary: 'Change a building; reservations keep their moments when its time zone changes',
  access: keepers,
  params: byId,
  body: z
    .strictObject({ ...buildingFields, version })
    .partial()
    .required({ version: true }),
  answer: buildingRecord,
  errors: ['rooms.building_not_found', 'rooms.building_exists', 'rooms.changed_by_someone_else'],
})

/** ECMA-402 section 6.5: the engine knows the zones of IANA's database. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
