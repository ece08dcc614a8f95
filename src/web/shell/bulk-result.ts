import type { Outcome } from './use-bulk.ts'

/** What came of many, in one sentence: `48 of 50 re-processed. 2 were not: each says why.` Null while there is nothing to say. */
export function bulkResult(
  outcomes: ReadonlyMap<string, Outcome>,
  done: string,
): { meaning: 'good' | 'attention'; say: string } | null {
  if (outcomes.size === 0) return null
  const good = [...outcomes.values()].filter(({ meaning }) => meaning === 'good').length
  const not = outcomes.size - good
  if (not === 0) return { meaning: 'good', say: `${good === 1 ? '1' : `All ${good}`} ${done}.` }
  const rest = not === 1 ? '1 was not, and says why.' : `${not} were not: each says why.`
  return { meaning: 'attention', say: `${good} of ${outcomes.size} ${done}. ${rest}` }
}
