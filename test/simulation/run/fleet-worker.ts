import { openStoreKeeper, type StoreKeeper, type StoreKind } from '../database/store.ts'
import type { FleetNews, FleetTask } from './fleet.ts'
import { runSeed } from './run-seed.ts'

/* One process of a fleet: runs the seeds it is given, one after the other, and tells of each. */
const keepers = new Map<StoreKind, Promise<StoreKeeper>>()

process.on('message', (task: FleetTask) => {
  run(task).catch((problem: unknown) => {
    process.stderr.write(`${problem instanceof Error ? problem.stack : String(problem)}\n`)
    process.exit(1)
  })
})
process.on('disconnect', async () => {
  for (const keeper of keepers.values()) await (await keeper).close()
  process.exit(0)
})
tell({ is: 'ready' })

async function run({ seeds, store, ...wish }: FleetTask): Promise<void> {
  const keeper = keepers.get(store) ?? openStoreKeeper(store)
  keepers.set(store, keeper)
  for (const seed of seeds) tell({ is: 'outcome', outcome: await runSeed(await keeper, { seed, ...wish }) })
  tell({ is: 'done' })
}

function tell(news: FleetNews): void {
  process.send?.(news)
}
