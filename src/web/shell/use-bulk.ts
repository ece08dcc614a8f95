import { useState } from 'react'
import type { Meaning } from '../design/meaning.tsx'
import { asProblem } from './api-problem.ts'

/** What came of one row. */
export type Outcome = { meaning: Extract<Meaning, 'good' | 'refused'>; say: string }

/** Does it to these rows, and says what came of each. */
export type Act = (ids: readonly string[]) => Promise<readonly (Outcome & { id: string })[]>

type Bulk = {
  run: (ids: readonly string[], act: Act) => Promise<void>
  /** How far it is, while it runs. */
  progress: { done: number; of: number } | null
  outcomes: ReadonlyMap<string, Outcome>
  forget: () => void
}

type BulkOptions = {
  /** How many go in one request: fewer show the progress finer. */
  atOnce: number
  onDone: () => void
}

/** Does something to many rows, a few at a time, with the outcome of each. What fails holds up nothing that follows. */
export function useBulk({ atOnce, onDone }: BulkOptions): Bulk {
  const [progress, setProgress] = useState<Bulk['progress']>(null)
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const run: Bulk['run'] = async (ids, act) => {
    const found = new Map<string, Outcome>()
    for (let from = 0; from < ids.length; from += atOnce) {
      setProgress({ done: from, of: ids.length })
      const some = ids.slice(from, from + atOnce)
      for (const { id, meaning, say } of await actOn(some, act)) found.set(id, { meaning, say })
      setOutcomes(new Map(found))
    }
    setProgress(null)
    onDone()
  }
  return { run, progress, outcomes, forget: () => setOutcomes(new Map()) }
}

async function actOn(ids: readonly string[], act: Act) {
  try {
    return await act(ids)
  } catch (thrown) {
    const say = asProblem(thrown).detail
    return ids.map((id) => ({ id, meaning: 'refused' as const, say }))
  }
}
