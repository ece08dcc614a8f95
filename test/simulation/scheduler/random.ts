/**
 * Chance that a seed decides, and nothing else: sfc32, which passes the usual tests of randomness and is four additions long. Each part of
 * a run forks its own stream by name, so that one more throw of one part's dice changes nothing for the others.
 */
export class Random {
  readonly #name: string
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(name: string) {
    this.#name = name
    this.#a = hash(name, 0x9e3779b9)
    this.#b = hash(name, 0x243f6a88)
    this.#c = hash(name, 0xb7e15162)
    for (let round = 0; round < 12; round++) this.#next()
  }

  fork(name: string): Random {
    return new Random(`${this.#name}/${name}`)
  }

  /** From 0 up to, and never, 1. */
  fraction(): number {
    return this.#next() / 2 ** 32
  }

  /** A whole number below `count`. */
  below(count: number): number {
    return Math.floor(this.fraction() * count)
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** @throws when there is nothing to choose from. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('nothing to choose from')
    return choices[this.below(choices.length)] as T
  }

  /** One of several by their weights. */
  weighted<T>(choices: readonly { weight: number; value: T }[]): T {
    let left = this.fraction() * choices.reduce((sum, { weight }) => sum + weight, 0)
    for (const { weight, value } of choices) {
      left -= weight
      if (left < 0) return value
    }
    throw new Error('nothing to choose from')
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.fraction() }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item)
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256))
  }

  /** The shape of a UUID version 7 (RFC 9562 section 5.7): the time, then chance. */
  uuid(atMs: number): string {
    const time = Math.floor(atMs).toString(16).padStart(12, '0')
    const more = [...this.bytes(9)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${more.slice(0, 3)}-8${more.slice(3, 6)}-${more.slice(6, 18)}`
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }
}

/** FNV-1a, with a start of one's own. */
function hash(text: string, start: number): number {
  let value = start
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
