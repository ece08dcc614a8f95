import type { Log } from './log.ts'
import type { Seams } from './seams.ts'

/** What is forgiven everywhere: id tokens are refused beyond it. */
const toleratedMs = 5 * 60_000
const sayAgainAfterMs = 60 * 60_000

/**
 * Compares this machine's clock with those of the servers it calls (RFC 9110, section 6.6.1, Date), and says so when they differ by more
 * than five minutes: sign-ins are refused then, and nobody would guess why. A server's answer may be stale, so the shortest difference to
 * anywhere within its time of travel counts.
 */
export function watchingClock(fetch: Seams['fetch'], { now, log }: Pick<Seams, 'now'> & { log: Log }): Seams['fetch'] {
  let saidAtMs = Number.NEGATIVE_INFINITY
  return async (input, init) => {
    const sentAtMs = now().getTime()
    const answer = await fetch(input, init)
    const nowMs = now().getTime()
    const differenceMs = clockDifferenceMs(answer.headers.get('date'), { sentAtMs, nowMs })
    const isQuiet = nowMs - saidAtMs >= 0 && nowMs - saidAtMs < sayAgainAfterMs
    if (Math.abs(differenceMs) > toleratedMs && !isQuiet) {
      saidAtMs = nowMs
      const host = URL.parse(input instanceof Request ? input.url : String(input))?.host
      log.warn({ host, differenceSeconds: Math.round(differenceMs / 1000) }, sayWrong)
    }
    return answer
  }
}

const sayWrong =
  'the clock of this machine differs from that of a server by more than five minutes: sign-ins are refused until it is right'

/** How far this machine is ahead (above zero) or behind; zero when the server's time lies between asking and being answered. */
export function clockDifferenceMs(
  date: string | null,
  { sentAtMs, nowMs }: { sentAtMs: number; nowMs: number },
): number {
  // Only the form that servers send; Date.parse takes a bare number for a year.
  const serverMs = date === null || !/^[A-Z][a-z]{2}, \d{2} /.test(date) ? Number.NaN : Date.parse(date)
  if (Number.isNaN(serverMs)) return 0
  if (sentAtMs > serverMs + 1_000) return sentAtMs - (serverMs + 1_000)
  return nowMs < serverMs ? nowMs - serverMs : 0
}
