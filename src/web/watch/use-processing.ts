import { processCalendarItems } from '#watch/item.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useBulk } from '../shell/use-bulk.ts'

/** So many in one request: few enough that the progress moves. */
const atOnce = 20

/** Has calendar items compared with the reservations once more, with the outcome of each. */
export function useProcessing() {
  const { run, ...bulk } = useBulk({ atOnce, onDone: () => refreshFeature('watch') })
  return { ...bulk, run: (ids: readonly string[]) => run(ids, processSome) }
}

export async function processSome(ids: readonly string[]) {
  const { outcomes } = await call(processCalendarItems, { body: { ids: [...ids] } })
  return outcomes.map(({ id, ok, say }) => ({ id, meaning: ok ? ('good' as const) : ('refused' as const), say }))
}
