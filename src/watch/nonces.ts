import type { WatchDeps } from './deps.ts'
import { selectNonces } from './registry-queries.ts'

/** However many unknown addresses are tried, the database is asked this often at most. */
const askEveryMs = 1_000

/** What is known is believed for so long; a rotated address is off no later. */
const believedMs = 10_000

/** More than this wait for nobody: they are told at once that there is nothing. */
const waitingMax = 200

/**
 * Which addresses are ours: that of the registry, and older ones that a subscription still uses. Kept in memory, since whoever floods us
 * with made-up ones must cost nothing.
 */
export class Nonces {
  readonly #deps: Pick<WatchDeps, 'db' | 'seams'>
  #known = new Set<string>()
  #askedAtMs = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | null = null
  #waiting = 0

  constructor(deps: Pick<WatchDeps, 'db' | 'seams'>) {
    this.#deps = deps
  }

  async has(nonce: string): Promise<boolean> {
    const ageMs = this.#deps.seams.now().getTime() - this.#askedAtMs
    if (this.#known.has(nonce) && ageMs < believedMs) return true
    if (this.#waiting >= waitingMax) return this.#known.has(nonce)
    this.#waiting += 1
    try {
      await this.#ask()
    } finally {
      this.#waiting -= 1
    }
    return this.#known.has(nonce)
  }

  /** One question for everybody who waits, and not before a second has passed since the last. */
  #ask(): Promise<void> {
    this.#asking ??= this.#askInTime().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #askInTime(): Promise<void> {
    const { db, seams } = this.#deps
    const restMs = this.#askedAtMs + askEveryMs - seams.now().getTime()
    if (restMs > 0) await seams.wait(Math.min(restMs, askEveryMs))
    this.#askedAtMs = seams.now().getTime()
    this.#known = new Set(await selectNonces(db))
  }
}
