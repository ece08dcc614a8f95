import type { Tenant } from '../tenant.ts'
import { GraphProblem } from './graph-problem.ts'

type Lane = { inFlight: number; windowStartsAt: number; requests: number }
const windowMs = 10 * 60 * 1000

/**
 * Outlook's limits for each app and mailbox: 10,000 requests in ten minutes and four at a time (throttling limits, Outlook service).
 * What is in flight lives with the process and not with the tenant's records: a restart forgets it, as it must.
 */
export class MailboxThrottle {
  readonly #tenant: Tenant
  readonly #lanes = new Map<string, Lane>()

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  /** Does `work` in one of the mailbox's slots, or refuses with 429. Calls refused count too. */
  async run<R>(clientId: string, mailboxId: string, work: () => R | Promise<R>): Promise<R> {
    const { throttle, requestsPerTenMinutes, concurrentPerMailbox, serviceTimeMs } = this.#tenant.switches
    const lane = this.#laneOf(`${clientId} ${mailboxId}`)
    lane.requests += 1
    if (throttle && lane.requests > requestsPerTenMinutes) throw this.#tooMany(lane)
    if (throttle && lane.inFlight >= concurrentPerMailbox) throw tooConcurrent(serviceTimeMs)
    lane.inFlight += 1
    try {
      if (serviceTimeMs > 0) await this.#tenant.wait(serviceTimeMs)
      return await work()
    } finally {
      lane.inFlight -= 1
    }
  }

  #laneOf(key: string): Lane {
    const now = this.#tenant.now().getTime()
    const lane = this.#lanes.get(key) ?? { inFlight: 0, windowStartsAt: now, requests: 0 }
    // A reset tenant is back in real time, so a window may also lie ahead.
    if (Math.abs(now - lane.windowStartsAt) >= windowMs) Object.assign(lane, { windowStartsAt: now, requests: 0 })
    this.#lanes.set(key, lane)
    return lane
  }

  #tooMany(lane: Lane): GraphProblem {
    const leftMs = lane.windowStartsAt + windowMs - this.#tenant.now().getTime()
    return throttled('Application is over its MailboxRequests limit.', leftMs)
  }
}

function tooConcurrent(serviceTimeMs: number): GraphProblem {
  return throttled('Application is over its MailboxConcurrency limit.', Math.max(serviceTimeMs, 128))
}

/** Retry-After may be fractional, and is here, so that nobody parses it as a whole number. */
function throttled(message: string, waitMs: number): GraphProblem {
  return new GraphProblem(429, 'ApplicationThrottled', message, { 'retry-after': (waitMs / 1000).toFixed(3) })
}
