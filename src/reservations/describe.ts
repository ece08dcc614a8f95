import { type Actor, hasRole } from '#http/actor.ts'
import type { Reservation } from './contract.ts'
import type { Question, ReservationsDeps, Rule } from './deps.ts'
import { refused } from './errors.ts'
import { openProposals, type Proposal } from './proposal.ts'
import { visibleReservation, type WholeReservation } from './reservation.ts'
import { sourceOf } from './source.ts'

/** What the API answers about reservations to this person at this moment: one reading of the rules for any number of them. */
export async function describeAll(
  deps: ReservationsDeps,
  actor: Actor,
  wholes: readonly WholeReservation[],
): Promise<Reservation[]> {
  const rules = await deps.rules([...new Set(wholes.map(({ room }) => room.id))])
  const proposals = await openProposals(
    deps.db,
    wholes.map(({ row }) => row.id),
  )
  const now = deps.seams.now()
  return wholes.map((whole) => {
    const rule = ruleAbout(rules, { whole, actor, action: 'update' })
    return describe(whole, { actor, now, rule, proposals: proposals.get(whole.row.id) ?? [] })
  })
}

/** Reads and describes one, after a change. */
export async function answerFor(deps: ReservationsDeps, actor: Actor, id: string): Promise<Reservation> {
  const [answer] = await describeAll(deps, actor, [await visibleReservation(deps.db, actor, id)])
  if (!answer) throw refused('reservations.not_found')
  return answer
}

type MayChange = Extract<Rule, { is: 'allowed' | 'local' | 'proposed' }>

/**
 * What the rules say to this person's change of this reservation.
 * @throws Refusal `reservations.may_not_change`, `.not_allowed_in_mode`, each with the reason and what to do instead.
 */
export async function ruleFor(
  deps: ReservationsDeps,
  actor: Actor,
  { whole, action }: { whole: WholeReservation; action: 'update' | 'cancel' },
): Promise<MayChange> {
  const over = whyNotTheirs(whole, actor) ?? whyOver(whole, deps.seams.now())
  if (over !== null) throw refused('reservations.may_not_change', { say: over })
  const rule = ruleAbout(await deps.rules([whole.room.id]), { whole, actor, action })
  if (rule.is === 'refused') throw refused('reservations.not_allowed_in_mode', { say: rule.say })
  return rule
}

type About = { whole: WholeReservation; actor: Actor; action: Question['action'] }

/** A draft is in nobody's calendar yet, so nothing keeps its author from changing it; for everybody else there is nothing to change yet. */
function ruleAbout(rules: (question: Question) => Rule, { whole, actor, action }: About): Rule {
  const { row, room, requestedFor } = whole
  if (row.state === 'draft') {
    const isOwn = row.requested_for_id === actor.userId || row.opened_by_id === actor.userId
    return isOwn
      ? { is: 'local' }
      : { is: 'refused', say: `It is a draft of ${requestedFor.displayName}: only they can go on with it, or drop it.` }
  }
  const existing = { mailbox: row.sync_mailbox, bornOutside: row.source === 'outlook' }
  return rules({ roomId: room.id, action, source: sourceOf(actor), actorId: actor.userId, requestedFor, existing })
}

type Circumstances = { actor: Actor; now: Date; rule: Rule; proposals: readonly Proposal[] }

function describe(whole: WholeReservation, { actor, now, rule, proposals }: Circumstances): Reservation {
  const { row, room, requestedFor, invitees } = whole
  const mayNotChangeBecause =
    whyNotTheirs(whole, actor) ?? whyOver(whole, now) ?? (rule.is === 'refused' ? rule.say : null)
  return {
    id: row.id,
    room,
    subject: row.subject,
    notes: row.notes,
    isPrivate: row.is_private,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    state: row.state,
    stateReason: row.state_reason,
    requestedFor,
    invitees,
    source: row.source,
    permissionNeeded:
      row.permission_credential_id === null
        ? null
        : { credentialId: row.permission_credential_id, say: row.permission_say ?? '' },
    mayChange: mayNotChangeBecause === null,
    mayNotChangeBecause,
    changesAreProposed: rule.is === 'proposed' ? rule.say : null,
    proposals: proposals.map(({ id, sentence, createdAt }) => ({ id, sentence, at: createdAt.toISOString() })),
    organizer: row.sync_mailbox === 'other' ? 'delegated_mailbox' : 'person',
    syncState: row.sync_state,
    approval: row.approval,
    externalApproval: row.external_approval,
    mayApprove: mayApprove(whole, actor),
    inOutlook: row.in_calendar,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

/** Is there something for this person to approve? */
export function mayApprove({ row }: WholeReservation, actor: Actor): boolean {
  const open = row.state === 'awaiting_confirmation' || row.state === 'awaiting_approval' || row.state === 'conflicted'
  return open && row.approval === 'awaiting_approval' && hasRole(actor, 'approver')
}

/** Whoever may see a reservation in order to approve it has no business changing it. */
function whyNotTheirs({ row, requestedFor }: WholeReservation, actor: Actor): string | null {
  if (row.requested_for_id === actor.userId || row.opened_by_id === actor.userId) return null
  if (hasRole(actor, 'rsvsync_admin')) return null
  return `It is for ${requestedFor.displayName}, who can change it. You can approve or reject it.`
}

function whyOver({ row }: WholeReservation, now: Date): string | null {
  if (row.state === 'cancelled') return 'It is cancelled. Reserve the room again.'
  return row.ends_at <= now ? 'It is over. Reserve the room for another time.' : null
}
