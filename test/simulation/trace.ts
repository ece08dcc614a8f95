/** What happened, line by line: its hash tells two runs apart, its last lines tell what led to a violation. */
export class Trace {
  readonly #kept: string[] = []
  readonly #told: string[] = []
  readonly #keepMax: number
  #first = 0x811c9dc5
  #second = 0x9e3779b9
  #count = 0

  constructor(keepMax: number) {
    this.#keepMax = keepMax
  }

  /** Steps counted so far. */
  get count(): number {
    return this.#count
  }

  get lines(): readonly string[] {
    return this.#kept.slice(-this.#keepMax)
  }

  get story(): readonly string[] {
    return this.#told.slice(-this.#keepMax)
  }

  get hash(): string {
    return [this.#first, this.#second].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /** Notes a step. Kept as a line only while somebody may want to read it. */
  note(atMs: number, who: string, what: string): void {
    this.#take(atMs, who, what)
    if (this.#keepMax > 0) this.#keep(this.#kept, lineOf(atMs, who, what))
  }

  /** Notes what people and Microsoft did, and what was decided: the story of a run, which is far shorter than its steps. */
  tell(atMs: number, who: string, what: string): void {
    this.#take(atMs, who, what)
    if (this.#keepMax > 0) for (const lines of [this.#kept, this.#told]) this.#keep(lines, lineOf(atMs, who, what))
  }

  #take(atMs: number, who: string, what: string): void {
    this.#count += 1
    this.#mix(atMs)
    for (let index = 0; index < who.length; index++) this.#mix(who.charCodeAt(index))
    for (let index = 0; index < what.length; index++) this.#mix(what.charCodeAt(index))
  }

  #keep(lines: string[], line: string): void {
    lines.push(line)
    if (lines.length > this.#keepMax * 2) lines.splice(0, lines.length - this.#keepMax)
  }

  /** FNV-1a twice, from two beginnings, the second over the first. */
  #mix(value: number): void {
    this.#first = Math.imul(this.#first ^ (value & 0xffffffff), 0x01000193)
    this.#second = Math.imul(this.#second ^ this.#first, 0x01000193)
  }
}

function lineOf(atMs: number, who: string, what: string): string {
  const line = what.length > 400 ? `${what.slice(0, 400)} …` : what
  return `${new Date(atMs).toISOString().slice(0, 23)} ${who}: ${line.replaceAll(/\s+/g, ' ').trim()}`
}
