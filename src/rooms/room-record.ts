import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { BodyOf, QueryOf } from '#http/contract.ts'
import { sent } from '#kit/sent.ts'
import { refused } from './errors.ts'
import { auditRooms, type KeepingDeps, refusing, requireVersion } from './keeping.ts'
import { insertRoom, listRoomRows, lockRoomRow, selectRoomRow, updateRoomRow } from './record-queries.ts'
import type {
  createRoom as createContract,
  listRoomRecords,
  RoomRecord,
  updateRoom as updateContract,
} from './room-record.contract.ts'

export async function listRooms({ db }: Pick<KeepingDeps, 'db'>, query: QueryOf<typeof listRoomRecords>) {
  const { rows, total } = await listRoomRows(db, query)
  return { rows: rows.map(recordOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `rooms.room_not_found` */
export async function readRoom(db: Database, id: string): Promise<RoomRecord> {
  const row = await selectRoomRow(db, id)
  if (row === undefined) throw refused('rooms.room_not_found')
  return recordOf(row)
}

/** @throws `rooms.building_not_found`, `rooms.mailbox_in_use` */
export async function createRoom(
  deps: KeepingDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<RoomRecord> {
  const id = deps.seams.newId()
  const made = await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const { name, mailbox, capacity, buildingId } = body
      await insertRoom(trx, { ...columnsOf(body), id, name, mailbox, capacity, building_id: buildingId })
      await auditRooms(trx, editor, { action: 'rooms.create_room', subject: { kind: 'room', id, name } })
      return readRoom(trx, id)
    }),
  )
  deps.publish({ topic: 'room', id, userId: null })
  return made
}

/** @throws `rooms.room_not_found`, `rooms.building_not_found`, `rooms.mailbox_in_use`, `rooms.changed_by_someone_else` */
export async function updateRoom(
  deps: KeepingDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<RoomRecord> {
  const changed = await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockRoomRow(trx, id)
      if (row === undefined) throw refused('rooms.room_not_found')
      requireVersion(row, version)
      await updateRoomRow(trx, id, columnsOf(body))
      const subject = { kind: 'room', id, name: row.name } as const
      await auditRooms(trx, editor, { action: 'rooms.update_room', subject, details: { fields: Object.keys(body) } })
      return readRoom(trx, id)
    }),
  )
  deps.publish({ topic: 'room', id, userId: null })
  if (body.mailbox !== undefined) await deps.changed([id])
  return changed
}

const constraints = {
  rooms_mailbox: { code: 'rooms.mailbox_in_use', field: 'mailbox' },
  rooms_building_id_fkey: { code: 'rooms.building_not_found', field: 'buildingId' },
} as const

function columnsOf(fields: Partial<BodyOf<typeof createContract>>) {
  return sent({
    name: fields.name,
    mailbox: fields.mailbox,
    building_id: fields.buildingId,
    floor: fields.floor,
    capacity: fields.capacity,
    equipment: fields.equipment,
    needs_approval: fields.needsApproval,
    own_approval: fields.ownApproval,
    active: fields.active,
  })
}

type Row = NonNullable<Awaited<ReturnType<typeof selectRoomRow>>>

function recordOf(row: Row): RoomRecord {
  return {
    id: row.id,
    name: row.name,
    mailbox: row.mailbox,
    building: { id: row.building_id, name: row.building_name, city: row.city, timeZone: row.time_zone },
    floor: row.floor,
    capacity: row.capacity,
    equipment: row.equipment,
    needsApproval: row.needs_approval,
    ownApproval: row.own_approval,
    active: row.active,
    version: row.version,
  }
}
