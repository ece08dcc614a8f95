import type { Owner } from '../scheduler/scheduler.ts'

/** Who will die, after how many more of its steps. */
export class Doom {
  readonly #doomed = new Map<Owner, { stepsLeft: number; strike: () => void }>()

  put(owner: Owner, stepsLeft: number, strike: () => void): void {
    if (!this.#doomed.has(owner)) this.#doomed.set(owner, { stepsLeft, strike })
  }

  clear(): void {
    this.#doomed.clear()
  }

  /** Called before each step: whose it is. It may be the one that is never taken. */
  comesTo(owner: Owner | null): void {
    const doomed = owner && this.#doomed.get(owner)
    if (!owner || !doomed || doomed.stepsLeft-- > 0) return
    this.#doomed.delete(owner)
    doomed.strike()
  }
}
