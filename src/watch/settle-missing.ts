import { transaction } from '#db/transaction.ts'
import type { CalendarItem } from '#graph/calendar-copy.ts'
import { readCopy } from '#graph/calendar-view.ts'
import { type GraphOutcome, type GraphProblem, isTransient } from '#graph/graph-problem.ts'
import { assertFence } from '#jobs/lease.ts'
import { copiesIn, keepWatch, writeCopies } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import { hold } from './hold.ts'
import { judgeLoss } from './loss-guard.ts'
import { later } from './mirror-changes.ts'
import { clearMissing, countComing, type MissingRow, markGone, selectMissing } from './mirror-queries.ts'
import type { Reading, ReadOutcome } from './reading.ts'

/** So many are asked for at a time: as many calls as one mailbox takes. */
const atATime = 3

/** A mailbox that will not say whether one event is there must not keep its room from being read for ever. */
const attemptsMax = 5

/**
 * Asks for everything that is missing by its id, and only what is not there then is gone. If too much is missing at once, nobody is asked
 * for anything: a person has to say first whether that can be true.
 */
export async function settleMissing(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  const { db, seams } = deps
  const { watch } = reading
  const missing = await selectMissing(db, watch.room_id)
  if (missing.length === 0) return { is: 'read', changed: 0 }
  const now = seams.now()
  const unapproved = missing.filter(({ missing_at, ends_at }) => ends_at > now && !isApproved(watch, missing_at))
  const approved = missing.filter(({ missing_at, ends_at }) => ends_at > now && isApproved(watch, missing_at))
  const loss = { coming: (await countComing(db, watch.room_id, now)) - approved.length, missing: unapproved.length }
  const verdict = judgeLoss(loss)
  if (verdict.is === 'held') {
    await hold(deps, reading, { ...loss, code: verdict.code })
    return { is: 'held' }
  }
  let changed = 0
  for (let at = 0; at < missing.length && !reading.lost.aborted; at += atATime) {
    const settled = await settleSome(deps, reading, missing.slice(at, at + atATime))
    if (settled.is === 'problem') return settled
    changed += settled.changed
  }
  return { is: 'read', changed }
}

function isApproved({ loss_approved_at: approvedAt }: Reading['watch'], missingAt: Date): boolean {
  return approvedAt !== null && missingAt <= approvedAt
}

type Settled = { is: 'read'; changed: number } | { is: 'problem'; problem: GraphProblem }
type Asked = { row: MissingRow; outcome: GraphOutcome<CalendarItem | null> }

async function settleSome(deps: WatchDeps, reading: Reading, rows: readonly MissingRow[]): Promise<Settled> {
  const { acting, mailbox, watch } = reading
  const asked = await Promise.all(
    rows.map(async (row): Promise<Asked> => ({ row, outcome: await readCopy(acting.graph, mailbox, row.event_id) })),
  )
  const problem = asked.flatMap(({ outcome }) => (outcome.is === 'problem' ? [outcome] : [])).find(isReasonToWait)
  if (problem !== undefined && watch.attempts < attemptsMax) return { is: 'problem', problem }
  return { is: 'read', changed: await write(deps, reading, asked) }
}

/** A refusal of one event says nothing about it: it is kept, and the next full look finds out. */
function isReasonToWait(problem: GraphProblem): boolean {
  return isTransient(problem) || problem.status === 401
}

async function write(deps: WatchDeps, reading: Reading, asked: readonly Asked[]): Promise<number> {
  const { room_id: roomId } = reading.watch
  const now = deps.seams.now()
  const gone = asked.flatMap(({ row, outcome }) => (outcome.is === 'ok' && outcome.value === null ? [row] : []))
  const there = asked.flatMap(({ outcome }) => (outcome.is === 'ok' && outcome.value !== null ? [outcome.value] : []))
  const kept = asked.filter(({ row }) => !gone.includes(row)).map(({ row }) => row.event_id)
  return transaction(deps.db, async (trx) => {
    await assertFence(trx, reading.lease)
    await keepWatch(trx, reading.watch, { updated_at: now })
    for (const { id, changed_at } of gone) await markGone(trx, id, { changedAt: later(now, changed_at), now })
    const changed = await writeCopies(trx, deps, { roomId, copies: copiesIn(deps, reading, there), now })
    await clearMissing(trx, roomId, kept)
    if (gone.length + changed > 0) await deps.apply(trx, roomId)
    return gone.length + changed
  })
}
