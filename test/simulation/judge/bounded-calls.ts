import type { Call } from '../outside/call.ts'
import type { World } from '../world/world.ts'
import { Violation } from './violation.ts'

/** Exchange refuses a fifth; we promise a fourth only for what outlived its slot. */
const atATimeMax = 4

/** As long as it may take from an answer's arrival until its Retry-After is written down, and all the while calls may be on their way. */
const graceMs = 5_000
const longestPauseMs = 60 * 60_000

/** I11: at most four calls at a time of one application to one mailbox, and none while it asked to be left alone. */
export function watchCalls(world: World): void {
  const pauses = new Map<string, { fromMs: number; untilMs: number }>()
  world.network.watch({
    departed: (call) => {
      if (!isAboutMailbox(call)) return
      judgeCount(world, call)
      const pause = pauses.get(keyOf(call))
      const isTooSoon = pause && call.departedMs > pause.fromMs + graceMs && call.departedMs < pause.untilMs - 1_000
      if (isTooSoon) world.scheduler.fail(new Violation('I11', sayTooSoon(call, pause)))
    },
    ended: (call, response) => {
      const askedMs = response && isAboutMailbox(call) ? retryAfterMs(response, world.scheduler.nowMs) : null
      const alive = [...world.processes].some(({ name, state }) => name === call.process && state === 'running')
      if (askedMs === null || !alive) return
      const known = pauses.get(keyOf(call))
      const untilMs = world.scheduler.nowMs + Math.min(askedMs, longestPauseMs)
      world.pausedUntilMs = Math.max(world.pausedUntilMs, untilMs)
      if (untilMs > (known?.untilMs ?? 0)) pauses.set(keyOf(call), { fromMs: world.scheduler.nowMs, untilMs })
    },
  })
}

function judgeCount(world: World, call: Call): void {
  const same = [...world.network.inFlight].filter((other) => keyOf(other) === keyOf(call))
  if (same.length <= atATimeMax) return
  const list = same.map(
    ({ process, method, path, departedMs }) =>
      `${process} ${method} ${path.slice(0, 40)} since ${call.departedMs - departedMs} ms`,
  )
  world.scheduler.fail(new Violation('I11', `${same.length} calls at a time to ${call.mailbox}: ${list.join(', ')}`))
}

/** Subscriptions, users and places have limits of their own. */
function isAboutMailbox({ path }: Call): boolean {
  return /^\/(me|users\/[^/]+)\//.test(path)
}

function keyOf({ application, mailbox }: Call): string {
  return `${application} ${mailbox}`
}

/** What an answer asks for without any doubt: a number of seconds, or a date. */
function retryAfterMs(response: Response, nowMs: number): number | null {
  const text = response.headers.get('retry-after') ?? ''
  if (![429, 503, 504].includes(response.status) || text === '') return null
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const dateMs = / GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(dateMs) ? null : dateMs - nowMs
}

function sayTooSoon(
  { method, path, mailbox, departedMs }: Call,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): string {
  return `${method} ${path.slice(0, 60)} to ${mailbox} after ${departedMs - fromMs} ms, which asked to be left alone for ${untilMs - fromMs} ms`
}
