import { afterAll, beforeAll, expect, test } from 'vitest'
import { book, listReservations } from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { type Anteroom, startAnteroom } from '../support/anteroom.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { freePort } from '../support/free-port.ts'
import { Person } from '../support/person.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'
import { until } from '../support/until.ts'

const rounds = Number(process.env.ANTEROOM_TEST_KILL_ROUNDS ?? 20)
const alice = 'alice.meyer@contoso.example'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const firstDay = (Math.floor(Date.now() / dayMs) + 2) * dayMs

let database: TestDatabase
let tenant: TestTenant
let anteroom: Anteroom
let port: number
let folder: string

beforeAll(async () => {
  port = await freePort()
  database = await freshDatabase()
  tenant = await startTenant({ callbackBases: [`http://localhost:${port}`], switches: { deliveryDelayMs: 20 } })
  anteroom = await startAnteroom({ databaseUrl: database.url, tenantOrigin: tenant.origin, port })
  folder = anteroom.folder
})

afterAll(async () => {
  await anteroom?.stop()
  await tenant?.close()
  await database?.drop()
})

test(`after kill -9 at ${rounds} random moments of a booking, every acknowledged booking is one event`, {
  timeout: 600_000,
}, async () => {
  const seed = Number(process.env.ANTEROOM_TEST_SEED ?? Date.now() % 100_000)
  const random = seeded(seed)
  await followFoundingPage(await Person.signIn(anteroom.origin, 'ada.admin@contoso.example'))
  const person = await Person.signIn(anteroom.origin, alice)
  await person.authorise()
  const { rooms } = await person.call(listRooms)
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const moment = Math.floor(random() * 700)
    const bookings = rooms
      .filter((room) => !room.needsApproval)
      .slice(0, 4)
      .map(async (room, index) => {
        const subject = `round ${round} room ${index}, seed ${seed}`
        const startsAt = new Date(firstDay + round * dayMs + (9 + index) * hourMs)
        const body = {
          roomId: room.id,
          subject,
          startsAt: startsAt.toISOString(),
          endsAt: new Date(startsAt.getTime() + 1_800_000).toISOString(),
        }
        await person.call(book, { body })
        acknowledged.add(subject)
      })
    // Gathered before the kill, which rejects what it cuts off.
    const answered = Promise.allSettled(bookings)
    await new Promise((resolve) => setTimeout(resolve, moment))
    await anteroom.kill()
    await answered
    anteroom = await startAnteroom({ databaseUrl: database.url, tenantOrigin: tenant.origin, port, folder })
  }

  const settled = await until(async () => everythingSettled(person), {
    what: 'every reservation is confirmed',
    timeoutMs: 120_000,
  })
  const events = eventsByName()
  const counts = Object.fromEntries([...events].map(([subject, count]) => [subject, count]))
  expect(
    [...events.values()].every((count) => count === 1),
    `no event is twice: ${JSON.stringify(counts)}, seed ${seed}`,
  ).toBe(true)
  for (const subject of acknowledged) expect(events.get(subject), `${subject} is in the mailbox`).toBe(1)
  expect(new Set(settled.map((reservation) => reservation.subject)), 'no event without its reservation').toEqual(
    new Set(events.keys()),
  )
  expect(acknowledged.size, 'some bookings were acknowledged before a kill').toBeGreaterThan(0)
})

async function everythingSettled(person: Person) {
  const page = await person.call(listReservations, { query: { when: 'any', pageSize: 200 } })
  return page.rows.every((reservation) => reservation.state === 'confirmed') ? page.rows : null
}

/** Live events of Alice's own mailbox, straight from the tenant's records: how many of each subject. */
function eventsByName(): Map<string, number> {
  const owner = tenant.tenant.users.list().find((user) => user.userPrincipalName === alice)
  const counts = new Map<string, number>()
  for (const event of tenant.tenant.events.list()) {
    if (event.mailboxId !== owner?.id || event.deletedAt !== null || event.isCancelled) continue
    counts.set(event.subject, (counts.get(event.subject) ?? 0) + 1)
  }
  return counts
}

/** Mulberry32: the same seed gives the same moments. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
