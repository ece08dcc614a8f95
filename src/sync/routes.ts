import { mountSignedIn, type Router } from '#http/mount.ts'
import * as healthContract from './health.contract.ts'
import { sharedHealth } from './health.ts'
import { listSyncEvents } from './list-sync-events.ts'
import { readSyncEvent } from './read-sync-event.ts'
import { type ReprocessDeps, reprocess, reprocessMany } from './reprocess.ts'
import * as storyContract from './story.contract.ts'
import { readStory } from './story.ts'
import * as contract from './sync-event.contract.ts'

/** What goes to Outlook, what was decided, and how it all is. */
export function mountSync(router: Router, deps: ReprocessDeps): void {
  const health = sharedHealth(deps)
  mountSignedIn(router, contract.listSyncEvents, ({ query }) => listSyncEvents(deps, query))
  mountSignedIn(router, contract.readSyncEvent, ({ params }) => readSyncEvent(deps, params.seq))
  mountSignedIn(router, contract.reprocessSyncEvents, async ({ actor, body, requestId }) => ({
    outcomes: await reprocessMany(deps, { actor, requestId }, body.seqs),
  }))
  mountSignedIn(router, contract.reprocessSyncEvent, ({ actor, params, requestId }) =>
    reprocess(deps, { actor, requestId }, params.seq),
  )
  mountSignedIn(router, storyContract.readStory, ({ actor, params }) => readStory(deps, actor, params.id))
  mountSignedIn(router, healthContract.readHealth, () => health())
}
