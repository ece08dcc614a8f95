import { mountSignedIn, type Router } from '#http/mount.ts'
import * as contract from './contract.ts'
import type { WatchDeps } from './deps.ts'
import { compareNow, probeNow, readNow } from './do-now.ts'
import * as item from './item.contract.ts'
import { listItems, processItems, readItem } from './list-items.ts'
import { listNotifications } from './list-notifications.ts'
import { listRooms, readRoomRecord } from './list-rooms.ts'
import { listSubscriptions, renewNow } from './list-subscriptions.ts'
import * as notification from './notification.contract.ts'
import { readRoomFresh } from './read-fresh.ts'
import { readRegistry, rotateRegistry } from './registry.ts'
import { releaseHold } from './release.ts'
import * as subscription from './subscription.contract.ts'

/** How rooms are watched, and what was read of them. Where notifications come in is apart (notification-door.ts). */
export function mountWatch(router: Router, deps: WatchDeps): void {
  mountRooms(router, deps)
  mountSignedIn(router, subscription.listWatchSubscriptions, ({ query }) => listSubscriptions(deps, query))
  mountSignedIn(router, subscription.renewWatchSubscription, ({ params }) => renewNow(deps, params.id))
  mountSignedIn(router, subscription.readRegistry, () => readRegistry(deps))
  mountSignedIn(router, subscription.rotateRegistryNow, async ({ actor, requestId }) => {
    await rotateRegistry(deps, { actor, requestId })
    return readRegistry(deps)
  })
  mountSignedIn(router, notification.listChangeNotifications, ({ query }) => listNotifications(deps.db, query))
  mountSignedIn(router, item.listCalendarItems, ({ query }) => listItems(deps.db, query))
  mountSignedIn(router, item.readCalendarItem, ({ params }) => readItem(deps.db, params.id))
  mountSignedIn(router, item.processCalendarItems, async ({ body }) => ({
    outcomes: await processItems(deps, body.ids),
  }))
}

function mountRooms(router: Router, deps: WatchDeps): void {
  mountSignedIn(router, contract.listWatchedRooms, ({ query }) => listRooms(deps, query))
  mountSignedIn(router, contract.readWatchedRoom, ({ params }) => readRoomRecord(deps, params.id))
  mountSignedIn(router, contract.readRoomNow, ({ params }) => readNow(deps, params.id))
  mountSignedIn(router, contract.compareRoomNow, ({ params }) => compareNow(deps, params.id))
  mountSignedIn(router, contract.probeRoomNow, ({ params }) => probeNow(deps, params.id))
  mountSignedIn(router, contract.releaseRoom, async ({ params, body, actor, requestId }) => {
    await releaseHold(deps, { roomId: params.id, word: body.word }, { actor, requestId })
    return readRoomRecord(deps, params.id)
  })
  mountSignedIn(router, contract.lookAtRoom, async ({ params }) => ({
    readAt: (await readRoomFresh(deps, params.id))?.toISOString() ?? null,
  }))
}
