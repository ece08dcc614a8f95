import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { compareRoom } from './compare.ts'
import { keepSubscription } from './keep-subscription.ts'

let desk: WatchDesk
beforeAll(async () => {
  desk = await openWatchDesk({ listens: true, switches: { notificationBatchMs: 20 } })
  for (const name of ['Mercury', 'Venus']) await desk.watch(name)
  for (const inHours of [5, 10]) await desk.meet({ inHours, subject: 'Budget' })
  await desk.read('Mercury')
})
afterAll(() => desk.close())

type Rows = { rows: Record<string, unknown>[]; total: number }
const list = async (path: string) => (await desk.api('GET', path)).body as Rows
const waiting = async (name: string) => {
  const table = 'pgboss.job_common' as never
  const jobs = desk.database.db
    .selectFrom(table)
    .select('data' as never)
    .where('name' as never, '=', name as never)
  return (await jobs.execute()).map((row) => (row as { data: unknown }).data)
}

test('rooms are listed with how they are watched, by name, building, state and method', async () => {
  const { rows, total } = await list('/rooms?sort=room')
  expect(total).toBe(2)
  expect(rows[0]).toMatchObject({
    room: { name: 'Mercury', mailbox: 'mercury@contoso.example' },
    provider: { name: 'Exchange' },
    state: 'watching',
    method: 'delta',
    identity: 'the application',
    capabilities: { read: { ok: true }, delta: { ok: true } },
    drift: 0,
    error: null,
    window: { startsAt: expect.any(String) },
  })
  expect((await list('/rooms?q=venus')).rows).toHaveLength(1)
  expect((await list('/rooms?state=held')).total).toBe(0)
  expect((await list('/rooms?method=windows')).total).toBe(0)
  expect((await list('/rooms?hasDrift=true')).total).toBe(0)
  expect((await desk.api('GET', `/rooms/${desk.room('Mercury')}`)).body).toMatchObject({ room: { name: 'Mercury' } })
  expect((await desk.api('GET', `/rooms/${desk.room('Mars')}`)).body).toMatchObject({ code: 'watch.room_not_watched' })
})

test.each([
  ['read', 'watch.read'],
  ['compare', 'watch.compare'],
  ['probe', 'watch.probe'],
])('%s is begun by a job', async (verb, job) => {
  const roomId = desk.room('Venus')
  expect((await desk.api('POST', `/rooms/${roomId}/${verb}`)).status).toBe(202)
  expect(await waiting(job)).toContainEqual({ roomId })
})

test('a room that waits is not read by hand, and says what it waits for', async () => {
  const say = 'It waits for a permission.'
  const { db } = desk.database
  const venus = db.updateTable('room_watches').where('room_id', '=', desk.room('Venus'))
  await venus.set({ state: 'waiting', state_say: say }).execute()
  const answer = await desk.api('POST', `/rooms/${desk.room('Venus')}/read`)
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'watch.not_watching', detail: expect.stringContaining(say) },
  })
  await venus.set({ state: 'watching', state_say: null }).execute()
})

test('a held room is let go with a word, once', async () => {
  const { db } = desk.database
  await db.updateTable('room_watches').set({ state: 'held' }).where('room_id', '=', desk.room('Venus')).execute()
  const release = () => desk.api('POST', `/rooms/${desk.room('Venus')}/release`, { word: 'read_again' })
  expect(await release()).toMatchObject({ status: 200, body: { state: 'watching' } })
  expect(await release()).toMatchObject({ status: 409, body: { code: 'watch.not_held' } })
})

test('looking at a room says when it was read, and has it read', async () => {
  const { body } = await desk.api('POST', `/rooms/${desk.room('Mercury')}/look`)
  expect(body.readAt).toEqual(expect.any(String))
  expect((await desk.watched('Mercury')).looked_at_until?.getTime()).toBeGreaterThan(desk.deps.seams.now().getTime())
  expect((await desk.api('POST', `/rooms/${desk.room('Mars')}/look`)).body).toEqual({ readAt: null })
})

test('calendar items are listed with what was decided, and can be compared again', async () => {
  const { rows, total } = await list('/items?q=alice')
  expect(total).toBe(2)
  expect(rows[0]).toMatchObject({
    room: { name: 'Mercury' },
    organizer: 'Alice Meyer',
    state: 'due',
    gone: null,
    answer: 'accepted',
  })
  const id = String(rows[0]?.id)
  const { body } = await desk.api('GET', `/items/${id}`)
  expect(body).toMatchObject({ view: { showAs: 'busy' }, iCalUId: expect.any(String), etag: expect.any(String) })
  expect((await list(`/items?iCalUId=${body.iCalUId}`)).total).toBe(1)
  await desk.database.db.updateTable('room_events').set({ plan_due_at: null, decision: 'adopt' }).execute()
  expect((await list('/items?state=due')).total).toBe(0)
  expect((await list('/items?decision=adopt&isGone=false')).total).toBe(2)
  desk.applied.length = 0
  const unknown = '00000000-0000-4000-8000-000000000000'
  const answer = await desk.api('POST', '/items/process', { ids: [id, unknown] })
  expect(answer.body.outcomes).toMatchObject([
    { id, ok: true },
    { id: unknown, ok: false },
  ])
  expect(desk.applied).toEqual([desk.room('Mercury')])
  expect((await list('/items?state=due')).total).toBe(1)
})

test('subscriptions and notifications are listed, and nothing of their secrets', async () => {
  const before = await desk.database.db.selectFrom('subscriptions').selectAll().execute()
  for (const { id } of before) await keepSubscription(desk.deps, id)
  const { rows } = await list('/subscriptions')
  expect(rows[0]).toMatchObject({ room: { name: 'Mercury' }, state: 'active', isAtOldAddress: false, refused: 0 })
  await desk.meet({ inHours: 30 })
  await desk.pass(2_000)
  expect((await list('/notifications')).rows[0]).toMatchObject({
    room: { name: 'Mercury' },
    mailbox: 'mercury@contoso.example',
    handledAt: null,
  })
  expect((await list('/notifications?isHandled=true')).total).toBe(0)
  const everything = JSON.stringify([await list('/subscriptions'), await list('/notifications'), await list('/rooms')])
  for (const { nonce } of await desk.database.db.selectFrom('subscriptions').select('nonce').execute()) {
    expect(everything).not.toContain(nonce)
  }
  for (const { clientState } of desk.tenant.tenant.subscriptions.list()) expect(everything).not.toContain(clientState)
  const id = String(rows[0]?.id)
  expect((await desk.api('POST', `/subscriptions/${id}/renew`)).status).toBe(202)
  expect(await waiting('watch.subscribe')).toContainEqual({ subscriptionId: id })
})

test('the registry shows where notifications are sent, and is rotated with a trace', async () => {
  const { body } = await desk.api('GET', '/registry')
  expect(body).toMatchObject({
    name: 'WSDRS Event Subscription',
    callbackUrl: expect.stringMatching(/\/api\/watch\/notifications\/[\w-]{43}$/),
    inUse: 2,
    atOldAddress: 0,
    isPublic: false,
  })
  const rotated = await desk.api('POST', '/registry/rotate')
  expect(rotated.body).toMatchObject({ inUse: 0, atOldAddress: 2, rotatedBy: 'Ada Okafor' })
  expect(rotated.body.callbackUrl).not.toBe(body.callbackUrl)
  expect((await list('/subscriptions')).rows[0]).toMatchObject({ isAtOldAddress: true })
  const trail = await desk.database.db.selectFrom('audit_entries').selectAll().execute()
  expect(trail.at(-1)).toMatchObject({ action: 'watch.address_rotated', actor_name: 'Ada Okafor' })
  expect(JSON.stringify(trail)).not.toContain(String(rotated.body.callbackUrl).split('/').at(-1))
})

test('what a comparison found can be asked for', async () => {
  await desk.database.db.updateTable('room_events').set({ digest: 'wrong' }).execute()
  await desk.pass(2_000)
  await compareRoom(desk.deps, desk.room('Mercury'))
  expect((await list('/rooms?hasDrift=true')).rows).toMatchObject([
    { room: { name: 'Mercury' }, drift: 2, driftFound: 2 },
  ])
})
