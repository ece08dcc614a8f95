import os from 'node:os'
import type { SyncMode } from '#providers/contract.ts'
import { chooseMode } from '../test/support/choose-mode.ts'
import { delegatedUser } from '../test/support/founding-page.ts'
import type { Person } from '../test/support/person.ts'
import { type Figure, figure, percentile } from './figure.ts'
import { drainBacklog } from './push/backlog.ts'
import { bareCreates, callsAtATime } from './push/bare-callers.ts'
import { type Journey, journeysUnder } from './push/latency.ts'
import { plantRooms, signInPeople } from './stage/crowd.ts'
import { openStage, type Stage } from './stage/stage.ts'

/*
 * Outbound: from a booking to its event in Outlook, one by one and in bulk, with a tenant that takes 150 ms for every answer and throttles
 * as Exchange does. The limit in bulk is calls at a time: three of ours to a mailbox, so twenty a second.
 */
const serviceTimeMs = 150
const limitPerMailbox = callsAtATime / (serviceTimeMs / 1_000)

const modes: { mode: SyncMode; perSecond: number }[] = [
  { mode: 'normal', perSecond: 4 },
  { mode: 'personal', perSecond: 4 },
  // One mailbox: four times as many invitations as Exchange lets it send in a minute.
  { mode: 'strict', perSecond: 2 },
]
const warmUpSeconds = 3
const measuredSeconds = 20

export async function measure(): Promise<Figure[]> {
  const stage = await openStage()
  try {
    await stage.tenant.turn({ serviceTimeMs })
    const roomIds = await plantRooms(stage, 30)
    const people = await signInPeople(stage, 8)
    const crowd = { people, roomIds, numbers: { next: 0 } }
    const bulk = [...(await strictBulk(stage, crowd)), ...(await personalBulk(stage, crowd))]
    const worker = await stage.startWorker()
    const oneByOne: Figure[] = []
    for (const { mode, perSecond } of modes) oneByOne.push(...(await journeys(stage, crowd, { mode, perSecond })))
    await worker.stop()
    return [...oneByOne, ...bulk, await refused(stage)]
  } finally {
    await stage.close()
  }
}

/** `numbers` counts bookings through all of it, so that no two want the same hour. */
type Crowd = { people: Person[]; roomIds: string[]; numbers: { next: number } }

function take({ numbers }: Crowd, count: number): number {
  numbers.next += count
  return numbers.next - count
}

async function journeys(stage: Stage, crowd: Crowd, { mode, perSecond }: (typeof modes)[number]): Promise<Figure[]> {
  await chooseMode(stage.admin, mode)
  const drive = (seconds: number) =>
    journeysUnder(stage, { ...crowd, perSecond, seconds }, take(crowd, perSecond * seconds))
  await drive(warmUpSeconds)
  return journeyFigures(mode, await drive(measuredSeconds))
}

function journeyFigures(mode: SyncMode, journeys: Journey[]): Figure[] {
  const load = `load ${os.loadavg()[0]?.toFixed(1)} on ${os.availableParallelism()} cores`
  const p95 = (of: (journey: Journey) => number) => percentile(journeys.map(of), 95)
  return [
    figure({
      what: `${mode}: booking acknowledged until its event is in Outlook, 95 %`,
      unit: 's',
      value: p95(({ createdMs }) => createdMs) / 1_000,
      peer: 'the limit',
      peerValue: 3,
      goal: `at most 3 s (${load})`,
      holds: (seconds) => seconds <= 3,
    }),
    figure({
      what: `${mode}: our own share of it, until it is written down, 95 %`,
      unit: 'ms',
      value: p95(({ ownMs }) => ownMs),
      peer: 'the limit',
      peerValue: 150,
      goal: `at most 150 ms (${load})`,
      holds: (ms) => ms <= 150,
    }),
  ]
}

/** Everything in the delegated mailbox. */
async function strictBulk(stage: Stage, crowd: Crowd): Promise<Figure[]> {
  await chooseMode(stage.admin, 'strict')
  return bulk(stage, crowd, { what: 'strict, one mailbox', mailboxes: [delegatedUser], count: 300, leastPerMinute: 25 })
}

/** Everybody in their own: the more people, the higher the limit, until this machine is the limit. */
async function personalBulk(stage: Stage, crowd: Crowd): Promise<Figure[]> {
  await chooseMode(stage.admin, 'personal')
  const people = crowd.people.slice(0, 4)
  const mailboxes = people.map(({ upn }) => upn)
  const what = `personal, ${mailboxes.length} mailboxes`
  return bulk(stage, { ...crowd, people }, { what, mailboxes, count: 900, leastPerMinute: 500 })
}

type Bulk = { what: string; mailboxes: string[]; count: number; leastPerMinute: number }

async function bulk(stage: Stage, crowd: Crowd, { what, mailboxes, count, leastPerMinute }: Bulk): Promise<Figure[]> {
  const allowed = await bareCreates(stage, mailboxes)
  const drained = await drainBacklog(stage, { ...crowd, count, first: take(crowd, count) })
  const perSecond = drained.events / drained.seconds
  const limit = limitPerMailbox * mailboxes.length
  return [
    figure({
      what: `backlog, ${what}`,
      unit: 'events/s',
      value: perSecond,
      peer: `${callsAtATime} bare callers a mailbox, just before (${limit} a second in theory)`,
      peerValue: allowed,
      goal: `at least 90 % (load ${os.loadavg()[0]?.toFixed(1)})`,
      holds: (value) => value >= 0.9 * allowed,
    }),
    figure({
      what: `the same in an hour, ${what}`,
      unit: 'events/h',
      value: perSecond * 3_600,
      peer: 'the export of the reference',
      peerValue: 800,
      goal: `at least ${leastPerMinute} a minute`,
      holds: (value) => value >= leastPerMinute * 60,
    }),
  ]
}

async function refused({ tenant }: Stage): Promise<Figure> {
  const calls = (await tenant.ledger()).filter(({ surface }) => surface === 'graph')
  return figure({
    what: 'calls that the tenant refused as too many',
    unit: 'calls',
    value: calls.filter(({ status }) => status === 429).length,
    peer: 'calls made',
    peerValue: calls.length,
    goal: 'none',
    holds: (value) => value === 0,
  })
}
