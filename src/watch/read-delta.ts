import type { TimeWindow } from '#graph/calendar-view.ts'
import { isLinkGone, readChanges, startOfRound } from '#graph/delta.ts'
import { isTransient } from '#graph/graph-problem.ts'
import { commitPage, type PageRead } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import { openPageLoop } from './page-loop.ts'
import type { Reading, ReadOutcome } from './reading.ts'
import { isSlideDue, placeOf } from './schedule.ts'

/** A round that was left unfinished for longer is begun anew: its first pages are old. */
const roundMsMax = 6 * 3_600_000

/** A full round that keeps failing is too much for this mailbox. */
const roundAttemptsMax = 4

/**
 * Follows what changed since the last read. Where there is no link to begin at, or it is no longer good, or its window has grown old, a
 * full round is made; until that is finished the old link stays, and nothing counts as missing.
 */
export async function readDelta(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  let changed = 0
  if (reading.watch.delta_link !== null) {
    const followed = await followChanges(deps, reading)
    if (followed.is !== 'read' && followed.is !== 'link_gone') return followed
    if (followed.is === 'read') changed = followed.changed
    else await commitPage(deps, reading, { items: [], progress: { delta_link: null } })
  }
  const { delta_link: link, round_link: underWay, whole_read_at: wholeReadAt, room_id: roomId } = reading.watch
  const isNeeded = link === null || underWay !== null || isSlideDue(wholeReadAt, deps.seams.now(), placeOf(roomId))
  if (!isNeeded) return { is: 'read', changed }
  const round = await readRound(deps, reading)
  return round.is === 'read' ? { is: 'read', changed: changed + round.changed } : round
}

type Followed = ReadOutcome | { is: 'link_gone' }

async function followChanges(deps: WatchDeps, reading: Reading): Promise<Followed> {
  const stepOf: Step = (next, end) => ({ progress: { delta_link: end ?? next } })
  const followed = await followPages(deps, reading, { cursor: 'delta_link', stepOf })
  if (followed.is !== 'endless') return followed
  deps.log.warn({ roomId: reading.watch.room_id }, 'watch: changes do not come to an end; everything is read anew')
  return { is: 'link_gone' }
}

/** Everything in a new window. It goes on where it was left if a process was killed in it. */
async function readRound(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  for (let begun = 0; begun < 2; begun++) {
    const round = await roundUnderWay(deps, reading)
    const { startsAt: window_starts_at, endsAt: window_ends_at } = round.window
    const over = { round_link: null, round_began_at: null, round_starts_at: null, round_ends_at: null }
    const ended = { ...over, window_starts_at, window_ends_at, whole_read_at: round.beganAt }
    const stepOf: Step = (next, end) =>
      end === null
        ? { isOfRound: true, progress: { round_link: next } }
        : { isOfRound: true, endsRound: round, progress: { ...ended, delta_link: end } }
    const followed = await followPages(deps, reading, { cursor: 'round_link', stepOf })
    if (followed.is === 'endless') return { is: 'not_by_delta', because: 'endless' }
    if (followed.is !== 'link_gone') return slowed(reading, followed)
    await commitPage(deps, reading, { items: [], progress: over })
  }
  const message = 'Every link of a round is refused as soon as it is given.'
  return {
    is: 'problem',
    problem: { is: 'problem', status: 410, code: 'link_gone', message, requestId: null, retryAfterMs: null },
  }
}

function slowed({ watch }: Reading, outcome: ReadOutcome): ReadOutcome {
  if (outcome.is !== 'problem' || watch.attempts < roundAttemptsMax) return outcome
  const isTooSlow = isTransient(outcome.problem) && outcome.problem.status !== 429 && outcome.problem.status !== 0
  return isTooSlow ? { is: 'not_by_delta', because: 'too_slow' } : outcome
}

type Round = { window: TimeWindow; beganAt: Date }

async function roundUnderWay(deps: WatchDeps, reading: Reading): Promise<Round> {
  const now = deps.seams.now()
  const { round_link, round_began_at: beganAt, round_starts_at: startsAt, round_ends_at: endsAt } = reading.watch
  const isFresh = beganAt !== null && now.getTime() - beganAt.getTime() < roundMsMax
  if (round_link !== null && isFresh && startsAt !== null && endsAt !== null)
    return { window: { startsAt, endsAt }, beganAt }
  const window = reading.whole
  await commitPage(deps, reading, {
    items: [],
    progress: {
      round_link: startOfRound(reading.mailbox, window),
      round_began_at: now,
      round_starts_at: window.startsAt,
      round_ends_at: window.endsAt,
    },
  })
  return { window, beganAt: now }
}

/** What is committed with a page, by where it says that the list goes on or the next round begins. */
type Step = (next: string | null, end: string | null) => Omit<PageRead, 'items'>
type Following = { cursor: 'delta_link' | 'round_link'; stepOf: Step }

/** Page by page to the end of the round, each committed with the link that follows it. */
async function followPages(
  deps: WatchDeps,
  reading: Reading,
  { cursor, stepOf }: Following,
): Promise<Followed | { is: 'endless' }> {
  const loop = openPageLoop()
  let changed = 0
  while (!reading.lost.aborted) {
    const page = await readChanges(reading.acting.graph, reading.mailbox, reading.watch[cursor] ?? '')
    if (page.is === 'problem') return isLinkGone(page) ? { is: 'link_gone' } : { is: 'problem', problem: page }
    const { items, next, end } = page.value
    if (loop.isEndless(page.value)) return { is: 'endless' }
    const committed = await commitPage(deps, reading, { items, ...stepOf(next, end) })
    if (committed.is === 'problem') return committed
    changed += committed.changed
    if (end !== null) break
  }
  return { is: 'read', changed }
}
