import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'
import {
  forgetWait,
  type Lane,
  noteWait,
  releaseSlot,
  selectPauseMs,
  slotsMax,
  takeSlot,
  type Urgency,
} from './queries.ts'

export type DoorParts = {
  db: Database
  seams: Pick<Seams, 'newId' | 'now' | 'wait' | 'randomBytes'>
  lane: Lane
  /** Tells this process from others. */
  process: string
  slotMs: number
  /** Nobody waits here and nobody is in. */
  onIdle: () => void
}

/** `full`: no slot became free in time. */
export type Entry = { is: 'in'; leave: () => Promise<void> } | { is: 'paused'; waitMs: number } | { is: 'full' }

type Waiting = { giveUpAt: number; enter: (entry: Entry) => void; fail: (problem: unknown) => void }

/** Shorter than the time-out of a call, which has begun when its caller comes here. */
const patienceMs = 10_000

/** While another process has the slots: how long until the next look, plus as much again at random, so that looks do not meet. */
const lookMs = 15

/** A process that waits says so again at every look; one that was killed is waited for no longer than this. */
const waitNoteMs = 150

/**
 * Where the callers of one mailbox wait in this process: those that a person waits for first, then in order. One of them at a time asks the
 * database for a slot; while this process has them all nobody asks.
 */
export class Door {
  readonly #parts: DoorParts
  readonly #waiting: Record<Urgency, Waiting[]> = { interactive: [], bulk: [] }
  #inside = 0
  #opening = false
  #noted = false
  #stir = new AbortController()

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  /** Waits for a turn and a slot. */
  enter(urgency: Urgency): Promise<Entry> {
    const { promise, resolve, reject } = Promise.withResolvers<Entry>()
    const giveUpAt = this.#parts.seams.now().getTime() + patienceMs
    this.#waiting[urgency].push({ giveUpAt, enter: resolve, fail: reject })
    this.#stir.abort()
    if (!this.#opening) void this.#open()
    return promise
  }

  async #open(): Promise<void> {
    this.#opening = true
    try {
      for (let urgency = this.#first(); urgency !== null; urgency = this.#first()) await this.#admit(urgency)
    } catch (problem) {
      for (const { fail } of this.#everybody()) fail(problem)
    } finally {
      this.#opening = false
      this.#tellIfIdle()
    }
  }

  /** Whose turn it is. Whoever waited too long has left. */
  #first(): Urgency | null {
    const now = this.#parts.seams.now().getTime()
    for (const queue of Object.values(this.#waiting))
      while (queue[0] !== undefined && queue[0].giveUpAt <= now) queue.shift()?.enter({ is: 'full' })
    if (this.#waiting.interactive.length > 0) return 'interactive'
    return this.#waiting.bulk.length > 0 ? 'bulk' : null
  }

  /** Lets the first of this urgency in, or waits until that can be tried again. */
  async #admit(urgency: Urgency): Promise<void> {
    const { db, lane, process } = this.#parts
    this.#stir = new AbortController()
    if (this.#inside >= slotsMax) return this.#pause(this.#firstGivesUpInMs())
    const entry = await this.#take(urgency)
    if (entry !== null) {
      this.#inside += 1
      this.#waiting[urgency].shift()?.enter(entry)
      if (this.#noted) await forgetWait(db, lane, process)
      this.#noted = false
      return
    }
    const waitMs = await selectPauseMs(db, lane)
    if (waitMs > 0) {
      for (const { enter } of this.#everybody()) enter({ is: 'paused', waitMs })
      return
    }
    await noteWait(db, { ...lane, process, urgency, inside: this.#inside }, waitNoteMs)
    this.#noted = true
    await this.#pause(lookMs + (lookMs * (this.#parts.seams.randomBytes(1)[0] ?? 0)) / 255)
  }

  async #take(urgency: Urgency): Promise<Entry | null> {
    const { db, seams, lane, process, slotMs } = this.#parts
    const holder = seams.newId()
    const preferred = 1 + ((seams.randomBytes(1)[0] ?? 0) % slotsMax)
    const slot = await takeSlot(db, {
      ...lane,
      process,
      holder,
      urgency,
      inside: this.#inside,
      preferred,
      ttlMs: slotMs,
    })
    return slot === null ? null : { is: 'in', leave: () => this.#leave(holder) }
  }

  async #leave(holder: string): Promise<void> {
    // The caller has its answer, which must not be lost for this; what is not given back lapses.
    await releaseSlot(this.#parts.db, this.#parts.lane, holder).catch(() => undefined)
    this.#inside -= 1
    this.#stir.abort()
    this.#tellIfIdle()
  }

  /** Until somebody leaves or comes, at most so long. */
  #pause(ms: number): Promise<void> {
    return this.#parts.seams.wait(ms, this.#stir.signal)
  }

  #firstGivesUpInMs(): number {
    const moments = Object.values(this.#waiting).flatMap(([first]) => first?.giveUpAt ?? [])
    return Math.max(0, Math.min(...moments) - this.#parts.seams.now().getTime())
  }

  #tellIfIdle(): void {
    if (this.#inside === 0 && !this.#opening) this.#parts.onIdle()
  }

  #everybody(): Waiting[] {
    return [...this.#waiting.interactive.splice(0), ...this.#waiting.bulk.splice(0)]
  }
}
