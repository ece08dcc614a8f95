import { randomUUID } from 'node:crypto'
import type { Task } from './model.ts'
import type { Collection, Store } from './store.ts'

export type TaskHandler = (payload: Record<string, unknown>, task: Task) => void

type ClockState = { id: 'clock'; offsetMs: number }
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
  readonly #realNow: () => number
  readonly #handlers = new Map<string, TaskHandler>()
  #timer: NodeJS.Timeout | null = null
  #armedFor: string | null = null
  #stopped = false

  constructor(store: Store, realNow: () => number = Date.now) {
    this.#store = store
    this.#state = store.collection<ClockState>('clock')
    this.#tasks = store.collection<Task>('tasks')
    this.#realNow = realNow
  }

  now(): Date {
    return new Date(this.#realNow() + this.#offsetMs)
  }

  /** Milliseconds by which the tenant is ahead of the real clock. */
  get offsetMs(): number {
    return this.#offsetMs
  }

  /** Waiting tasks, the next one first. */
  waiting(): Task[] {
    return this.#tasks.list().sort((a, b) => a.dueAt.localeCompare(b.dueAt))
  }

  /** Names who does the tasks of a kind. Tasks that were due earlier run on the next turn of the event loop. */
  onTask(kind: string, handler: TaskHandler): void {
    this.#handlers.set(kind, handler)
    this.#arm()
  }

  schedule(dueAt: Date, kind: string, payload: Record<string, unknown>): Task {
    const task = this.#tasks.put({ id: randomUUID(), dueAt: dueAt.toISOString(), kind, payload })
    // Only a task that comes before the one the timer waits for changes the timer: many may be waiting.
    if (this.#armedFor === null || task.dueAt < this.#armedFor) this.#arm()
    return task
  }

  unschedule(taskId: string): boolean {
    return this.#tasks.delete(taskId)
  }

  /**
   * Moves the tenant's time forward and does all work that falls due on the way, in order, each piece at its own due time; work
   * scheduled by that work is included.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('A tenant cannot go back in time: advance needs milliseconds >= 0.')
    const targetOffsetMs = this.#offsetMs + ms
    for (let task = this.#nextDue(targetOffsetMs); task !== undefined; task = this.#nextDue(targetOffsetMs)) {
      const offsetThenMs = Date.parse(task.dueAt) - this.#realNow()
      if (offsetThenMs > this.#offsetMs) this.#setOffset(Math.min(offsetThenMs, targetOffsetMs))
      this.#run(task)
    }
    this.#setOffset(targetOffsetMs)
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

  get #offsetMs(): number {
    return this.#state.get('clock')?.offsetMs ?? 0
  }

  #setOffset(offsetMs: number): void {
    if (offsetMs !== this.#offsetMs) this.#state.put({ id: 'clock', offsetMs })
  }

  #nextDue(offsetMs: number): Task | undefined {
    const next = this.#nextHandled()
    return next !== undefined && Date.parse(next.dueAt) <= this.#realNow() + offsetMs ? next : undefined
  }

  #nextHandled(): Task | undefined {
    let next: Task | undefined
    for (const task of this.#tasks.values()) {
      // Instants are all written by toISOString, so their order is that of their text.
      if (this.#handlers.has(task.kind) && (next === undefined || task.dueAt < next.dueAt)) next = task
    }
    return next
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
    const next = this.#stopped ? undefined : this.#nextHandled()
    this.#armedFor = next?.dueAt ?? null
    if (next === undefined) return
    const waitMs = Math.max(0, Date.parse(next.dueAt) - this.now().getTime())
    this.#timer = setTimeout(() => this.runDue(), Math.min(waitMs, longestTimerMs))
    this.#timer.unref()
  }
}
