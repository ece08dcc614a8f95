import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { createBuilding, listBuildings, readBuilding, updateBuilding } from './building-record.ts'
import type { KeepingDeps } from './keeping.ts'
import * as contract from './room-record.contract.ts'
import { createRoom, listRooms, readRoom, updateRoom } from './room-record.ts'

export function mountRoomRecords(router: Router, deps: KeepingDeps): void {
  mount(router, contract.listRoomRecords, ({ query }) => listRooms(deps, query))
  mount(router, contract.readRoomRecord, ({ params }) => readRoom(deps.db, params.id))
  mountSignedIn(router, contract.createRoom, ({ body, ...editor }) => createRoom(deps, body, editor))
  mountSignedIn(router, contract.updateRoom, ({ params, body, ...editor }) => updateRoom(deps, params.id, body, editor))
  mount(router, contract.listBuildingRecords, ({ query }) => listBuildings(deps, query))
  mount(router, contract.readBuildingRecord, ({ params }) => readBuilding(deps.db, params.id))
  mountSignedIn(router, contract.createBuilding, ({ body, ...editor }) => createBuilding(deps, body, editor))
  mountSignedIn(router, contract.updateBuilding, ({ params, body, ...editor }) =>
    updateBuilding(deps, params.id, body, editor),
  )
}
