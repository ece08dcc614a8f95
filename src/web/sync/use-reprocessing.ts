import { reprocessSyncEvents } from '#sync/sync-event.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useBulk } from '../shell/use-bulk.ts'

/** So many in one request: few enough that the progress moves, many enough that hundreds do not take long. */
const atOnce = 10

/** Lets sync events go out again, with the outcome of each. */
export function useReprocessing() {
  const { run, ...bulk } = useBulk({ atOnce, onDone: () => refreshFeature('sync') })
  return { ...bulk, run: (seqs: readonly string[]) => run(seqs, reprocess) }
}

async function reprocess(seqs: readonly string[]) {
  const { outcomes } = await call(reprocessSyncEvents, { body: { seqs: [...seqs] } })
  return outcomes.map(({ seq, is, say }) => {
    return { id: seq, meaning: is === 'refused' ? ('refused' as const) : ('good' as const), say }
  })
}
