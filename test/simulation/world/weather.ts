import type { Call } from '../outside/call.ts'
import type { Fate } from '../outside/network.ts'
import type { Outside } from '../outside/outside.ts'
import type { Random } from '../scheduler/random.ts'
import type { QueueFaults } from '../scheduler/simulated-queue.ts'
import type { Coverage } from './coverage.ts'
import type { Plan } from './plan.ts'

/** How bad things are at the moment: the chances of what goes wrong by itself. Calm is all zero. */
export class Weather {
  readonly #coverage: Coverage
  readonly #dice: Random
  readonly queue: QueueFaults = { doubled: 0 }
  lostBefore = 0
  lostAfter = 0
  slow = 0
  slowMsMax = 60_000
  /** How often a notification says that something was deleted which was not. */
  lies = 0
  /** How often somebody changes a meeting right after the service has read it. */
  faster = 0
  /** By how many milliseconds at most a process's clock is wrong when it starts. */
  skewMsMax = 0
  /** Mailboxes nothing gets through to for now, by address. */
  readonly clogged = new Map<string, number>()
  /** For how long the answer to a call is under way, when somebody wants to see what happens meanwhile. */
  answerTakesMs: (call: Call) => number | null = () => null

  constructor(plan: Plan, coverage: Coverage) {
    this.#coverage = coverage
    this.#dice = plan.random.fork('weather')
  }

  skewMs(): number {
    if (this.skewMsMax === 0) return 0
    this.#coverage.count('clock skew')
    return this.#dice.between(-this.skewMsMax, this.skewMsMax)
  }

  /** A notification as it is delivered: now and then it lies about what happened. */
  notificationBody(body: unknown): unknown {
    if (typeof body !== 'string' || !this.#dice.chance(this.lies)) return body
    this.#coverage.count('notifications lie')
    return body.replaceAll(/"changeType":"(created|updated)"/g, '"changeType":"deleted"')
  }

  fateOf(call: Call, random: Random): Fate {
    const fate: Fate = { is: 'through', goMs: random.between(15, 120), backMs: random.between(15, 120) }
    if (random.chance(this.lostBefore)) return this.#seen('call lost', { ...fate, is: 'lost_before' })
    if (random.chance(this.lostAfter)) return this.#seen('answer lost', { ...fate, is: 'lost_after' })
    const backMs = this.answerTakesMs(call)
    if (backMs !== null) return { ...fate, backMs }
    const clogged = this.clogged.get(call.mailbox)
    if (clogged) return this.#seen('mailbox clogged', { ...fate, goMs: clogged })
    if (!random.chance(this.slow)) return fate
    const slowMs = random.between(1_000, this.slowMsMax)
    const late = random.chance(0.5) ? { goMs: slowMs } : { backMs: slowMs }
    return this.#seen('slow call', { ...fate, ...late })
  }

  /** Continuous access evaluation asks for another token now and then. */
  challenge({ outside }: { outside: Outside }): void {
    const nothing = { status: null, headers: {}, body: null, delayMs: 0, dropAfter: false, dropBefore: false }
    const fault = {
      id: 'challenge',
      match: '* /v1.0/**',
      times: 1_000_000,
      probability: 0.03,
      answer: 'claimsChallenge' as const,
    }
    outside.tenant.faults.put({ ...fault, ...nothing })
  }

  calm(): void {
    Object.assign(this, { lostBefore: 0, lostAfter: 0, slow: 0, skewMsMax: 0, lies: 0, faster: 0 })
    this.queue.doubled = 0
    this.clogged.clear()
  }

  #seen(what: string, fate: Fate): Fate {
    this.#coverage.count(what)
    return fate
  }
}
