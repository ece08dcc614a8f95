import type { Database } from '#db/database.ts'
import type { Acting } from '#providers/acting.ts'
import type { RoomSync } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import type { WatchRow } from './watch-queries.ts'

type Wanted = { watch: WatchRow; sync: RoomSync; watcher: Acting }

export async function wantRoomSubscription(_trx: Database, _deps: WatchDeps, _wanted: Wanted): Promise<void> {}
export async function unwantSubscriptions(_trx: Database, _roomId: string, _now: Date): Promise<void> {}
