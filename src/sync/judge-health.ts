import type { LagFigures } from '#watch/lag.ts'
import type { WatchFigures } from '#watch/watch-health.ts'
import type { Cause, Health, RoomHealth } from './health.contract.ts'
import { saySpan } from './say-span.ts'

export type HealthFacts = {
  now: Date
  rooms: WatchFigures['rooms']
  /** Those that need somebody first. */
  shown: readonly RoomHealth[]
  outbox: { waiting: number; oldestAt: Date | null }
  items: WatchFigures['items']
  hints: WatchFigures['hints']
  subscriptions: WatchFigures['subscriptions']
  /** Of the last hour. */
  inbound: LagFigures
  outbound: LagFigures
  /** Refused, or tried again and again, in the last 24 hours. */
  errors: readonly { say: string; count: number }[]
}

/** What waits longer than this is not only passing through. */
const waitsMsMax = 60_000

/** From here on it will hardly mend by itself. */
const stuckMs = 15 * 60_000

/** 95 % arrive within this, or it is said; by so many that it means something. */
const inboundMsMax = 5_000
const outboundMsMax = 3_000
const meaningfulCount = 20

/** Is all well, and if not, why not: what needs a person first. Pure, so that every sentence can be tried. */
export function judgeHealth(facts: HealthFacts): Health['verdict'] {
  const { rooms } = facts
  const kept = rooms.watching + rooms.waiting + rooms.held
  const causes = [...causesIn(facts)].toSorted((one, other) => Number(other.isTrouble) - Number(one.isTrouble))
  const [first] = causes
  if (first === undefined) {
    if (kept === 0) return { is: 'empty', say: nothingKept, causes: [] }
    const agree = kept === 1 ? 'agrees' : 'agree'
    return { is: 'well', say: `All is well. ${roomsWord(kept)} ${agree} with Outlook.${sayLag(facts)}`, causes: [] }
  }
  const is = first.isTrouble ? 'trouble' : 'attention'
  return { is, say: `Not all is well. ${oneLine(first, causes.length - 1)}`, causes }
}

/** The one cause as it is, or the head of the first and how many more there are. */
function oneLine({ say }: Cause, more: number): string {
  if (more === 0) return say
  const [head = say] = say.split(/: |\. /)
  return `${head.replace(/\.$/, '')}, and ${more} more ${more === 1 ? 'thing needs' : 'things need'} a look.`
}

const nothingKept =
  'No room is kept in step with Outlook yet. Choose rooms under Reservable Sync Configurations and activate them.'

function* causesIn(facts: HealthFacts): Generator<Cause> {
  yield* roomCauses(facts)
  yield* queueCauses(facts)
  yield* subscriptionCauses(facts)
  yield* lagCauses(facts)
  const { drift, drifted } = facts.rooms
  if (drift > 0) {
    const say = `The last full comparison found ${count(drift, 'calendar item')} in ${count(drifted, 'room')} that had been missed. What it found is repaired; look why.`
    yield { kind: 'drift', isTrouble: false, say, roomId: firstRoom(facts, 'drifted')?.id ?? null }
  }
  const [error] = facts.errors
  if (error) {
    const total = facts.errors.reduce((sum, one) => sum + one.count, 0)
    const say = `${count(total, 'change')} did not reach Outlook in the last 24 hours. ${error.say}`
    yield { kind: 'errors', isTrouble: false, say, roomId: null }
  }
}

function* roomCauses(facts: HealthFacts): Generator<Cause> {
  const { held, late, troubled, waiting } = facts.rooms
  const conditions = [
    { is: 'held', number: held, isTrouble: true, what: 'held until a person says how to go on' },
    { is: 'late', number: late, isTrouble: true, what: 'long overdue to be read' },
    { is: 'troubled', number: troubled, isTrouble: false, what: 'not readable at the moment' },
    { is: 'waiting', number: waiting, isTrouble: false, what: 'not watched yet' },
  ] as const
  for (const { is, number, isTrouble, what } of conditions) {
    if (number === 0) continue
    const room = firstRoom(facts, is)
    const why = room?.say ? `: ${room.say}` : is === 'late' ? ': look whether a worker is running.' : '.'
    const name = room?.name ?? 'a room'
    yield number === 1
      ? { kind: 'room', isTrouble, say: `${name} is ${what}${why}`, roomId: room?.id ?? null }
      : { kind: 'rooms', isTrouble, say: `${number} rooms are ${what}, ${name} among them${why}`, roomId: null }
  }
}

function* queueCauses({ now, outbox, items, hints }: HealthFacts): Generator<Cause> {
  const waits = [
    {
      ms: age(outbox.oldestAt, now),
      say: (span: string) => `A change has waited ${span} to reach Outlook; ${count(outbox.waiting, 'change')} in all.`,
    },
    {
      ms: age(items.oldestAt, now),
      say: (span: string) =>
        `What was read of rooms’ calendars has waited ${span}; ${count(items.due, 'item')} in all.`,
    },
    {
      ms: age(hints.oldestAt, now),
      say: (span: string) =>
        `${roomsWord(hints.rooms)} changed in Outlook up to ${span} ago and could not be read since.`,
    },
  ]
  for (const { ms, say } of waits) {
    if (ms > waitsMsMax) yield { kind: 'queue', isTrouble: ms > stuckMs, say: say(saySpan(ms)), roomId: null }
  }
}

function* subscriptionCauses({ subscriptions }: HealthFacts): Generator<Cause> {
  const { failed, expiring, failedSay } = subscriptions
  const kind = 'subscriptions' as const
  if (failed > 0) {
    const say = `${count(failed, 'subscription')} could not be made, so changes there arrive later: ${failedSay ?? 'the list says why.'}`
    yield { kind, isTrouble: false, say, roomId: null }
  }
  if (expiring > 0) {
    const say = `${count(expiring, 'subscription')} will lapse within minutes and could not be renewed.`
    yield { kind, isTrouble: true, say, roomId: null }
  }
}

function* lagCauses({ inbound, outbound }: HealthFacts): Generator<Cause> {
  const lags = [
    { ...inbound, max: inboundMsMax, what: 'Changes in Outlook take' },
    { ...outbound, max: outboundMsMax, what: 'Changes made here take' },
  ]
  for (const { count: number, p95Ms, max, what } of lags) {
    if (p95Ms === null || p95Ms <= max || number < meaningfulCount) continue
    const say = `${what} up to ${saySpan(p95Ms)} (95 % of the last hour), where ${saySpan(max)} is the aim.`
    yield { kind: 'lag', isTrouble: false, say, roomId: null }
  }
}

function sayLag({ inbound, outbound }: HealthFacts): string {
  const parts = [
    inbound.p95Ms === null ? null : `changes in Outlook showed here within ${saySpan(inbound.p95Ms)}`,
    outbound.p95Ms === null ? null : `changes made here were in Outlook within ${saySpan(outbound.p95Ms)}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? '' : ` In the last hour ${parts.join(', and ')} (95 % of them).`
}

function firstRoom({ shown }: HealthFacts, is: RoomHealth['is']): RoomHealth | undefined {
  return shown.find((room) => room.is === is)
}

function age(since: Date | null, now: Date): number {
  return since === null ? 0 : now.getTime() - since.getTime()
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`
}

function roomsWord(number: number): string {
  return count(number, 'room')
}
