import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRooms } from '#rooms/contract.ts'
import { chooseMode } from '../support/choose-mode.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { outlookPerson } from '../support/outlook-person.ts'
import { Person } from '../support/person.ts'
import { restartFigures } from '../support/restart-figures.ts'
import { randomOf } from '../support/seeded-tenant.ts'
import { setUpForAllModes } from '../support/set-up-for-all-modes.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'
import { disagreements, writesTooMany } from '../support/two-way-judge.ts'
import { type Booker, type Matter, TwoWayLoad } from '../support/two-way-load.ts'
import { until } from '../support/until.ts'
import { type Restart, startWebAndWorker, type WebAndWorker } from '../support/web-and-worker.ts'

/** `bin/story kill --rounds 100`; continuous integration makes these few. */
const rounds = Number(process.env.ANTEROOM_TEST_ROUNDS ?? 10)
const seed = Number(process.env.ANTEROOM_TEST_SEED ?? Date.now() % 100_000)
const upns = ['alice.meyer@contoso.example', 'bob.tanaka@contoso.example', 'grace.kim@contoso.example']
/** In this time after the work of a round began, or after the first answer to it, it is killed. */
const killWithinMs = 900
const bookings = 3

let database: TestDatabase
let tenant: TestTenant
let service: WebAndWorker

beforeAll(async () => {
  const port = await freePort()
  database = await freshDatabase()
  tenant = await startTenant({ callbackBases: [`http://localhost:${port}`], switches: { deliveryDelayMs: 20 } })
  service = await startWebAndWorker({ databaseUrl: database.url, tenantOrigin: tenant.origin, port })
})

afterAll(async () => {
  await service?.stop()
  await tenant?.close()
  await database?.drop()
})

test(`kill -9 of the worker or of the web process at ${rounds} random moments, while people work here and in Outlook: nothing is lost and nothing happens twice`, {
  timeout: 3_600_000,
}, async () => {
  const random = randomOf(seed)
  const load = await openLoad(random)
  const restarts: Restart[] = []
  for (let round = 0; round < rounds; round++) {
    const working = work(load)
    const answered = Promise.allSettled(working)
    if (random() < 0.7) await Promise.any(working.slice(0, bookings))
    await wait(random() * killWithinMs)
    restarts.push(await service.killAndRestart(random() < 0.6 ? 'worker' : 'web'))
    const refused = (await answered).filter((outcome) => outcome.status === 'rejected')
    // What somebody has seen before the room answered is out of date, and the page says so.
    for (const { reason } of refused) expect(String(reason), `seed ${seed}`).toContain('changed_by_someone_else')
  }

  const wrong = await untilAgreed(load.matters)
  expect(wrong, `seed ${seed}`).toEqual([])
  expect(writesTooMany(tenant, load.matters, tenant.ledger()), `seed ${seed}`).toEqual([])
  const acknowledged = load.matters.filter(({ born, possible }) => born === 'here' && possible.length === 1)
  expect(acknowledged.length, 'some were acknowledged').toBeGreaterThan(0)
  if (process.env.ANTEROOM_TEST_ROUNDS !== undefined) await tell(load.matters, restarts)
})

async function openLoad(random: () => number): Promise<TwoWayLoad> {
  const admin = await Person.signIn(service.origin, 'ada.admin@contoso.example')
  await setUpForAllModes(admin)
  await chooseMode(admin, 'normal')
  const bookers: Booker[] = []
  for (const upn of upns) {
    bookers.push({ upn, person: await Person.signIn(service.origin, upn), outlook: outlookPerson(tenant, upn) })
  }
  const { rooms } = await admin.call(listRooms)
  const answering = rooms.filter(({ needsApproval }) => !needsApproval)
  return new TwoWayLoad({ bookers, rooms: answering, random, eventIdOf })
}

function eventIdOf({ key }: Matter): string | null {
  const event = tenant.tenant.events.find(({ subject, isOrganizer }) => isOrganizer && subject.startsWith(`${key} `))
  return event?.id ?? null
}

/** A busy second. */
function work(load: TwoWayLoad): Promise<void>[] {
  return [
    ...Array.from({ length: bookings }, () => load.bookHere()),
    load.meetInOutlook(),
    load.meetInOutlook(),
    load.changeHere(),
    load.cancelHere(),
    load.moveInOutlook(),
    load.renameInOutlook(),
    load.cancelInOutlook(),
  ]
}

async function untilAgreed(matters: readonly Matter[]): Promise<string[]> {
  let wrong: string[] = []
  const agreed = async () => {
    wrong = await disagreements({ db: database.db, tenant }, matters)
    return wrong.length === 0
  }
  await until(agreed, { what: 'both sides agree', timeoutMs: 240_000 }).catch(() => undefined)
  return wrong
}

/** For whoever asked for rounds: how soon a restarted worker was at work, and how soon what was in hand was over. */
async function tell(matters: readonly Matter[], restarts: readonly Restart[]): Promise<void> {
  const { firstJob, inHand } = await restartFigures(database.db, restarts)
  const workers = restarts.filter(({ half }) => half === 'worker').length
  process.stdout.write(
    `${restarts.length} kills (${workers} of the worker, ${restarts.length - workers} of the web process), ${matters.length} meetings, seed ${seed}\n` +
      `first job of a room after a restart: ${spread(firstJob)} (limit 35 s)\n` +
      `what was in hand at the kill was in Outlook after: ${spread(inHand)}\n`,
  )
}

function spread(seconds: readonly number[]): string {
  const sorted = seconds.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1) ?? '-'
  return `median ${at(0.5)} s, longest ${at(1)} s`
}
