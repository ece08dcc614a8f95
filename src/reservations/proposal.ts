import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Letter } from '#mail/letter.ts'
import type { ReservationsDeps } from './deps.ts'
import { recordHistory } from './history.ts'
import { insertProposal, type ProposalRow, selectOpenProposals, settleProposal } from './proposal-queries.ts'
import type { ReservationRow } from './queries.ts'
import type { WholeReservation } from './reservation.ts'
import { dayAndHoursIn } from './wall-time.ts'
import type { TimeSpan } from './wished-time.ts'

/** An edit whose author may not write the meeting: kept here, mailed to the organizer, settled by what happens in Outlook. */
export type Proposal = { id: string; sentence: string; createdAt: Date }

/** What somebody would have it be; what is absent stays. */
export type Proposed = {
  cancelled?: true
  subject?: string
  startsAt?: string
  endsAt?: string
  isPrivate?: boolean
}

type Proposing = { whole: WholeReservation; what: Proposed; sentence: string; because: string }

/** Keeps a proposal, and posts it to the organizer in the same transaction. */
export async function propose(deps: ReservationsDeps, actor: Actor, proposing: Proposing): Promise<void> {
  const { whole, what, sentence, because } = proposing
  const { row, requestedFor } = whole
  await transaction(deps.db, async (trx) => {
    await insertProposal(trx, {
      id: deps.seams.newId(),
      reservation_id: row.id,
      proposed_by_id: actor.userId,
      what,
      sentence,
      because,
      mailed_to: requestedFor.email,
      created_at: deps.seams.now(),
    })
    const line = `${sentence} ${because}`
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'proposed', sentence: line })
    await deps.post(trx, letterOf(actor, proposing), 'reservations.propose')
  })
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
}

function letterOf(actor: Actor, { whole, sentence }: Proposing): Letter {
  const { row, room, requestedFor } = whole
  const when = dayAndHoursIn({ startsAt: row.starts_at, endsAt: row.ends_at }, row.time_zone)
  const text = [
    `Dear ${requestedFor.displayName},`,
    '',
    `${sentence}`,
    `It is about “${row.subject}” in ${room.name}, ${when}.`,
    '',
    'The meeting is in your calendar and only you can change it. If you agree, change it in Outlook: Anteroom follows by itself.',
    `If you do not, there is nothing to do. You can ask ${actor.displayName} at ${actor.email}.`,
    '',
  ].join('\n')
  const to = { name: requestedFor.displayName, email: requestedFor.email }
  return { to, subject: `${actor.displayName} proposes a change of “${row.subject}”`, text }
}

/** Proposals that nobody has settled, by reservation. */
export async function openProposals(db: Database, reservationIds: readonly string[]): Promise<Map<string, Proposal[]>> {
  const rows = await selectOpenProposals(db, reservationIds)
  const grouped = Map.groupBy(rows, (row) => row.reservation_id)
  return new Map([...grouped].map(([id, some]) => [id, some.map(proposalOf)]))
}

/** The meeting was changed or ended in Outlook: what was proposed for it has happened, or has been overtaken. */
export async function settleProposals(trx: Database, row: ReservationRow, now: Date): Promise<void> {
  for (const open of await selectOpenProposals(trx, [row.id])) {
    const outcome = isAsProposed(row, open.what as Proposed) ? 'taken' : 'overtaken'
    await settleProposal(trx, open.id, { outcome, now })
  }
}

/** `… proposed to move it to Tue 24 Nov, 10:00 to 11:00.` */
export function sayProposal(actor: Actor, { what, span, timeZone }: SayProposal): string {
  const parts = [
    what.cancelled ? 'cancel it' : null,
    what.startsAt || what.endsAt ? `move it to ${dayAndHoursIn(span, timeZone)}` : null,
    what.subject === undefined ? null : `call it “${what.subject}”`,
    what.isPrivate === undefined ? null : what.isPrivate ? 'make it private' : 'make it visible',
  ].filter((part) => part !== null)
  return `${actor.displayName} proposed to ${parts.join(' and to ')}.`
}

type SayProposal = { what: Proposed; span: TimeSpan; timeZone: string }

function isAsProposed(row: ReservationRow, what: Proposed): boolean {
  if (what.cancelled) return row.state === 'cancelled'
  return (
    (what.subject === undefined || what.subject === row.subject) &&
    (what.startsAt === undefined || what.startsAt === row.starts_at.toISOString()) &&
    (what.endsAt === undefined || what.endsAt === row.ends_at.toISOString()) &&
    (what.isPrivate === undefined || what.isPrivate === row.is_private)
  )
}

function proposalOf({ id, sentence, created_at: createdAt }: ProposalRow): Proposal {
  return { id, sentence, createdAt }
}
