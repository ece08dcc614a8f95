import type { Job, PgBoss } from 'pg-boss'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { JobHandler } from './jobs.ts'

export type WorkOptions = {
  /** How many of these jobs this process runs at a time. */
  atATime?: number
  /** After so many failures a job rests as `failed` and is logged. Jobs are level-triggered, so a sweep brings the work back. */
  attemptsMax?: number
  /** Between attempts, doubling up to the maximum, with jitter. */
  retryAfterSeconds?: number
  retryAfterSecondsMax?: number
  /** A job that takes longer is taken for lost, even while its process lives. */
  expireAfterSeconds?: number
}

const defaults = {
  atATime: 4,
  attemptsMax: 8,
  retryAfterSeconds: 1,
  retryAfterSecondsMax: 300,
  expireAfterSeconds: 900,
} satisfies Required<WorkOptions>

/** `isBusy` from the moment it has a job until it has none. */
type Loop = { id: string; isBusy: boolean }
type Registered = { handler: JobHandler; options: Required<WorkOptions>; loops: Loop[] }

/** At most one job waits per key; those that have begun do not count. */
const onePerKey = 'short'

/** A process that dies is noticed when its jobs have been silent for so long; the library allows no less. */
const heartbeatSeconds = 10

/** A waiting job whose time has come is found by looking, not by a notification: so late it may start, at most. */
const lookMs = 500

/** A loop looks by itself so seldom only in case that nobody wakes it. */
const lookAnywaySeconds = 30

/**
 * Runs handlers for the queue. One loop per job at a time, each fetching single jobs, so that a slow job holds up nobody.
 *
 * A job is looked for by one idle loop, and whoever finds one sends the next to look: the library would send all of them at every
 * notification, sixteen statements for one job. A loop that has ended a job looks again at once, so nobody has to look while all work.
 */
export class Workers {
  readonly #boss: PgBoss
  readonly #log: Log
  readonly #registered = new Map<string, Registered>()
  readonly #queues = new Map<string, Promise<void>>()

  constructor(boss: PgBoss, log: Log) {
    this.#boss = boss
    this.#log = log
  }

  register(name: string, handler: JobHandler, options: WorkOptions): void {
    if (this.#registered.has(name)) throw new Error(`Two handlers for the job ${name}`)
    this.#registered.set(name, { handler, options: { ...defaults, ...options }, loops: [] })
  }

  isEmpty(): boolean {
    return this.#registered.size === 0
  }

  async start(): Promise<void> {
    for (const name of this.#registered.keys()) {
      await this.queueNamed(name)
      const { atATime } = this.#optionsOf(name)
      for (let loop = 0; loop < atATime; loop++) await this.#startLoop(name)
    }
  }

  /** A job of this name was added. */
  tell(name: string): void {
    const idle = this.#registered.get(name)?.loops.find(({ isBusy }) => !isBusy)
    if (idle) this.#boss.notifyWorker(idle.id)
  }

  /** Looks for whatever is due, and for what nobody told of. */
  tellAll(): void {
    for (const name of this.#registered.keys()) this.tell(name)
  }

  /** Until aborted. */
  async lookForDue(wait: Seams['wait'], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(lookMs, signal)
      if (!signal.aborted) this.tellAll()
    }
  }

  /** Creates the queue of a name once per process; the database keeps it. */
  queueNamed(name: string): Promise<void> {
    const known = this.#queues.get(name) ?? this.#createQueue(name)
    this.#queues.set(name, known)
    known.catch(() => this.#queues.delete(name))
    return known
  }

  async #createQueue(name: string): Promise<void> {
    const options = this.#optionsOf(name)
    const settings = {
      notify: true,
      heartbeatSeconds,
      retryLimit: options.attemptsMax - 1,
      retryDelay: options.retryAfterSeconds,
      retryDelayMax: options.retryAfterSecondsMax,
      retryBackoff: true,
      expireInSeconds: options.expireAfterSeconds,
      deleteAfterSeconds: 24 * 60 * 60,
    }
    await this.#boss.createQueue(name, { policy: onePerKey, ...settings })
    // The queue may stem from an older version of the program, or from a process that only adds to it.
    if (this.#registered.has(name)) await this.#boss.updateQueue(name, settings)
  }

  #optionsOf(name: string): Required<WorkOptions> {
    return this.#registered.get(name)?.options ?? defaults
  }

  async #startLoop(name: string): Promise<void> {
    const loop: Loop = { id: '', isBusy: false }
    loop.id = await this.#boss.work<object>(
      name,
      { pollingIntervalSeconds: lookAnywaySeconds, heartbeatRefreshSeconds: 3 },
      async ([job]) => {
        if (!job) return
        loop.isBusy = true
        this.tell(name) // where one job was due, more may be
        try {
          await this.#handle(name, job)
        } finally {
          loop.isBusy = false
          this.#boss.notifyWorker(loop.id)
        }
      },
    )
    this.#registered.get(name)?.loops.push(loop)
  }

  async #handle(name: string, job: Job<object>): Promise<void> {
    const attempt = job.retryCount + 1
    try {
      await this.#registered.get(name)?.handler(job.data, { signal: job.signal, attempt })
    } catch (problem) {
      const last = attempt >= this.#optionsOf(name).attemptsMax
      const fields = { job: name, id: job.id, attempt, problem: messageOf(problem) }
      if (last) this.#log.error(fields, 'job failed for good; the next sweep takes its work up')
      else this.#log.warn(fields, 'job failed; it is tried again')
      // The queue keeps what is thrown in its table: a message, never the error with its fields.
      throw new Error(messageOf(problem))
    }
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem)
}
