import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import { type AuditEntry, recordAudits } from './audit.ts'

/**
 * The trail of what happens hundreds of times a minute. The first time is an entry of its own; what follows is counted here and written at
 * most once a minute, with the times of the first and the last.
 *
 * What is done for somebody has its first entry committed before `count` resolves: a process that is killed loses at most the numbers of
 * its last minute, never that it happened. What the system does by itself does not wait: its first entry is committed within about a
 * second, together with all others of that second, and a killed process loses at most that second. Nobody gets further ahead of the
 * trail: when entries cannot be written, or are late, everybody waits for theirs, and is refused with them.
 */
export type Tallies = {
  /** What is done again and again: equal keys are one thing. */
  of: (key: string, entry: () => AuditEntry) => Tally
  /** Writes what was counted and not written yet. */
  close: () => Promise<void>
}

export type Tally = {
  /**
   * It was done once more; `part` says what differs from one time to the next, and is counted by itself. Nothing to wait for when an
   * entry of the last minute says it already. @throws when the entry cannot be written
   */
  count: (part?: TalliedPart) => Promise<void> | undefined
  /** Nothing happened for so long that it was let go; ask for it anew. */
  readonly isOver: boolean
}

export type TalliedPart = Record<string, string | number | null>

export type TalliesDeps = {
  db: Database
  seams: Pick<Seams, 'now' | 'wait'>
  log: Log
  /** Told what was written. It is not part of it: if it fails, that is in the log. */
  afterwards?: (written: readonly AuditEntry[]) => Promise<void>
}

const everyMs = 60_000
/** How often what is due is written without anybody waiting for it. */
const lookEveryMs = 1_000
/** How much later than it is due an entry may be before those whom it tells of wait for it. */
const graceMs = 5_000
/** Different parts that one entry names; further ones are in the count alone. */
const partsMax = 50
/** One transaction holds the chain's lock. */
const batchMax = 500

export function openTallies(deps: TalliesDeps): Tallies {
  const tallies = new Map<string, OneTally>()
  const writer = new Writer(deps)
  const ending = new AbortController()
  const looking = lookUntil(ending.signal, deps, () => writeDue(tallies, deps))
  return {
    of: (key, entry) => {
      const known = tallies.get(key) ?? new OneTally(entry, writer, deps.seams.now)
      tallies.set(key, known)
      return known
    },
    close: async () => {
      ending.abort()
      await looking
      await Promise.all([...tallies.values()].map((tally) => tally.writtenUp()))
    },
  }
}

async function lookUntil(signal: AbortSignal, { seams }: TalliesDeps, look: () => void): Promise<void> {
  while (!signal.aborted) {
    await seams.wait(lookEveryMs, signal)
    if (!signal.aborted) look()
  }
}

function writeDue(tallies: Map<string, OneTally>, { seams }: TalliesDeps): void {
  const nowMs = seams.now().getTime()
  const due: OneTally[] = []
  for (const [key, tally] of tallies) {
    if (!tally.isDue(nowMs)) continue
    if (tally.letGo()) tallies.delete(key)
    else due.push(tally)
  }
  // What cannot be written is in the log, and is due again at the next look.
  Promise.all(due.map((tally) => tally.writtenUp())).catch(() => undefined)
}

/** What was counted since the last entry. */
type Counted = { count: number; firstMs: number; lastMs: number; parts: Parts | null }
type Parts = Map<string, { part: TalliedPart; count: number }>

class OneTally implements Tally {
  readonly entry: () => AuditEntry
  readonly #writer: Writer
  readonly #now: () => Date
  /** Done by nobody's order: nobody waits for its first entry. */
  readonly #mayBeLate: boolean
  isOver = false
  #count = 0
  #firstMs = 0
  #lastMs = 0
  #parts: Parts | null = null
  #writtenAtMs = Number.NEGATIVE_INFINITY
  /** While an entry is on its way; who comes meanwhile waits for it and is counted for the next. */
  #writing: Promise<void> | null = null

  constructor(entry: () => AuditEntry, writer: Writer, now: () => Date) {
    this.entry = entry
    this.#writer = writer
    this.#now = now
    this.#mayBeLate = entry().actorId === null
  }

  count(part?: TalliedPart): Promise<void> | undefined {
    const nowMs = this.#now().getTime()
    if (this.#count === 0) this.#firstMs = nowMs
    this.#count += 1
    this.#lastMs = nowMs
    if (part !== undefined) this.#addPart(part, 1)
    return this.#mayGoAhead(nowMs) ? undefined : this.#written()
  }

  /** Its last entry is a minute old or more, and none is on its way. */
  isDue(nowMs: number): boolean {
    return this.#sinceWrittenMs(nowMs) >= everyMs && this.#writing === null
  }

  letGo(): boolean {
    this.isOver = this.#count === 0
    return this.isOver
  }

  async writtenUp(): Promise<void> {
    await this.#writing
    if (this.#count > 0) await this.#written()
  }

  take(): Counted {
    const taken = { count: this.#count, firstMs: this.#firstMs, lastMs: this.#lastMs, parts: this.#parts }
    this.#count = 0
    this.#parts = null
    return taken
  }

  /** Its entry was not written: what was taken is still to be told. */
  giveBack({ count, firstMs, lastMs, parts }: Counted): void {
    if (this.#count === 0) this.#lastMs = lastMs
    this.#firstMs = firstMs
    this.#count += count
    for (const { part, count: times } of parts?.values() ?? []) this.#addPart(part, times)
  }

  wasWritten(atMs: number): void {
    this.#writtenAtMs = atMs
  }

  /** Its entry was written within the last minute, or will be in a moment. */
  #mayGoAhead(nowMs: number): boolean {
    const sinceMs = this.#sinceWrittenMs(nowMs)
    if (sinceMs < everyMs) return true
    if (this.#writer.isFailing) return false
    if (sinceMs < everyMs + graceMs) return true
    const waitedMs = nowMs - this.#firstMs
    return this.#mayBeLate && waitedMs >= 0 && waitedMs < graceMs
  }

  /** A clock that was set back counts as for ever. */
  #sinceWrittenMs(nowMs: number): number {
    const ageMs = nowMs - this.#writtenAtMs
    return ageMs >= 0 ? ageMs : Number.POSITIVE_INFINITY
  }

  #written(): Promise<void> {
    this.#writing ??= this.#writer.write(this).finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  #addPart(part: TalliedPart, times: number): void {
    this.#parts ??= new Map()
    const key = JSON.stringify(part)
    const known = this.#parts.get(key)
    if (known !== undefined) known.count += times
    else if (this.#parts.size < partsMax) this.#parts.set(key, { part, count: times })
  }
}

/** Writes entries in turns: whatever comes while one transaction is under way goes into the next, so that a crowd waits for two and not for all. */
class Writer {
  readonly #deps: TalliesDeps
  readonly #waiting = new Set<OneTally>()
  #current: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null
  /** The last attempt failed. */
  isFailing = false

  constructor(deps: TalliesDeps) {
    this.#deps = deps
  }

  write(tally: OneTally): Promise<void> {
    this.#waiting.add(tally)
    this.#next ??= this.#afterCurrent()
    return this.#next
  }

  async #afterCurrent(): Promise<void> {
    await this.#current.catch(() => undefined)
    this.#next = null
    const batch = [...this.#waiting]
    this.#waiting.clear()
    this.#current = this.#commitAll(batch)
    return this.#current
  }

  async #commitAll(batch: readonly OneTally[]): Promise<void> {
    for (let from = 0; from < batch.length; from += batchMax) await this.#commit(batch.slice(from, from + batchMax))
  }

  async #commit(batch: readonly OneTally[]): Promise<void> {
    const { db, seams, log, afterwards } = this.#deps
    const atMs = seams.now().getTime()
    const taken = batch.map((tally) => ({ tally, counted: tally.take() }))
    const entries = taken.map(({ tally, counted }) => entryOf(tally.entry(), counted))
    try {
      await recordAudits(db, entries)
    } catch (problem) {
      this.#failed(problem)
      for (const { tally, counted } of taken) tally.giveBack(counted)
      throw problem
    }
    this.isFailing = false
    for (const { tally } of taken) tally.wasWritten(atMs)
    await afterwards?.(entries).catch((problem: unknown) => {
      log.warn({ problem: String(problem) }, 'what follows a count of the audit trail was not done')
    })
  }

  #failed(problem: unknown): void {
    const say =
      'counts of the audit trail cannot be written; they are kept and tried again, and what they count is refused meanwhile'
    if (!this.isFailing) this.#deps.log.warn({ problem: String(problem) }, say)
    this.isFailing = true
  }
}

function entryOf(entry: AuditEntry, { count, firstMs, lastMs, parts }: Counted): AuditEntry {
  const times = { count, first: new Date(firstMs).toISOString(), last: new Date(lastMs).toISOString() }
  if (parts === null) return { ...entry, details: { ...entry.details, ...times } }
  const calls = [...parts.values()].map(({ part, count: often }) => ({ ...part, count: often }))
  return { ...entry, details: { ...entry.details, ...times, calls } }
}
