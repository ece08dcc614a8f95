import type { Mailer, WrittenLetter } from '#mail/letter.ts'
import type { Written } from '../database/commit-hook.ts'
import type { Store, StoreKeeper } from '../database/store.ts'
import { Violation } from '../judge/violation.ts'
import { Network } from '../outside/network.ts'
import { type Outside, openOutside } from '../outside/outside.ts'
import { Tokens } from '../outside/tokens.ts'
import { type Engine, openEngine } from '../process/engine.ts'
import { simulatedJobs } from '../process/simulated-jobs.ts'
import { type SimulatedProcess, seamsOf } from '../process/simulated-process.ts'
import type { Random } from '../scheduler/random.ts'
import { Scheduler } from '../scheduler/scheduler.ts'
import { SimulatedQueue } from '../scheduler/simulated-queue.ts'
import type { Trace } from '../trace.ts'
import { Configuration } from './configuration.ts'
import { Coverage } from './coverage.ts'
import { Doom } from './doom.ts'
import { Intentions } from './intentions.ts'
import { People } from './people.ts'
import type { Plan } from './plan.ts'
import { plantScenery, users } from './scenery.ts'
import { Weather } from './weather.ts'

export type Running = SimulatedProcess & { engine: Engine; abandon: () => Promise<void> }

export type Commit = { process: Running; written: readonly Written[] }

/** One small company, its service and its Microsoft 365, as a seed has it. */
export class World {
  readonly plan: Plan
  readonly trace: Trace
  readonly scheduler: Scheduler
  readonly store: Store
  readonly outside: Outside
  readonly network: Network
  readonly tokens: Tokens
  readonly queue: SimulatedQueue
  readonly weather: Weather
  readonly people: People
  readonly configuration: Configuration
  /** Letters that were sent, as often as they were. */
  readonly letters: WrittenLetter[] = []
  /** Until when the last Retry-After that somebody heard asks for rest. */
  pausedUntilMs = 0
  /** How long both sides may take to agree, when longer than usual. */
  settlesAfterMs = 0
  readonly intentions = new Intentions()
  readonly coverage = new Coverage()
  readonly processes = new Set<Running>()
  readonly commitWatchers: ((commit: Commit) => Promise<void> | void)[] = []
  readonly #doom: Doom
  readonly #ids: Random
  readonly #delivery: Random
  readonly #issued = new Map<string, string>()
  #started = 0
  #numbers = 0

  private constructor(plan: Plan, trace: Trace, parts: { scheduler: Scheduler; store: Store; doom: Doom }) {
    this.plan = plan
    this.trace = trace
    this.scheduler = parts.scheduler
    this.store = parts.store
    this.#doom = parts.doom
    const { scheduler } = this
    this.#ids = plan.random.fork('ids')
    this.#delivery = plan.random.fork('delivery')
    this.people = new People(this.store)
    this.configuration = new Configuration(plan)
    this.weather = new Weather(plan, this.coverage)
    this.outside = openOutside({ plan, scheduler, deliver: (input, init) => this.#deliver(String(input), init ?? {}) })
    const fateOf = this.weather.fateOf.bind(this.weather)
    this.network = new Network({ scheduler, random: plan.random.fork('network'), outside: this.outside, fateOf })
    this.tokens = new Tokens({ scheduler, outside: this.outside, network: () => this.network, users })
    this.queue = new SimulatedQueue({ scheduler, random: plan.random.fork('queue'), faults: this.weather.queue })
  }

  static async open(plan: Plan, keeper: StoreKeeper, trace: Trace): Promise<World> {
    const doom = new Doom()
    const scheduler = new Scheduler({
      random: plan.random.fork('turns'),
      startMs: plan.startMs,
      onStep: (atMs, owner, label) => {
        if (label !== 'statement') trace.note(atMs, owner?.name ?? 'world', label)
        doom.comesTo(owner)
      },
    })
    const store = await keeper.begin(scheduler)
    await plantScenery(store.beside, plan)
    return new World(plan, trace, { scheduler, store, doom })
  }

  /** A line of the trace that is nobody's step. */
  note(says: string): void {
    this.trace.tell(this.scheduler.nowMs, 'world', says)
  }

  /** Counts what must be told apart. */
  nextNumber(): number {
    return ++this.#numbers
  }

  /** Starts a copy of the service. */
  start(duty: SimulatedProcess['duty']): Running {
    const name = `${duty} ${++this.#started}`
    const owner = { name, duty, state: 'running' as const, skewMs: this.weather.skewMs() }
    const random = this.#ids.fork(name)
    const issued = (id: string) => void this.#issued.set(id, name)
    const running = owner as unknown as Running
    const seams = seamsOf(owner, { scheduler: this.scheduler, random, issued })
    const { db, abandon } = this.store.open(running, {
      ran: (text) => this.trace.note(this.scheduler.nowMs, name, text),
      committed: (written) => this.#committed(running, written),
    })
    const jobs = simulatedJobs({ scheduler: this.scheduler, queue: this.queue }, running)
    Object.assign(running, { db, abandon, seams, jobs, log: this.#logOf(name) })
    Object.assign(running, {
      engine: openEngine(running, {
        resolve: this.tokens.resolverOf(running, seams),
        mailer: this.#mailer(),
      }),
    })
    this.processes.add(running)
    this.scheduler.start(() => running.engine.start())
    return running
  }

  /** `kill -9`: nothing of the process goes on, what it had not committed never was, what it had sent is on its way. */
  kill(process: Running): void {
    this.trace.tell(this.scheduler.nowMs, process.name, 'is killed')
    process.state = 'dead'
    this.processes.delete(process)
    this.scheduler.forget(process)
    this.queue.leave(process)
    this.network.cut(process)
    void this.scheduler.during(process.abandon())
  }

  /** Kills it at some later step of its own, in the middle of whatever it then does. */
  doom(process: Running, stepsLeft: number, then: () => void): void {
    this.#doom.put(process, stepsLeft, () => {
      this.kill(process)
      then()
    })
  }

  /** One that answers people and notifications, if there is any. */
  web(): Running | null {
    return [...this.processes].find(({ duty, state }) => duty === 'web' && state === 'running') ?? null
  }

  workers(): Running[] {
    return [...this.processes].filter(({ duty }) => duty === 'worker')
  }

  /** The process that made up an id. */
  issuerOf(id: string): string {
    return this.#issued.get(id) ?? 'nobody'
  }

  /** Looks at something between two steps: no step is taken until it has been seen. */
  check(look: () => Promise<void>): void {
    this.scheduler.start(() => this.scheduler.during(look()))
  }

  /** How long some mailbox still asks to be left alone, as an answer once said. */
  longestPauseMs(): number {
    return Math.max(0, this.pausedUntilMs - this.scheduler.nowMs)
  }

  mailboxesOfPeople(): string[] {
    return [...users.values()].map(({ email }) => email)
  }

  /** Whoever is missing is started, and nobody is killed any more. */
  bringBack(): void {
    this.#doom.clear()
    for (const process of this.processes) process.skewMs = 0
    if (this.web() === null) this.start('web')
    while (this.workers().length < this.plan.workers) this.start('worker')
  }

  /** Ends every process, so that the next run begins with none. */
  async close(): Promise<void> {
    for (const process of this.processes) {
      process.state = 'dead'
      await process.abandon()
    }
    this.outside.tenant.close()
  }

  #mailer(): Mailer {
    const from = { name: 'Anteroom', email: 'anteroom@contoso.example' }
    return { place: { kind: 'folder', folder: '' }, from, send: async (letter) => void this.letters.push(letter) }
  }

  async #committed(process: Running, written: readonly Written[]): Promise<void> {
    try {
      for (const watcher of this.commitWatchers) await watcher({ process, written })
    } catch (violation) {
      // The engine must not see it, or it would take it for trouble of its own.
      this.scheduler.fail(violation)
      await new Promise(() => undefined)
    }
  }

  /** A line of level error says that the program met something it has no words for: a bug, whatever caused it. */
  #logOf(name: string) {
    const nothing = () => undefined
    const note = (fields: object, message: string) => {
      this.trace.tell(this.scheduler.nowMs, name, `log: ${message} ${JSON.stringify(fields)}`)
    }
    const error = (fields: object, message: string) => {
      note(fields, message)
      this.scheduler.fail(new Violation('I16', `${name} logged an error: ${message} ${JSON.stringify(fields)}`))
    }
    return { debug: nothing, info: nothing, warn: note, error }
  }

  /** What the tenant sends us reaches the web process, when one is up; one that dies over it never answers. */
  async #deliver(url: string, init: RequestInit): Promise<Response> {
    await this.scheduler.wait(null, this.#delivery.between(5, 80), { label: 'notification' })
    const web = this.web()
    if (!web) throw new TypeError('fetch failed')
    await this.scheduler.pause(web, 'notification')
    const body = this.weather.notificationBody(init.body) as string
    return web.engine.door(new Request(url, { ...init, body }))
  }
}
