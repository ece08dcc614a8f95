import type { Written } from '../database/commit-hook.ts'
import { isWrite } from '../outside/call.ts'
import type { World } from '../world/world.ts'

/** Lets the trace tell what was decided and what was written to Outlook, for whoever reads why a run failed. */
export function tellStory(world: World): void {
  world.commitWatchers.push(({ process, written }) => {
    for (const one of written)
      if (one.table === 'sync_decisions') world.note(`${process.name} decides: ${shortOf(one)}`)
  })
  world.network.watch({
    ended: (call) => {
      if (isWrite(call))
        world.note(
          `${call.process} wrote: ${call.method} ${call.path.slice(0, 60)} ${call.status} ${JSON.stringify(call.body).slice(0, 200)}`,
        )
    },
  })
}

function shortOf({ parameters }: Written): string {
  return parameters.map((value) => (value instanceof Date ? value.toISOString() : JSON.stringify(value))).join(' ')
}
