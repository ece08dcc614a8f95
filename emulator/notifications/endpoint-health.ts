import type { Switches } from '../model.ts'
import type { Tenant } from '../tenant.ts'

type Figures = {
  /** An answer that takes longer counts as slow, and as none. */
  slowMs: number
  /** Shares of slow answers in ten minutes. */
  slowAbove: number
  dropAbove: number
  /** Answers needed before shares mean anything; only the first page names a number. */
  answersMin: number
  slowedByMs: number
}

/** What three pages of Microsoft's said about slow endpoints (change-notifications-delivery-webhooks). */
const figures: Record<Exclude<Switches['notificationEndpointFigures'], 'off'>, Figures> = {
  '2023': { slowMs: 2_900, slowAbove: 0.1, dropAbove: 0.15, answersMin: 100, slowedByMs: 10 * 60_000 },
  '2024': { slowMs: 3_000, slowAbove: 0.1, dropAbove: 0.15, answersMin: 10, slowedByMs: 10_000 },
  '2025': { slowMs: 10_000, slowAbove: 0.1, dropAbove: 0.15, answersMin: 10, slowedByMs: 10_000 },
}

const windowMs = 10 * 60_000

export type EndpointState = { is: 'healthy' } | { is: 'slow'; delayMs: number } | { is: 'dropping' }

/** How quickly the hosts that are notified answer. It lives with the process: a restarted tenant thinks well of everybody. */
export class EndpointHealth {
  readonly #tenant: Tenant
  readonly #answers = new Map<string, { atMs: number; isSlow: boolean }[]>()

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  /** How long an answer may take, in milliseconds. */
  get timeoutMs(): number {
    return this.#figures?.slowMs ?? 10_000
  }

  note(url: string, tookMs: number): void {
    const atMs = this.#tenant.now().getTime()
    const kept = this.#recent(url)
    kept.push({ atMs, isSlow: tookMs >= this.timeoutMs })
    this.#answers.set(hostOf(url), kept)
  }

  /** Above one share of slow answers what is sent is delayed, above another it is not sent at all, until the ten minutes are over. */
  stateOf(url: string): EndpointState {
    const rule = this.#figures
    const answers = this.#recent(url)
    if (rule === null || answers.length < rule.answersMin) return { is: 'healthy' }
    const share = answers.filter((one) => one.isSlow).length / answers.length
    if (share > rule.dropAbove) return { is: 'dropping' }
    return share > rule.slowAbove ? { is: 'slow', delayMs: rule.slowedByMs } : { is: 'healthy' }
  }

  get #figures(): Figures | null {
    const { notificationEndpointFigures: page } = this.#tenant.switches
    return page === 'off' ? null : figures[page]
  }

  #recent(url: string): { atMs: number; isSlow: boolean }[] {
    const sinceMs = this.#tenant.now().getTime() - windowMs
    return (this.#answers.get(hostOf(url)) ?? []).filter((one) => one.atMs > sinceMs)
  }
}

function hostOf(url: string): string {
  return new URL(url).host
}
