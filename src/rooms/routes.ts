import { mountSignedIn, type Router } from '#http/mount.ts'
import { listBuildings, listRooms } from './contract.ts'
import type { RoomsDeps } from './deps.ts'
import { selectBuildings } from './queries.ts'
import { findRooms } from './room.ts'

export function mountRooms(router: Router, deps: RoomsDeps): void {
  mountSignedIn(router, listBuildings, async () => ({ buildings: await selectBuildings(deps.db) }))
  mountSignedIn(router, listRooms, async ({ query }) => ({ rooms: await findRooms(deps.db, query) }))
}
