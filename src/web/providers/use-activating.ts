import { useState } from 'react'
import { activateSyncConfigurations, deactivateSyncConfigurations } from '#providers/sync-configuration.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { type Act, useBulk } from '../shell/use-bulk.ts'

type Verb = 'activate' | 'deactivate'

const done = { activate: 'activated', deactivate: 'deactivated' }

/** Each is a few rows; so many make one request, and a bar that moves. */
const atOnce = 20

/** Activates or deactivates rooms, with the outcome of each. */
export function useActivating() {
  const [verb, setVerb] = useState<Verb>('activate')
  const { run, ...bulk } = useBulk({ atOnce, onDone: () => refreshFeature('providers') })
  const start = (wanted: Verb, ids: readonly string[]) => {
    bulk.forget()
    setVerb(wanted)
    void run(ids, acts[wanted])
  }
  return { ...bulk, start, did: done[verb] }
}

const acts: Record<Verb, Act> = {
  activate: acting(activateSyncConfigurations),
  deactivate: acting(deactivateSyncConfigurations),
}

function acting(operation: typeof activateSyncConfigurations | typeof deactivateSyncConfigurations): Act {
  return async (ids) => {
    const { outcomes } = await call(operation, { body: { ids: [...ids] } })
    return outcomes.map(({ id, ok, say }) => ({ id, meaning: ok ? 'good' : 'refused', say }))
  }
}
