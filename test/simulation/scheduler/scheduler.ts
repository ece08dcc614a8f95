import type { Random } from './random.ts'

/** Whose turn it is: a process of the simulated service. Without one it is the world's. */
export type Owner = { name: string; state: 'running' | 'frozen' | 'dead' }

type Parked = { owner: Owner | null; label: string; resume: () => void; ready: (() => boolean) | null }
type Timer = { atMs: number; order: number; parked: Parked }

export type SchedulerOptions = {
  random: Random
  startMs: number
  /** Told each step: when, whose, what. */
  onStep?: (atMs: number, owner: Owner | null, label: string) => void
}

/** Something else that has a time of its own: when it next wants to do something, or null, and the doing. */
export type Alarm = { nextMs: () => number | null; ring: () => void }

/**
 * Cooperative tasks in one thread, over time that moves only when nobody has anything to do. Everything that a real process waits for (a
 * statement, a call, a timer) is a place where the task is parked; chance says who goes on next, so a seed is one order of everything.
 *
 * A task that went on runs until it is parked again. Between two steps the event loop turns once, which ends every promise that
 * was settled; what takes longer (a real database) says so with `during`.
 */
export class Scheduler {
  readonly #random: Random
  readonly #options: SchedulerOptions
  readonly #timers: Timer[] = []
  readonly #alarms: Alarm[] = []
  #parked: Parked[] = []
  #nowMs: number
  #order = 0
  #outside = 0
  #failure: { cause: unknown } | null = null

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#random = options.random
    this.#nowMs = options.startMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  now(): Date {
    return new Date(this.#nowMs)
  }

  /** A place where others may come first, and where a process may die: a promise that is kept in some later step, or never. */
  pause(owner: Owner | null, label: string, ready: (() => boolean) | null = null): Promise<void> {
    return new Promise((resume) => {
      if (owner?.state !== 'dead') this.#parked.push({ owner, label, resume, ready })
    })
  }

  /** The same after so many milliseconds; at once when the signal aborts. */
  wait(
    owner: Owner | null,
    ms: number,
    { label = 'wait', signal }: { label?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    if (signal?.aborted || owner?.state === 'dead') return owner?.state === 'dead' ? never : Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = this.#setTimer(ms, { owner, label, resume: resolve, ready: null })
    signal?.addEventListener('abort', () => this.#endEarly(timer), { once: true })
    return promise
  }

  addAlarm(alarm: Alarm): void {
    this.#alarms.push(alarm)
  }

  /** Starts something that nobody waits for. What it throws ends the run: a task of the simulation must not fail. */
  start(task: () => Promise<void>): void {
    task().catch((cause: unknown) => this.fail(cause))
  }

  fail(cause: unknown): void {
    this.#failure ??= { cause }
  }

  /** Takes a process out of the world: nothing of it goes on, whatever it was doing. */
  forget(owner: Owner): void {
    this.#parked = this.#parked.filter((parked) => parked.owner !== owner)
    const left = this.#timers.filter(({ parked }) => parked.owner !== owner)
    this.#timers.splice(0, this.#timers.length, ...left)
  }

  /** Real waiting, such as for a database server: no step is taken meanwhile. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#outside += 1
    try {
      return await work
    } finally {
      this.#outside -= 1
    }
  }

  /** One step, or the time of the next one. False when nothing is left that could ever happen before `untilMs`. */
  async step(untilMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const parked = this.#takeReady()
    if (parked) {
      this.#options.onStep?.(this.#nowMs, parked.owner, parked.label)
      // Whoever was told of the step may have killed the one whose step it was.
      if (parked.owner?.state !== 'dead') parked.resume()
    } else if (!this.#passTime(untilMs)) return false
    await this.#settled()
    if (this.#failure) throw this.#failure.cause
    return true
  }

  /** Goes on until the time has come or the condition holds. */
  async run({
    untilMs = Number.POSITIVE_INFINITY,
    until = () => false,
  }: {
    untilMs?: number
    until?: () => boolean
  }): Promise<void> {
    await this.#settled()
    while (!until() && (await this.step(untilMs)));
    if (Number.isFinite(untilMs) && !until()) this.#nowMs = Math.max(untilMs, this.#nowMs)
  }

  #takeReady(): Parked | null {
    const ready = this.#parked.filter(({ owner, ready }) => owner?.state !== 'frozen' && (ready === null || ready()))
    if (ready.length === 0) return null
    const chosen = this.#random.pick(ready)
    this.#parked.splice(this.#parked.indexOf(chosen), 1)
    return chosen
  }

  #passTime(untilMs: number): boolean {
    const alarms = this.#alarms.map((alarm) => ({ alarm, atMs: alarm.nextMs() ?? Number.POSITIVE_INFINITY }))
    const atMs = Math.min(this.#timers[0]?.atMs ?? Number.POSITIVE_INFINITY, ...alarms.map((one) => one.atMs))
    if (atMs > untilMs || atMs === Number.POSITIVE_INFINITY) return false
    this.#nowMs = Math.max(atMs, this.#nowMs)
    for (const one of alarms) if (one.atMs <= this.#nowMs) one.alarm.ring()
    while (this.#timers[0] && this.#timers[0].atMs <= this.#nowMs) {
      const timer = this.#timers.shift()
      if (timer) this.#parked.push(timer.parked)
    }
    return true
  }

  #setTimer(ms: number, parked: Parked): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, Math.ceil(ms)), order: this.#order++, parked }
    let index = this.#timers.length
    while (index > 0 && (this.#timers[index - 1]?.atMs ?? 0) > timer.atMs) index--
    this.#timers.splice(index, 0, timer)
    return timer
  }

  #endEarly(timer: Timer): void {
    const index = this.#timers.indexOf(timer)
    if (index >= 0) this.#timers.splice(index, 1)
    timer.parked.resume()
  }

  async #settled(): Promise<void> {
    do await new Promise(setImmediate)
    while (this.#outside > 0)
  }
}

const never = new Promise<never>(() => undefined)
