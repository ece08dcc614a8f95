import { accessProblemOf } from '#graph/access-problem.ts'
import type { GraphOutcome } from '#graph/graph-problem.ts'
import { tryToFollow, tryToRead, tryToWrite, type Window } from '#graph/try-calendar.ts'
import type { Urgency } from '#pace/pace.ts'
import { type Acting, actAsSystem, findWatchers, mailboxFor, type NotActing } from './acting.ts'
import { type Judged, methodFor, no, notTried, sayProblem, type Tried, works } from './capability.ts'
import type { Capabilities, WatchMethod } from './contract.ts'
import type { ProvidersDeps } from './deps.ts'
import type { Provider } from './room-sync.ts'

export type ProbedRoom = { name: string; mailbox: string }

export type Probed = {
  capabilities: Capabilities
  /** How the room can be watched, and by whom; null while nobody can. */
  method: WatchMethod | null
  watcher: Acting | null
}

const dayMs = 24 * 60 * 60 * 1000

/**
 * Finds out by live calls what can be done with a room's calendar: who can read it, whether its changes can be followed, and whether the
 * system could organise meetings. Nothing is changed by it. Whether notifications can be had is known only by subscribing, which whoever
 * watches the room does (`mergeCapabilities` adds the outcome).
 *
 * Never throws for what the other side does: every outcome has a code, a sentence, and what to do next.
 */
export async function probeRoom(
  deps: ProvidersDeps,
  provider: Provider,
  room: ProbedRoom,
  urgency: Urgency = 'bulk',
): Promise<Probed> {
  const now = deps.seams.now()
  const window = { from: now, to: new Date(now.getTime() + dayMs) }
  const looks: Look[] = []
  for (const candidate of await findWatchers(deps, provider, urgency)) {
    looks.push(await lookAs(candidate, room, window))
    if (looks.at(-1)?.delta.ok) break
  }
  const best = looks.find(({ delta }) => delta.ok) ?? looks.find(({ read }) => read.ok) ?? looks.at(-1)
  const read = best?.read ?? no('nobody', 'Nobody acts for the system with this calendar provider.')
  // Why the better way does not work is what somebody wants to know who could mend it.
  const why = best?.delta.ok ? best.delta : (looks[0]?.delta ?? read)
  const delta = why === read ? followLater : why
  const found = { read, delta, write: await tryWriting(deps, { provider, room, urgency }), subscribe: subscribeLater }
  const capabilities = stamped(found, now)
  const method = methodFor(capabilities)
  return { capabilities, method, watcher: method === null ? null : (best?.watcher ?? null) }
}

type Look = { read: Judged; delta: Judged; watcher: Acting | null }

async function lookAs(candidate: Acting | NotActing, room: ProbedRoom, window: Window): Promise<Look> {
  if (candidate.is !== 'ready') {
    const missing = judgeMissing(candidate)
    return { read: missing, delta: missing, watcher: null }
  }
  const tried = { room, identity: candidate.identity, actsAs: candidate.actsAs, to: 'read' } as const
  const mailbox = mailboxFor(candidate, room.mailbox)
  const read = judge(await tryToRead(candidate.graph, mailbox, window), tried, sayReads(tried))
  if (read.ok !== true) return { read, delta: read, watcher: candidate }
  if (candidate.actsAs !== 'application')
    return { read, delta: no('needs_application', sayOnlyFirstPage(tried)), watcher: candidate }
  const delta = judge(await tryToFollow(candidate.graph, mailbox, window), tried, sayFollows(tried))
  return { read, delta, watcher: candidate }
}

/** A delegated account organises in its own mailbox. An application organises in people's, of which the room's stands for all here. */
async function tryWriting(
  deps: ProvidersDeps,
  { provider, room, urgency }: { provider: Provider; room: ProbedRoom; urgency: Urgency },
): Promise<Judged> {
  const system = await actAsSystem(deps, provider, urgency)
  if (system.is !== 'ready') return judgeMissing(system)
  const { identity, actsAs, address } = system
  const mailbox = address === null ? ({ is: 'of', address: room.mailbox } as const) : ({ is: 'mine' } as const)
  const outcome = await tryToWrite(system.graph, mailbox)
  return judge(outcome, { room, identity, actsAs, to: 'write' }, sayWrites({ identity, address }))
}

function judge(outcome: GraphOutcome<unknown>, tried: Tried, fine: string): Judged {
  if (outcome.is === 'ok') return works(fine)
  const { status, code, message } = outcome
  const detail = status === 401 ? message : status === 0 ? code : `${status} ${code}`
  return sayProblem(accessProblemOf(outcome), tried, detail)
}

function judgeMissing(missing: NotActing): Judged {
  return missing.is === 'sign_in_needed' ? no('token_missing', missing.say) : no(missing.code, missing.say)
}

const subscribeLater = notTried('Notifications are asked for when the room is watched; only then it is known.')

const followLater = notTried('Its changes can be followed only by whoever can read it.')

function stamped(found: Record<keyof Capabilities, Judged>, now: Date): Capabilities {
  const at = now.toISOString()
  const { read, write, subscribe, delta } = found
  return { read: { ...read, at }, write: { ...write, at }, subscribe: { ...subscribe, at }, delta: { ...delta, at } }
}

function sayReads({ identity, room }: Tried): string {
  return `${capital(identity)} can read the calendar of ${room.name}.`
}

function sayFollows({ room }: Tried): string {
  return `The application can follow the changes of ${room.name}.`
}

function sayOnlyFirstPage({ identity, room }: Tried): string {
  return `${identity} is a delegated account, and Exchange lets those read only the beginning of another mailbox’s changes. The calendar of ${room.name} is read and compared instead. With the application’s own permission it would be quicker.`
}

function sayWrites({ identity, address }: Pick<Acting, 'identity' | 'address'>): string {
  const how = 'It was let through to change an event that does not exist; nothing was changed.'
  return address === null
    ? `The application may write. ${how} Tried at the room’s mailbox: a policy may still leave out people’s mailboxes.`
    : `${identity} may organise meetings in its own mailbox. ${how}`
}

function capital(text: string): string {
  return text.includes('@') ? text : text.charAt(0).toUpperCase() + text.slice(1)
}
