import { afterAll, beforeAll, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { readHealth, sharedHealth } from './health.ts'

const now = new Date('2026-11-25T09:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000)
const seams = { ...realSeams, now: () => now }

let database: TestDatabase
const rooms = new Map<string, string>()
let providerId: string

beforeAll(async () => {
  database = await freshDatabase()
  const { db } = database
  providerId = realSeams.newId()
  await db.insertInto('calendar_providers').values({ id: providerId, name: 'Exchange', mode: 'normal' }).execute()
  const building = { id: realSeams.newId(), name: 'Spree House', city: 'Berlin', timeZone: 'Europe/Berlin' }
  const buildingId = await ensureBuilding(db, building)
  for (const name of ['Mars', 'Mercury', 'Saturn', 'Venus']) {
    const room = { id: realSeams.newId(), name, mailbox: `${name}@contoso.example`, buildingId, floor: 1, capacity: 4 }
    rooms.set(name, await ensureRoom(db, { ...room, equipment: [], needsApproval: false }))
  }
})
afterAll(() => database.drop())

const idOf = (name: string) => rooms.get(name) ?? ''
const health = () => readHealth({ db: database.db, seams })

type Watch = { state: 'waiting' | 'watching' | 'held' | 'stopped' } & Record<string, unknown>

async function watch(name: string, values: Watch): Promise<void> {
  const times = { created_at: ago(9_000), updated_at: ago(9_000), read_at: ago(20), next_read_at: ago(-40) }
  const row = { room_id: idOf(name), provider_id: providerId, mailbox: `${name}@contoso.example`, ...times, ...values }
  await database.db.insertInto('room_watches').values(row).execute()
}

async function subscribe(name: string): Promise<string> {
  const id = realSeams.newId()
  const place = { id, room_id: idOf(name), provider_id: providerId, mailbox: name, resource: `users/${name}/events` }
  const made = { nonce: 'n', client_state_hash: Buffer.alloc(32), made_with: 'app', created_at: now, updated_at: now }
  const row = { ...place, ...made, state: 'active' as const, expires_at: ago(-86_400) }
  await database.db.insertInto('subscriptions').values(row).execute()
  return id
}

test('an empty service is not well and not ill: it says how to begin', async () => {
  const { verdict, rooms: none, days } = await health()
  expect(verdict).toMatchObject({ is: 'empty', say: expect.stringContaining('Reservable Sync Configurations') })
  expect([none.total, none.shown]).toEqual([0, []])
  expect(days.map(({ day }) => day)).toEqual([
    '2026-11-19',
    '2026-11-20',
    '2026-11-21',
    '2026-11-22',
    '2026-11-23',
    '2026-11-24',
    '2026-11-25',
  ])
})

test('lag is told by halves and hundredths, of the hour and of the day', async () => {
  await watch('Mercury', { state: 'watching', method: 'delta' })
  const subscription_id = await subscribe('Mercury')
  const notification = (receivedAgo: number, tookMs: number | null) => ({
    subscription_id,
    room_id: idOf('Mercury'),
    kind: 'updated',
    received_at: ago(receivedAgo),
    handled_at: tookMs === null ? null : new Date(ago(receivedAgo).getTime() + tookMs),
  })
  const ofTheHour = Array.from({ length: 99 }, (_, index) => notification(1_000, (index + 1) * 10))
  const rows = [...ofTheHour, notification(10, null), notification(20_000, 60_000), notification(90_000, 1)]
  await database.db.insertInto('change_notifications').values(rows).execute()
  const { lag, verdict, subscriptions, days } = await health()
  expect(lag.inbound.hour).toMatchObject({ count: 99, p50Ms: 500, p95Ms: 941 })
  expect(lag.inbound.day).toMatchObject({ count: 100, p50Ms: 505 })
  expect(lag.outbound.day).toEqual({ count: 0, p50Ms: null, p95Ms: null, p99Ms: null })
  expect(verdict.say).toBe(
    'All is well. 1 room agrees with Outlook. In the last hour changes in Outlook showed here within 0.9 s (95 % of them).',
  )
  expect(subscriptions).toMatchObject({ active: 1, failed: 0, expiring: 0 })
  expect(days.map(({ notifications }) => notifications)).toEqual([0, 0, 0, 0, 0, 1, 101])
})

test('rooms are shown with what is wrong first, each with why', async () => {
  await watch('Mars', { state: 'held', state_code: 'watch.mass_loss', state_say: 'Six of eight meetings vanished.' })
  await watch('Saturn', { state: 'watching', next_read_at: ago(900), hints: '4', read_hints: '3', hinted_at: ago(700) })
  const trouble = { attempts: 3, last_error_code: 'watch.not_allowed', last_error_say: 'No right.', last_error_at: now }
  await watch('Venus', { state: 'watching', ...trouble })
  const { verdict, rooms: found, queue } = await health()
  expect(found.shown.map(({ name, is, say, behindMs }) => [name, is, say, behindMs])).toEqual([
    ['Mars', 'held', 'Six of eight meetings vanished.', null],
    ['Venus', 'troubled', 'No right.', null],
    ['Saturn', 'late', null, 700_000],
    ['Mercury', 'in_step', null, null],
  ])
  expect(found.counts).toMatchObject({ in_step: 1, held: 1, troubled: 1, late: 1 })
  expect(queue.hints).toEqual({ rooms: 1, oldestAt: ago(700).toISOString() })
  expect(verdict.is).toBe('trouble')
  expect(verdict.causes.map(({ kind, isTrouble }) => [kind, isTrouble])).toEqual([
    ['rooms', true],
    ['rooms', true],
    ['rooms', false],
    ['hints', false],
  ])
})

test('however many ask at once, the database is asked once', async () => {
  const read = sharedHealth({ db: database.db, seams })
  const [one, other] = await Promise.all([read(), read()])
  expect(one).toBe(other)
})
