import { readCalendarView } from '#graph/calendar-view.ts'
import { readChanges, startOfRound } from '#graph/delta.ts'
import type { GraphProblem } from '#graph/graph-problem.ts'
import { readTroubleOf } from '#graph/read-trouble.ts'
import { type Acting, findWatchers, mailboxFor, type NotActing } from '#providers/acting.ts'
import type { ProvidersDeps } from '#providers/deps.ts'
import type { Provider } from '#providers/room-sync.ts'
import type { WatchedRoom } from './deps.ts'
import type { Ability, Probed } from './probed.ts'

const untried: Ability = { ok: null, code: null, say: null }

/**
 * Tries to read a room's calendar as each of those who may be able to, the best first, and takes the first who can. Writing is not tried:
 * nothing is ever written into a room's calendar. Subscribing is tried by doing it.
 */
export async function tryReading(deps: ProvidersDeps, provider: Provider, room: WatchedRoom): Promise<Probed> {
  let refused: Ability | null = null
  for (const candidate of await findWatchers(deps, provider, 'bulk')) {
    const read = candidate.is === 'ready' ? await tryView(candidate, room) : notReady(candidate)
    if (candidate.is === 'ready' && read.ok) {
      const delta = candidate.actsAs === 'application' ? await tryDelta(candidate, room) : untried
      return { watcher: candidate, abilities: { read, write: untried, subscribe: untried, delta } }
    }
    // What the better one was refused says more than that the other is not set up.
    refused ??= read
  }
  return { watcher: null, abilities: { read: refused ?? untried, write: untried, subscribe: untried, delta: untried } }
}

function notReady(missing: NotActing): Ability {
  const code = missing.is === 'sign_in_needed' ? 'no_token' : missing.code
  return { ok: false, code, say: missing.say }
}

async function tryView(acting: Acting, room: WatchedRoom): Promise<Ability> {
  const outcome = await readCalendarView(acting.graph, mailboxFor(acting, room.mailbox), nextHour(acting))
  return outcome.is === 'ok' ? { ok: true, code: null, say: null } : refusedBecause(outcome, acting, room)
}

async function tryDelta(acting: Acting, room: WatchedRoom): Promise<Ability> {
  const mailbox = mailboxFor(acting, room.mailbox)
  const outcome = await readChanges(acting.graph, mailbox, startOfRound(mailbox, nextHour(acting)))
  return outcome.is === 'ok' ? { ok: true, code: null, say: null } : refusedBecause(outcome, acting, room)
}

function nextHour({ graph }: Acting) {
  const startsAt = graph.now()
  return { startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) }
}

function refusedBecause(problem: GraphProblem, { identity }: Acting, room: WatchedRoom): Ability {
  const trouble = readTroubleOf(problem)
  return { ok: false, code: trouble, say: sentences[trouble](room, identity) }
}

const sentences = {
  later: ({ name }: WatchedRoom) => `Exchange did not answer about ${name}. It is tried again by itself.`,
  not_allowed: ({ name, mailbox }: WatchedRoom, identity: string) =>
    `${identity} may not read the calendar of ${name} (${mailbox}). Give it that right in Exchange; a new right takes up to two days to work, and is noticed by itself.`,
  no_mailbox: ({ name, mailbox }: WatchedRoom) =>
    `Exchange Online knows no mailbox ${mailbox}. Correct the address of ${name}, or wait if it was just created.`,
  refused: ({ name }: WatchedRoom) => `Exchange refused to show the calendar of ${name}. The log has its answer.`,
}
