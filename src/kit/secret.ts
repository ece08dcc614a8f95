import { createHash, timingSafeEqual } from 'node:crypto'

/** Why a secret is being opened. The list is closed so that a reviewer can find every use. */
export type OpeningReason = 'seal' | 'call' | 'refresh' | 'exchange' | 'client_authentication' | 'compare' | 'show_once'

/**
 * A value that cannot be printed by accident: every conversion says `[sealed]`. Opening one names the reason, so that all
 * places where a secret is in the clear are found by searching for `.open(`.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  open(reason: OpeningReason): string {
    void reason
    return this.#value
  }

  toString(): string {
    return '[sealed]'
  }

  toJSON(): string {
    return '[sealed]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[sealed]'
  }
}

/** SHA-256, the only form in which one-time values and tokens of ours are stored. */
export function sha256(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest()
}

/** Compares two texts in constant time by their digests, so that unequal lengths do not throw or tell. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}
