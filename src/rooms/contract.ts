import { z } from 'zod'
import { endpoint } from '#http/contract.ts'

export const building = z.object({ id: z.uuid(), name: z.string(), city: z.string(), timeZone: z.string() })
export type Building = z.infer<typeof building>

export const room = z.object({
  id: z.uuid(),
  name: z.string(),
  mailbox: z.string(),
  building,
  floor: z.number().int().nullable(),
  capacity: z.number().int(),
  equipment: z.array(z.string()),
  needsApproval: z.boolean(),
})
export type Room = z.infer<typeof room>

export const listBuildings = endpoint({
  method: 'GET',
  path: '/api/rooms/buildings',
  summary: 'All buildings',
  access: 'signed_in',
  answer: z.object({ buildings: z.array(building) }),
})

export const listRooms = endpoint({
  method: 'GET',
  path: '/api/rooms',
  summary: 'Rooms, by building, size and equipment',
  access: 'signed_in',
  query: z.object({
    buildingId: z.uuid().optional(),
    capacity: z.coerce.number().int().min(1).max(10_000).optional(),
    q: z.string().max(200).optional(),
  }),
  answer: z.object({ rooms: z.array(room) }),
})
