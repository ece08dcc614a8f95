import type { Random } from '../scheduler/random.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'
import type { Call, Permission } from './call.ts'
import type { Outside } from './outside.ts'

/** What becomes of a call on its way. */
export type Fate = {
  is: 'through' | 'lost_before' | 'lost_after'
  goMs: number
  backMs: number
  /** The answer in place of the tenant's, which then does nothing. */
  instead?: () => Response
}

export type NetworkWatcher = {
  departed?: (call: Call) => void
  /** The tenant has done it, or was never asked. */
  arrived?: (call: Call) => void
  ended?: (call: Call, response: Response | null) => void
}

export type Sender = { owner: Owner; permission: Permission; application: string; account: string | null }

type NetworkParts = {
  scheduler: Scheduler
  random: Random
  outside: Outside
  fateOf: (call: Call, random: Random) => Fate
}

/**
 * The way between processes and the tenant. It belongs to the world: a call that has left goes on to its end although its process was
 * killed, and only the answer finds nobody.
 */
export class Network {
  readonly #parts: NetworkParts
  readonly #watchers: NetworkWatcher[] = []
  readonly inFlight = new Set<Call>()
  #number = 0

  constructor(parts: NetworkParts) {
    this.#parts = parts
  }

  watch(watcher: NetworkWatcher): void {
    this.#watchers.push(watcher)
  }

  /** As the global `fetch`, for one process: what it sends, and what comes back in some later step of it. */
  async fetch(sender: Sender, input: string, init: RequestInit): Promise<Response> {
    const { scheduler } = this.#parts
    await scheduler.pause(sender.owner, 'call')
    const call = this.#depart(sender, input, init)
    const back = Promise.withResolvers<Response>()
    // Whoever gave up waiting hears nothing any more.
    back.promise.catch(() => undefined)
    init.signal?.addEventListener('abort', () => this.#giveUp(call, back, init.signal?.reason), { once: true })
    scheduler.start(() => this.#travel(call, { input, init, back }))
    try {
      return await back.promise
    } finally {
      await scheduler.pause(sender.owner, 'answer')
    }
  }

  /** The process is gone, and with it its connections; what it asked for is done all the same. */
  cut({ name }: Owner): void {
    for (const call of this.inFlight) if (call.process === name) this.inFlight.delete(call)
  }

  #giveUp(call: Call, back: PromiseWithResolvers<Response>, reason: unknown): void {
    this.inFlight.delete(call)
    back.reject(reason)
  }

  #depart({ owner, permission, application, account }: Sender, input: string, init: RequestInit): Call {
    const url = new URL(input)
    const path = url.pathname.replace(/^\/v1\.0/, '')
    const call: Call = {
      number: ++this.#number,
      process: owner.name,
      permission,
      application,
      account,
      method: init.method ?? 'GET',
      path,
      query: url.search,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : null,
      ifMatch: new Headers(init.headers).get('if-match'),
      mailbox: mailboxIn(path, account),
      departedMs: this.#parts.scheduler.nowMs,
      arrivedMs: null,
      endedMs: null,
      status: null,
    }
    this.inFlight.add(call)
    for (const { departed } of this.#watchers) departed?.(call)
    return call
  }

  async #travel(call: Call, { input, init, back }: Travel): Promise<void> {
    const { scheduler, random, fateOf } = this.#parts
    const fate = fateOf(call, random)
    await scheduler.wait(null, fate.goMs, { label: `${call.method} ${call.path}` })
    const response = fate.is === 'lost_before' ? null : await this.#arrive(call, fate, input, init)
    for (const { arrived } of this.#watchers) arrived?.(call)
    await scheduler.wait(null, fate.backMs, { label: 'answer travels' })
    const seen = fate.is === 'through' ? response : null
    call.status = seen?.status ?? 0
    call.endedMs = scheduler.nowMs
    // Whoever has given up, or is dead, never hears what the answer was.
    const isHeard = this.inFlight.delete(call)
    for (const { ended } of this.#watchers) ended?.(call, isHeard ? seen : null)
    if (seen) back.resolve(seen)
    else back.reject(new TypeError('fetch failed'))
  }

  async #arrive(call: Call, { instead }: Fate, input: string, init: RequestInit): Promise<Response | null> {
    call.arrivedMs = this.#parts.scheduler.nowMs
    if (instead) return instead()
    const { signal: _, ...request } = init
    try {
      return await this.#parts.outside.app.fetch(new Request(input, request))
    } catch (problem) {
      if (problem instanceof TypeError) return null // a fault of the tenant's own cut the connection
      throw problem
    }
  }
}

type Travel = { input: string; init: RequestInit; back: PromiseWithResolvers<Response> }

function mailboxIn(path: string, account: string | null): string {
  const named = /^\/users\/([^/]+)/.exec(path)?.[1]
  return (named === undefined ? (account ?? '') : decodeURIComponent(named)).toLowerCase()
}
