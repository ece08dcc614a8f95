import type { Chance } from './chance.ts'
import type { Task } from './model.ts'
import type { Collection, Store } from './store.ts'

export type TaskHandler = (payload: Record<string, unknown>, task: Task) => void

export type ClockOptions = {
  realNow: () => number
  chance: Chance
  /** `none`: work never starts by itself, only by `advance` and `runDue`. */
  timers: 'real' | 'none'
}

type ClockState = { id: 'clock'; offsetMs: number }
type Sleeper = { dueMs: number; wake: () => void }
type Due = { atMs: number; run: () => void }
const longestTimerMs = 2 ** 31 - 1

/**
 * The tenant's time: the real clock plus an offset that only grows, and the work that waits for it.
 *
 * Tasks and offset are kept in the store. A task and everything its handler puts are committed together, so a killed tenant runs it
 * exactly once after its restart. Handlers are synchronous for that reason.
 */
export class TenantClock {
  readonly #store: Store
  readonly #state: Collection<ClockState>
  readonly #tasks: Collection<Task>
  readonly #options: ClockOptions
  readonly #handlers = new Map<string, TaskHandler>()
  readonly #sleepers = new Set<Sleeper>()
  #timer: NodeJS.Timeout | null = null
  #armedFor: string | null = null
  #stopped = false

  constructor(store: Store, options: ClockOptions) {
    this.#store = store
    this.#state = store.collection<ClockState>('clock')
    this.#tasks = store.collection<Task>('tasks')
    this.#options = options
  }

  now(): Date {
    return new Date(this.#nowMs)
  }

  /** Milliseconds by which the tenant is ahead of the real clock. */
  get offsetMs(): number {
    return this.#state.get('clock')?.offsetMs ?? 0
  }

  /** Waiting tasks, the next one first. */
  waiting(): Task[] {
    return this.#tasks.list().sort((a, b) => (a.dueAt < b.dueAt ? -1 : Number(a.dueAt > b.dueAt)))
  }

  /** When the next piece of work falls due, or null when nothing waits; for whoever moves time by hand. */
  nextDueAt(): Date | null {
    const next = this.#next()
    return next === undefined ? null : new Date(next.atMs)
  }

  /** Names who does the tasks of a kind. Tasks that were due earlier run on the next turn of the event loop. */
  onTask(kind: string, handler: TaskHandler): void {
    this.#handlers.set(kind, handler)
    this.#arm()
  }

  schedule(dueAt: Date, kind: string, payload: Record<string, unknown>): Task {
    const task = this.#tasks.put({ id: this.#options.chance.uuid(), dueAt: dueAt.toISOString(), kind, payload })
    // Only a task that comes before the one the timer waits for changes the timer: many may be waiting.
    if (this.#armedFor === null || task.dueAt < this.#armedFor) this.#arm()
    return task
  }

  unschedule(taskId: string): boolean {
    return this.#tasks.delete(taskId)
  }

  /** Resolves when the tenant's time has moved on by so much, which without timers only `advance` and `runDue` see; never, once `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { dueMs: this.#nowMs + ms, wake: resolve }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', () => this.#sleepers.delete(sleeper))
    })
  }

  /**
   * Moves the tenant's time forward and does all work that falls due on the way, in order, each piece at its own due time; work
   * scheduled by that work is included. What work only starts (a notification on its way) is not waited for: see `Tenant.advance`.
   */
  advance(ms: number): void {
    for (const _ of this.steps(ms));
  }

  /** As `advance`, stopping after each piece of work, so that what it started can come to its end before time goes on. */
  *steps(ms: number): Generator<void> {
    if (!(ms >= 0)) throw new RangeError('A tenant cannot go back in time: advance needs milliseconds >= 0.')
    const targetOffsetMs = this.offsetMs + ms
    for (let due = this.#nextDue(targetOffsetMs); due !== undefined; due = this.#nextDue(targetOffsetMs)) {
      const offsetThenMs = due.atMs - this.#options.realNow()
      if (offsetThenMs > this.offsetMs) this.#setOffset(Math.min(offsetThenMs, targetOffsetMs))
      due.run()
      yield
    }
    this.#setOffset(Math.max(targetOffsetMs, this.offsetMs))
    this.#arm()
  }

  /** Does what is due now. */
  runDue(): void {
    this.advance(0)
  }

  reset(): void {
    this.#tasks.clear()
    this.#state.clear()
    this.#arm()
  }

  stop(): void {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  get #nowMs(): number {
    return this.#options.realNow() + this.offsetMs
  }

  #setOffset(offsetMs: number): void {
    if (offsetMs !== this.offsetMs) this.#state.put({ id: 'clock', offsetMs })
  }

  #nextDue(offsetMs: number): Due | undefined {
    const next = this.#next()
    return next !== undefined && next.atMs <= this.#options.realNow() + offsetMs ? next : undefined
  }

  /** The next task or sleeper; of two at the same time the task, of two tasks the older. */
  #next(): Due | undefined {
    const task = this.#nextTask()
    const taskMs = task === undefined ? Number.POSITIVE_INFINITY : Date.parse(task.dueAt)
    let first: Sleeper | undefined
    for (const sleeper of this.#sleepers) if (sleeper.dueMs < (first?.dueMs ?? taskMs)) first = sleeper
    if (first !== undefined) return { atMs: first.dueMs, run: () => this.#wake(first) }
    return task === undefined ? undefined : { atMs: taskMs, run: () => this.#run(task) }
  }

  #nextTask(): Task | undefined {
    let next: Task | undefined
    for (const task of this.#tasks.values()) {
      // Instants are all written by toISOString, so their order is that of their text.
      if (this.#handlers.has(task.kind) && (next === undefined || task.dueAt < next.dueAt)) next = task
    }
    return next
  }

  #wake(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper)
    sleeper.wake()
  }

  #run(task: Task): void {
    this.#store.atomically(() => {
      this.#tasks.delete(task.id)
      try {
        this.#handlers.get(task.kind)?.(task.payload, task)
      } catch (cause) {
        // One bad task must not stop the tenant; it is our bug, so it is said loudly.
        process.stderr.write(
          `tenant: task ${task.kind} failed: ${cause instanceof Error ? cause.stack : String(cause)}\n`,
        )
      }
    })
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const next = this.#stopped || this.#options.timers === 'none' ? undefined : this.#nextTask()
    this.#armedFor = next?.dueAt ?? null
    if (next === undefined) return
    const waitMs = Math.max(0, Date.parse(next.dueAt) - this.#nowMs)
    this.#timer = setTimeout(() => this.runDue(), Math.min(waitMs, longestTimerMs))
    this.#timer.unref()
  }
}
