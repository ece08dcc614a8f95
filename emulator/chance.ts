import { randomBytes } from 'node:crypto'

/**
 * Where a tenant's ids, keys and luck come from: the system's randomness, or one function from 0 to 1 so that the same seed gives the
 * same run. Nothing else in the tenant draws.
 */
export class Chance {
  readonly #random: (() => number) | null

  constructor(random: (() => number) | null = null) {
    this.#random = random
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    return this.#random === null ? randomBytes(4).readUInt32LE() / 2 ** 32 : this.#random()
  }

  bytes(count: number): Buffer {
    if (this.#random === null) return randomBytes(count)
    const bytes = Buffer.alloc(Math.ceil(count / 4) * 4)
    for (let at = 0; at < count; at += 4) bytes.writeUInt32LE(Math.floor(this.#random() * 2 ** 32), at)
    return bytes.subarray(0, count)
  }

  /** A version 4 UUID (RFC 9562, 5.4). */
  uuid(): string {
    const bytes = this.bytes(16)
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1))
  }

  /** True with this probability. Never and always draw nothing, so that a switch nobody turned leaves a seeded run as it was. */
  happens(probability: number): boolean {
    if (probability <= 0) return false
    return probability >= 1 || this.fraction() < probability
  }
}
