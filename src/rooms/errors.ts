import { type ErrorList, refusals } from '#kit/refusal.ts'

export const roomErrors = {
  'rooms.room_not_found': { status: 404, say: 'There is no such room. Look at the list of rooms.' },
  'rooms.building_not_found': { status: 404, say: 'There is no such building. Look at the list of buildings.' },
  'rooms.building_exists': { status: 409, say: 'A building with this name exists. Choose another name.' },
  'rooms.mailbox_in_use': {
    status: 409,
    say: 'Another room has this mailbox. Each room needs a mailbox of its own at Exchange.',
  },
  'rooms.changed_by_someone_else': {
    status: 409,
    say: 'Somebody changed this record after you opened it. Reload it, then make your change again.',
  },
} as const satisfies ErrorList

export type RoomErrorCode = keyof typeof roomErrors
export const refused = refusals(roomErrors)
