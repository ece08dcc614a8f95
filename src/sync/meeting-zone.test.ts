import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { book } from '#reservations/book.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'

let desk: Desk
let bob: Actor
beforeAll(async () => {
  desk = await openDesk({ mode: 'normal' })
  bob = await desk.person('bob.tanaka')
})
afterAll(() => desk.close())

const hourMs = 3_600_000
let ahead = 48

/** The zone of the event that a reservation of Mercury, in Berlin, comes to. */
async function zoneOfMeeting(subject: string): Promise<string> {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + ahead++ * hourMs)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
  const wish = { roomId: desk.room('Mercury'), subject, notes: '', isPrivate: false, invitees: [], ...times }
  await book(desk.reservations, bob, wish)
  const { tenant } = desk.tenant
  const found = () =>
    tenant.events.listBy(tenant.findUser(bob.email)?.id ?? '').find((item) => item.subject === subject)
  const event = await until(found, { what: 'the event is made' })
  expect(Date.parse(event.startsAt)).toBe(startsAt.getTime())
  return event.originalStartTimeZone
}

const setZone = (zone: string) =>
  desk.database.db.updateTable('users').set({ time_zone: zone }).where('email', 'like', 'bob.%').execute()
const setProperty = (value: boolean) =>
  desk.database.db
    .insertInto('properties')
    .values({ name: 'sync.use_persons_time_zone', value: JSON.stringify(value) })
    .execute()

test('meetings are in the zone of the building; of the person, where the property says so and theirs is known', async () => {
  await setZone('America/New_York')
  expect(await zoneOfMeeting('Building')).toBe('Europe/Berlin')
  await setProperty(true)
  expect(await zoneOfMeeting('Person')).toBe('America/New_York')
  await setZone('UTC')
  expect(await zoneOfMeeting('Unknown')).toBe('Europe/Berlin')
})
