/** Attempts per key that refill with time: somebody who guesses is slowed down, and nobody is ever locked out for good. */
export type TokenBuckets = {
  /** Takes one attempt; false when there is none left for now. */
  take: (key: string) => boolean
  /** Fills the bucket again: the attempt was right. */
  forgive: (key: string) => void
}

export type BucketSize = { capacity: number; refillMs: number }

/** Memory is bounded too: past this many keys the one that was quiet longest is forgotten. */
const keysMax = 10_000

/** Buckets in this process's memory. Several processes each count for themselves, which multiplies the limit by their number. */
export function openTokenBuckets(now: () => Date, { capacity, refillMs }: BucketSize): TokenBuckets {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take: (key) => {
      const at = now().getTime()
      const before = buckets.get(key) ?? { left: capacity, at }
      const left = Math.min(capacity, before.left + (at - before.at) / refillMs)
      const allowed = left >= 1
      buckets.delete(key)
      buckets.set(key, { left: allowed ? left - 1 : left, at })
      if (buckets.size > keysMax) forgetOldest(buckets)
      return allowed
    },
    forgive: (key) => void buckets.delete(key),
  }
}

/** A Map iterates in the order of insertion, and every use inserts anew. */
function forgetOldest(buckets: Map<string, unknown>): void {
  for (const key of buckets.keys()) {
    buckets.delete(key)
    return
  }
}
