import { useState } from 'react'
import { activateSyncConfigurations, deactivateSyncConfigurations } from '#providers/sync-configuration.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useBulk } from '../shell/use-bulk.ts'

type Verb = 'activate' | 'deactivate'

const operations = { activate: activateSyncConfigurations, deactivate: deactivateSyncConfigurations }
const done = { activate: 'activated', deactivate: 'deactivated' }

/** Each is a few rows; so many make one request, and a bar that moves. */
const atOnce = 20

/** Activates or deactivates rooms, with the outcome of each. */
export function useActivating() {
  const [verb, setVerb] = useState<Verb>('activate')
  const both = { activate: useVerb('activate'), deactivate: useVerb('deactivate') }
  const { progress, outcomes } = both[verb]
  const forget = () => {
    both.activate.forget()
    both.deactivate.forget()
  }
  const start = (wanted: Verb, ids: readonly string[]) => {
    forget()
    setVerb(wanted)
    void both[wanted].run(ids)
  }
  return { start, forget, progress, outcomes, did: done[verb] }
}

function useVerb(verb: Verb) {
  return useBulk({
    atOnce,
    act: async (ids) => {
      const { outcomes } = await call(operations[verb], { body: { ids: [...ids] } })
      return outcomes.map(({ id, ok, say }) => ({ id, meaning: ok ? 'good' : 'refused', say }))
    },
    onDone: () => refreshFeature('providers'),
  })
}
