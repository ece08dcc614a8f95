import type { z } from 'zod'
import type { Actor } from '#http/actor.ts'
import type { readReservingRules } from './contract.ts'
import type { Question, ReservationsDeps, Rule } from './deps.ts'
import { reservableRoom } from './reservation.ts'
import { sourceOf } from './source.ts'

/** Somebody else, before anybody knows who: `them` reads well in a sentence about whoever it will be. */
const somebodyElse = { id: null, displayName: 'them', email: '' }

/**
 * What the rules of a room say to reserving it for oneself and for others, so that a form can say so before it is sent.
 * @throws Refusal `reservations.room_unknown`
 */
export async function reservingRules(
  deps: ReservationsDeps,
  actor: Actor,
  roomId: string,
): Promise<z.input<typeof readReservingRules.answer>> {
  await reservableRoom(deps.db, roomId)
  const rules = await deps.rules([roomId])
  const question = { roomId, action: 'create' as const, source: sourceOf(actor), actorId: actor.userId, existing: null }
  const ask = (requestedFor: Question['requestedFor']) => rules({ ...question, requestedFor })
  const { userId: id, displayName, email } = actor
  const forOthers = ask(somebodyElse)
  return {
    organizer: organizerIn(ask({ id, displayName, email })),
    forOthers: isOpen(forOthers),
    notForOthersBecause: isOpen(forOthers) ? null : forOthers.say,
  }
}

type Open = Extract<Rule, { is: 'local' | 'allowed' }>

function isOpen(rule: Rule): rule is Open {
  return rule.is === 'local' || rule.is === 'allowed'
}

function organizerIn(rule: Rule) {
  if (rule.is !== 'allowed') return null
  return rule.mailbox === 'other' ? ('delegated_mailbox' as const) : ('person' as const)
}
