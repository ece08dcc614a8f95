import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { BodyOf, QueryOf } from '#http/contract.ts'
import { sent } from '#kit/sent.ts'
import { refused } from './errors.ts'
import { auditRooms, type KeepingDeps, refusing, requireVersion } from './keeping.ts'
import {
  insertBuilding,
  listBuildingRows,
  lockBuildingRow,
  selectBuildingRow,
  updateBuildingRow,
} from './record-queries.ts'
import type {
  BuildingRecord,
  createBuilding as createContract,
  listBuildingRecords,
  updateBuilding as updateContract,
} from './room-record.contract.ts'

export async function listBuildings({ db }: Pick<KeepingDeps, 'db'>, query: QueryOf<typeof listBuildingRecords>) {
  const { rows, total } = await listBuildingRows(db, query)
  return { rows: rows.map(recordOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `rooms.building_not_found` */
export async function readBuilding(db: Database, id: string): Promise<BuildingRecord> {
  const row = await selectBuildingRow(db, id)
  if (row === undefined) throw refused('rooms.building_not_found')
  return recordOf(row)
}

/** @throws `rooms.building_exists` */
export async function createBuilding(
  deps: KeepingDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<BuildingRecord> {
  const id = deps.seams.newId()
  const { name, city, timeZone } = body
  const made = await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      await insertBuilding(trx, { id, name, city, time_zone: timeZone })
      await auditRooms(trx, editor, { action: 'rooms.create_building', subject: { kind: 'building', id, name } })
      return readBuilding(trx, id)
    }),
  )
  deps.publish({ topic: 'room', id, userId: null })
  return made
}

/** @throws `rooms.building_not_found`, `rooms.building_exists`, `rooms.changed_by_someone_else` */
export async function updateBuilding(
  deps: KeepingDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<BuildingRecord> {
  const changed = await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockBuildingRow(trx, id)
      if (row === undefined) throw refused('rooms.building_not_found')
      requireVersion(row, version)
      await updateBuildingRow(trx, id, sent({ name: body.name, city: body.city, time_zone: body.timeZone }))
      const subject = { kind: 'building', id, name: row.name } as const
      const details = { fields: Object.keys(body) }
      await auditRooms(trx, editor, { action: 'rooms.update_building', subject, details })
      return readBuilding(trx, id)
    }),
  )
  deps.publish({ topic: 'room', id, userId: null })
  return changed
}

const constraints = { buildings_name_key: { code: 'rooms.building_exists', field: 'name' } } as const

type Row = NonNullable<Awaited<ReturnType<typeof selectBuildingRow>>>

function recordOf(row: Row): BuildingRecord {
  const { id, name, city, version } = row
  return { id, name, city, timeZone: row.time_zone, roomCount: Number(row.room_count ?? 0), version }
}
