import type { Job, PgBoss } from 'pg-boss'
import type { Log } from '#kit/log.ts'
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

type Registered = { handler: JobHandler; options: Required<WorkOptions>; loopIds: string[] }

/** At most one job waits per key; those that have begun do not count. */
const onePerKey = 'short'

/** A process that dies is noticed when its jobs have been silent for so long; the library allows no less. */
const heartbeatSeconds = 10

/** A waiting job whose time has come is found by looking, not by a notification: so late it may start, at most. */
const lookSeconds = 0.5
const lookSecondsWhileNotified = 30

/**
 * Runs handlers for the queue. One loop per job at a time, each fetching single jobs, so that a slow job holds up nobody.
 * A loop that has ended a job looks again at once: left alone the library would rest until its next poll, which holds a
 * loop to two jobs a second.
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
    this.#registered.set(name, { handler, options: { ...defaults, ...options }, loopIds: [] })
  }

  isEmpty(): boolean {
    return this.#registered.size === 0
  }

  async start(): Promise<void> {
    for (const name of this.#registered.keys()) {
      await this.queueNamed(name)
      const { atATime } = this.#optionsOf(name)
      for (let loop = 0; loop < atATime; loop++) await this.#startLoop(name, loop)
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

  /** The first loop of a name looks often, for jobs whose time has come; the others are woken by notifications and by it. */
  async #startLoop(name: string, loop: number): Promise<void> {
    const looks = loop === 0 ? lookSeconds : lookSecondsWhileNotified
    const id: string = await this.#boss.work<object>(
      name,
      { notifyPollingIntervalSeconds: looks, pollingIntervalSeconds: lookSeconds, heartbeatRefreshSeconds: 3 },
      async ([job]) => {
        if (!job) return
        this.#wake(name, loop + 1) // where one job was due, more may be
        await this.#handle(name, job).finally(() => this.#wake(name, loop))
      },
    )
    this.#registered.get(name)?.loopIds.push(id)
  }

  #wake(name: string, loop: number): void {
    const { loopIds = [] } = this.#registered.get(name) ?? {}
    const id = loopIds[loop % loopIds.length]
    if (id) this.#boss.notifyWorker(id)
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
