import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { setTimeout as timer } from 'node:timers/promises'

/** Every effect the product has on the outside of its own process that a test may want to hold still. They arrive as arguments. */
export type Seams = {
  fetch: typeof globalThis.fetch
  now: () => Date
  /** UUID version 7 (RFC 9562 section 5.7): sorts by time, so primary keys stay local on disk. */
  newId: () => string
  randomBytes: (count: number) => Uint8Array
  /** Resolves after so many milliseconds, or at once (without throwing) when the signal aborts. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
}

export const realSeams: Seams = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => new Date(),
  newId: () => randomUUIDv7(),
  randomBytes: (count) => randomBytes(count),
  wait: async (ms, signal) => {
    await timer(ms, undefined, signal ? { signal, ref: true } : { ref: true }).catch(() => undefined)
  },
}
