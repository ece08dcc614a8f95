import type { SyncDeps } from './deps.ts'

/** Exchange lets one application make four calls at a time to one mailbox (Graph throttling limits, Outlook); one is left for others. */
const callsAtATimeMax = 3

type Resolve = SyncDeps['resolve']

/**
 * The same resolving, with fetches that take turns: of one person's calendar at most three calls are under way in this process,
 * however many of their reservations are. Others do not wait for them.
 */
export function paced(resolve: Resolve): Resolve {
  const gates = new Map<string, Gate>()
  return async (aliasId, who) => {
    const found = await resolve(aliasId, who)
    if (found.is !== 'ready') return found
    return { ...found, fetch: (path, init) => passing(gates, who.userId, () => found.fetch(path, init)) }
  }
}

type Gate = { inside: number; waiting: (() => void)[] }

async function passing<T>(gates: Map<string, Gate>, key: string, work: () => Promise<T>): Promise<T> {
  const gate = gates.get(key) ?? { inside: 0, waiting: [] }
  gates.set(key, gate)
  // Whoever leaves hands their place on, so the count stays.
  if (gate.inside < callsAtATimeMax) gate.inside++
  else await new Promise<void>((enter) => gate.waiting.push(enter))
  try {
    return await work()
  } finally {
    const next = gate.waiting.shift()
    if (next) next()
    else if (--gate.inside === 0) gates.delete(key)
  }
}
