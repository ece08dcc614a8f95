import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import { type Again, announceAgain } from '#reservations/announce-again.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { resubmit } from '#reservations/submit.ts'
import type { SyncDeps } from './deps.ts'
import type { WholeEvent } from './describe-event.ts'
import { refused } from './errors.ts'
import { wakeLane } from './jobs.ts'
import { findWholeEvent } from './read-sync-event.ts'
import type { ReprocessOutcome } from './sync-event.contract.ts'

export type ReprocessDeps = SyncDeps & { reservations: ReservationsDeps }

/** Who asks for it, and in which request. */
export type Asker = { actor: Actor; requestId: string }

/**
 * Lets a change go out again. It says only that there is something to do: whoever does it brings Outlook to the reservation's present
 * state, with the permission that the change was to be made with. So doing it for nothing, or twice, changes nothing.
 * @throws Refusal `sync.event_unknown`, `sync.nothing_to_reprocess`, and those of submitting one that had failed
 */
export async function reprocess(deps: ReprocessDeps, asker: Asker, seq: string): Promise<ReprocessOutcome> {
  const event = await findWholeEvent(deps.db, seq)
  const again = await sayAgain(deps, asker, event)
  if (again.is === 'refused') throw refused('sync.nothing_to_reprocess', { say: again.say })
  if (again.is === 'failed') await submitAgain(deps, asker, event)
  await wakeLane(deps, deps.db, event.whole.row.room_id)
  tell(deps, event)
  return { seq, is: again.is === 'hastened' ? 'hastened' : 'announced', say: says[again.is], code: null }
}

/** The same for many, each for itself: one that is refused holds up no other. */
export async function reprocessMany(
  deps: ReprocessDeps,
  asker: Asker,
  seqs: readonly string[],
): Promise<ReprocessOutcome[]> {
  const outcomes: ReprocessOutcome[] = []
  for (const seq of new Set(seqs)) outcomes.push(await orRefusal(seq, () => reprocess(deps, asker, seq)))
  return outcomes
}

const says = {
  hastened: 'It goes now.',
  announced: 'It is compared with Outlook once more.',
  failed: 'The room is reserved anew and asked again.',
}

async function sayAgain(deps: ReprocessDeps, asker: Asker, event: WholeEvent): Promise<Again> {
  const { change } = event
  if (change === null) return { is: 'refused', say: 'Nothing is kept any more of what was to be done.' }
  return transaction(deps.db, async (trx) => {
    const again = await announceAgain(trx, change, deps.seams.now())
    if (again.is === 'hastened' || again.is === 'announced') await audit(trx, asker, event)
    return again
  })
}

async function submitAgain(deps: ReprocessDeps, asker: Asker, event: WholeEvent): Promise<void> {
  await resubmit(deps.reservations, event.whole.row.id)
  await audit(deps.db, asker, event)
}

function audit(trx: SyncDeps['db'], { actor, requestId }: Asker, { seq, whole, row }: WholeEvent): Promise<void> {
  return recordAudit(trx, {
    actorId: actor.userId,
    actorName: actor.displayName,
    action: 'sync.event_reprocessed',
    subject: { kind: 'sync_event', id: seq, name: whole.row.subject },
    details: { reservationId: whole.row.id, state: row?.state ?? 'new', subState: row?.sub_state ?? null },
    requestId,
  })
}

function tell({ publish }: SyncDeps, { seq, whole: { row } }: WholeEvent): void {
  publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
  publish({ topic: 'sync', id: seq, userId: null })
}

async function orRefusal(seq: string, run: () => Promise<ReprocessOutcome>): Promise<ReprocessOutcome> {
  try {
    return await run()
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    return { seq, is: 'refused', say: problem.message, code: problem.code }
  }
}
