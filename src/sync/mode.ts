import type { ActsAs } from '#providers/acting.ts'
import type { SyncMode } from '#providers/contract.ts'
import type { Question, Rule, SyncMailbox } from '#reservations/deps.ts'
import { isInteractive } from '#reservations/source.ts'

/** What the rules need to know of a room's provider. */
export type ModeFacts = {
  mode: SyncMode
  /** The mailbox that organises for everybody; null in normal mode. */
  delegatedUserEmail: string | null
  roomName: string
}

/**
 * Who may do what, and in whose calendar (the restrictions of the three modes). In one table, because a rule that is half here and half
 * there is how a person's token comes to be used for somebody else.
 *
 *                 create                     change, cancel of ours        change, cancel of a meeting made in Outlook
 *   normal        anybody's calendar,        the same                      the application writes the organizer's meeting;
 *                 by the application                                       an outside organizer is asked
 *   strict        the delegated mailbox      there: yes. In a person's     organised there: yes. Otherwise the organizer is asked
 *                                            own calendar: they are asked
 *   personal      oneself, at a screen:      own, by its owner at a        one's own at a screen: with one's own token.
 *                 own calendar, own token.   screen: own token. Of others: Otherwise the organizer is asked
 *                 Programs: the delegated    they are asked. Programs: no.
 *                 mailbox                    In the delegated mailbox: yes
 *
 * Asked means: the change is kept as a proposal and mailed. Every refusal says why and what to do instead.
 */
export function ruleOf(facts: ModeFacts, question: Question): Rule {
  const { existing } = question
  if (existing === null) return ruleOfCreating(facts, question)
  if (existing.bornOutside) return ruleOfForeign(facts, question)
  return ruleOfOurs(facts, question, existing.mailbox ?? 'user')
}

function ruleOfCreating({ mode, roomName }: ModeFacts, { source, actorId, requestedFor }: Question): Rule {
  if (mode === 'normal') return allowed('user')
  if (mode === 'strict' || !isInteractive(source)) return allowed('other')
  if (requestedFor.id === actorId) return withOwnPermission
  const who = requestedFor.displayName
  return {
    is: 'refused',
    say: `${roomName} is reserved in people’s own calendars with their own permission, so you can reserve it for yourself only. Ask ${who} to reserve it, or reserve it for yourself and invite ${who}.`,
  }
}

function ruleOfOurs({ mode, delegatedUserEmail }: ModeFacts, question: Question, mailbox: SyncMailbox): Rule {
  const { source, actorId, requestedFor } = question
  if (mode === 'normal' || mailbox === 'other') return allowed(mailbox)
  const who = requestedFor.displayName
  if (mode === 'strict') {
    const say = `The meeting is in the calendar of ${who} since before ${delegatedUserEmail ?? 'one mailbox'} organises for everybody, so it is changed in Outlook: ${who} has been asked by mail.`
    return { is: 'proposed', say }
  }
  if (!isInteractive(source)) {
    const say = `The meeting is in the calendar of ${who} and is changed with their own permission, which no program uses. Change it in the portal as ${who}, or in Outlook.`
    return { is: 'refused', say }
  }
  if (requestedFor.id === actorId) return withOwnPermission
  const say = `The meeting is in the calendar of ${who}, and only they can change it: they have been asked by mail.`
  return { is: 'proposed', say }
}

function ruleOfForeign({ mode, delegatedUserEmail }: ModeFacts, question: Question): Rule {
  const { source, actorId, requestedFor } = question
  const byDelegate = delegatedUserEmail?.toLowerCase() === requestedFor.email.toLowerCase()
  if (mode !== 'normal' && byDelegate) return allowed('other')
  if (mode === 'normal' && requestedFor.id !== null) return allowed('user')
  if (mode === 'personal' && requestedFor.id === actorId && isInteractive(source)) return withOwnPermission
  const say = `The meeting was made in Outlook by ${requestedFor.displayName}, and only they can change it: they have been asked by mail.`
  return { is: 'proposed', say }
}

const withOwnPermission: Rule = { is: 'allowed', mailbox: 'user', withPermissionOf: 'person' }

function allowed(mailbox: SyncMailbox): Rule {
  return { is: 'allowed', mailbox, withPermissionOf: 'system' }
}

/** With whose permission a meeting is written now, whatever was the mode when it was made. */
export type Writer =
  | { is: Extract<ActsAs, 'application' | 'delegated'> }
  | { is: 'personal'; userId: string }
  /** In this mode nobody may write there. */
  | { is: 'nobody'; say: string }

export type Writing = {
  mailbox: SyncMailbox
  /** Whose change it is and how they asked for it. */
  actorId: string | null
  source: Question['source']
  /** The person whose calendar it is. */
  requestedFor: Question['requestedFor']
}

/**
 * The identity of a write, decided again when it is carried out: a change that was queued under other rules is not sent with an identity
 * that today's rules do not name.
 */
export function writerOf(
  { mode }: Pick<ModeFacts, 'mode'>,
  { mailbox, actorId, source, requestedFor }: Writing,
): Writer {
  if (mode === 'normal') return { is: 'application' }
  if (mailbox === 'other') return { is: 'delegated' }
  const who = requestedFor.displayName
  if (mode === 'strict') {
    const say = `The meeting is in the calendar of ${who}, and in strict mode Anteroom does not write there. Ask ${who} to change it in Outlook.`
    return { is: 'nobody', say }
  }
  if (requestedFor.id !== null && requestedFor.id === actorId && isInteractive(source)) {
    return { is: 'personal', userId: requestedFor.id }
  }
  const say = `The meeting is in the calendar of ${who}, and only their own permission changes it there, for what they do themselves. Ask ${who} to change it.`
  return { is: 'nobody', say }
}
