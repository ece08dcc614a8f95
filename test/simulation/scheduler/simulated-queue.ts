import type { AddOptions, JobContext, JobHandler } from '#jobs/jobs.ts'
import type { WorkOptions } from '#jobs/workers.ts'
import type { Random } from './random.ts'
import type { Owner, Scheduler } from './scheduler.ts'

export type QueuedJob = {
  number: number
  name: string
  /** As text: what a handler gets has been through a table. */
  payload: string
  key: string | null
  dueMs: number
  priority: number
  attempt: number
  state: 'waiting' | 'given' | 'done' | 'failed'
  /** Counts how often it was given out, so that the end of an earlier handing-out is told from that of a later one. */
  givenCount: number
}

export type Registered = { handler: JobHandler; options: Required<WorkOptions>; busy: number }
export type JobWorker = { owner: Owner; handlers: Map<string, Registered>; running: Map<QueuedJob, AbortController> }

export type QueueFaults = {
  /** How often a job is given to two workers at once. */
  doubled: number
}

/** As src/jobs/workers.ts and its library have them. */
const heartbeatMs = 10_000
const lookForLostMs = 5_000
const noticedMsMax = 500
const workDefaults = {
  atATime: 4,
  attemptsMax: 8,
  retryAfterSeconds: 1,
  retryAfterSecondsMax: 300,
  expireAfterSeconds: 900,
}

export type QueueParts = { scheduler: Scheduler; random: Random; faults: QueueFaults }

/**
 * The queue of all processes, with the promises of src/jobs and no better ones: a job runs at least once, after its time, the higher
 * priority first; at most one waits per key; what a dead or frozen worker held is given to another when its heartbeat is missed.
 */
export class SimulatedQueue {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #faults: QueueFaults
  readonly #jobs = new Set<QueuedJob>()
  readonly #workers = new Set<JobWorker>()
  #number = 0
  #looks = 0

  constructor({ scheduler, random, faults }: QueueParts) {
    this.#scheduler = scheduler
    this.#random = random
    this.#faults = faults
  }

  get waitingCount(): number {
    return this.#jobs.size
  }

  add(name: string, payload: Record<string, unknown>, { onceFor, startAfter, priority = 0 }: AddOptions = {}): void {
    const nowMs = this.#scheduler.nowMs
    const startMs = typeof startAfter === 'number' ? nowMs + startAfter * 1000 : startAfter?.getTime()
    const key = waitingKey(onceFor, startMs)
    if (key !== null && this.#isWaiting(name, key)) return
    const job: QueuedJob = {
      number: ++this.#number,
      name,
      payload: JSON.stringify(payload),
      key,
      dueMs: Math.max(startMs ?? nowMs, nowMs),
      priority,
      attempt: 1,
      state: 'waiting',
      givenCount: 0,
    }
    this.#jobs.add(job)
    this.#lookAt(job.dueMs)
  }

  join(owner: Owner, handlers: ReadonlyMap<string, { handler: JobHandler; options: WorkOptions }>): void {
    const registered = [...handlers].map(([name, { handler, options }]) => {
      return [name, { handler, options: { ...workDefaults, ...options }, busy: 0 }] as const
    })
    this.#workers.add({ owner, handlers: new Map(registered), running: new Map() })
    this.#lookAt(this.#scheduler.nowMs)
  }

  /** The process is gone; what it held is noticed when its heartbeat has been missing for long enough. */
  leave(owner: Owner): void {
    for (const worker of this.#workers) {
      if (worker.owner !== owner) continue
      this.#workers.delete(worker)
      for (const job of worker.running.keys()) this.#giveUp(worker, job)
    }
  }

  /** The process stands still: the queue takes it for dead after a while, and does not know better. */
  async noticeFrozen(owner: Owner): Promise<void> {
    const worker = [...this.#workers].find((one) => one.owner === owner)
    await this.#scheduler.wait(null, heartbeatMs, { label: 'heartbeat' })
    if (!worker || owner.state !== 'frozen') return
    for (const job of worker.running.keys()) this.#giveUp(worker, job)
  }

  /** A look some moments after a job is due, as polls and notifications come. */
  #lookAt(dueMs: number): void {
    const afterMs = dueMs - this.#scheduler.nowMs + this.#random.below(noticedMsMax)
    this.#scheduler.start(async () => {
      this.#looks += 1
      await this.#scheduler.wait(null, afterMs, { label: 'queue looks' })
      this.#looks -= 1
      while (this.#giveNext());
    })
  }

  #giveNext(): boolean {
    const nowMs = this.#scheduler.nowMs
    const due = [...this.#jobs].filter((job) => job.state === 'waiting' && job.dueMs <= nowMs)
    due.sort((one, other) => other.priority - one.priority || one.dueMs - other.dueMs)
    for (const job of due) {
      const free = this.#freeFor(job.name)
      if (free.length === 0) continue
      const [worker, second] = this.#random.shuffled(free)
      if (worker) this.#give(worker, job)
      if (second && this.#random.chance(this.#faults.doubled)) this.#give(second, job)
      return true
    }
    return false
  }

  #freeFor(name: string): JobWorker[] {
    return [...this.#workers].filter(({ owner, handlers }) => {
      const registered = handlers.get(name)
      return owner.state === 'running' && registered && registered.busy < registered.options.atATime
    })
  }

  #give(worker: JobWorker, job: QueuedJob): void {
    const registered = worker.handlers.get(job.name)
    if (!registered) return
    const lost = new AbortController()
    job.state = 'given'
    job.givenCount += 1
    registered.busy += 1
    worker.running.set(job, lost)
    const context = { signal: lost.signal, attempt: job.attempt }
    this.#scheduler.start(() => this.#work({ worker, job, registered, context, turn: job.givenCount }))
  }

  async #work({ worker, job, registered, context, turn }: Working): Promise<void> {
    const { owner } = worker
    await this.#scheduler.pause(owner, `job ${job.name}`)
    const problem = await registered.handler(JSON.parse(job.payload), context).then(
      () => null,
      (cause: unknown) => ({ cause }),
    )
    // Between the handler's end and the queue's knowledge of it a process may die: then the job runs again.
    await this.#scheduler.pause(owner, `job ${job.name} ends`)
    registered.busy -= 1
    worker.running.delete(job)
    if (job.state === 'given' && job.givenCount === turn) this.#end(job, registered, problem)
    while (this.#giveNext());
  }

  #end(job: QueuedJob, { options }: Registered, problem: { cause: unknown } | null): void {
    if (problem === null || job.attempt >= options.attemptsMax) {
      job.state = problem === null ? 'done' : 'failed'
      this.#jobs.delete(job)
      return
    }
    const growing = Math.min(options.retryAfterSeconds * 2 ** (job.attempt - 1), options.retryAfterSecondsMax)
    this.#again(job, growing * 1000 * (1 + this.#random.fraction()))
  }

  #giveUp(worker: JobWorker, job: QueuedJob): void {
    worker.running.get(job)?.abort()
    const turn = job.givenCount
    this.#scheduler.start(async () => {
      await this.#scheduler.wait(null, heartbeatMs + this.#random.below(lookForLostMs), { label: 'lost job' })
      if (job.state === 'given' && job.givenCount === turn) this.#again(job, 0)
    })
  }

  #again(job: QueuedJob, afterMs: number): void {
    job.state = 'waiting'
    job.attempt += 1
    job.dueMs = this.#scheduler.nowMs + Math.ceil(afterMs)
    // One that is tried again no longer counts as the one that waits for its key.
    job.key = null
    this.#lookAt(job.dueMs)
  }

  #isWaiting(name: string, key: string): boolean {
    for (const job of this.#jobs) if (job.state === 'waiting' && job.name === name && job.key === key) return true
    return false
  }
}

type Working = { worker: JobWorker; job: QueuedJob; registered: Registered; context: JobContext; turn: number }

/** The same rule as src/jobs/jobs.ts: one that was put off does not keep out one that is due at once. */
function waitingKey(onceFor: string | undefined, startMs: number | undefined): string | null {
  if (onceFor === undefined) return null
  return startMs === undefined ? onceFor : `${onceFor} at ${new Date(startMs).toISOString().slice(0, 19)}`
}
