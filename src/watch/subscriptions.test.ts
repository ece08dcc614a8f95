import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { arrangeWatches } from './arrange.ts'
import { keepSubscription } from './keep-subscription.ts'
import { removeOrphans } from './orphans.ts'
import { rotateRegistry } from './registry.ts'
import { selectNonces } from './registry-queries.ts'
import type { SubscriptionRow } from './subscription-queries.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const by = { actor: { userId: '00000000-0000-4000-8000-0000000000ad', displayName: 'Ada Okafor' }, requestId: 'test' }

let desk: WatchDesk
beforeAll(async () => {
  desk = await openWatchDesk({ listens: true, switches: { notificationBatchMs: 20 } })
})
beforeEach(async () => {
  await desk.watch('Mercury')
})
afterEach(async () => {
  await desk.tenant.control('DELETE', '/faults')
  for (const { id } of desk.tenant.tenant.subscriptions.list()) desk.tenant.tenant.subscriptions.delete(id)
  for (const table of ['subscriptions', 'room_watches', 'room_events', 'mailbox_pauses', 'webhook_registry'] as const) {
    await desk.database.db.deleteFrom(table).execute()
  }
})
afterAll(() => desk.close())

const rows = () => desk.database.db.selectFrom('subscriptions').selectAll().orderBy('created_at').execute()
const only = async (): Promise<SubscriptionRow> => {
  const wanted = (await rows()).filter(({ state }) => !['removing', 'removed'].includes(state))
  expect(wanted).toHaveLength(1)
  return wanted[0] as SubscriptionRow
}
/** Does what is due, as the sweep's jobs would. */
const keep = async () => {
  for (const { id, state } of await rows()) if (state !== 'removed') await keepSubscription(desk.deps, id)
}
const atGraph = () => desk.tenant.tenant.subscriptions.list()
const creations = () =>
  desk.tenant.ledger().filter(({ method, path }) => method === 'POST' && path === '/v1.0/subscriptions')

describe('a subscription', () => {
  test('is made for a room that an application watches, and lives as long as Graph lets it', async () => {
    await keep()
    const row = await only()
    expect(row).toMatchObject({
      state: 'active',
      resource: 'users/mercury@contoso.example/events',
      proving_until: null,
    })
    expect(atGraph()).toHaveLength(1)
    expect(atGraph()[0]).toMatchObject({
      id: row.external_id,
      wantsImmutableIds: true,
      lifecycleNotificationUrl: expect.any(String),
    })
    const daysLeft = ((row.expires_at?.getTime() ?? 0) - desk.deps.seams.now().getTime()) / dayMs
    expect(daysLeft).toBeGreaterThan(6.9)
    expect(daysLeft).toBeLessThanOrEqual(7)
  })

  test('keeps no secret: what Graph sends back is known by its hash', async () => {
    await keep()
    const { clientState } = atGraph()[0] ?? {}
    expect(clientState).toHaveLength(43)
    expect(JSON.stringify(await rows())).not.toContain(clientState)
  })

  test('is renewed at half of its life, and before that left alone', async () => {
    await keep()
    const first = await only()
    await desk.pass(3 * dayMs)
    await keep()
    expect((await only()).expires_at).toEqual(first.expires_at)
    await desk.pass(dayMs)
    await keep()
    const second = await only()
    expect(second.id).toBe(first.id)
    expect((second.expires_at?.getTime() ?? 0) - (first.expires_at?.getTime() ?? 0)).toBeGreaterThan(3.9 * dayMs)
  })

  test('a shorter life is asked for where Graph allows no longer one', async () => {
    await desk.tenant.control('PUT', '/switches', { subscriptionLongestMinutes: 4_230 })
    await keep()
    const row = await only()
    expect(row.state).toBe('active')
    expect((row.expires_at?.getTime() ?? 0) - desk.deps.seams.now().getTime()).toBeLessThanOrEqual(4_230 * 60_000)
    await desk.tenant.control('PUT', '/switches', { subscriptionLongestMinutes: 10_080 })
  })

  test('one that is gone when it is to be renewed is made anew, and the room is read', async () => {
    await keep()
    const first = await only()
    await desk.tenant.control('DELETE', `/subscriptions/${first.external_id}`)
    const { hints } = await desk.watched('Mercury')
    await desk.pass(4 * dayMs)
    await keep()
    await keep()
    const second = await only()
    expect(second).toMatchObject({ state: 'active' })
    expect(second.external_id).not.toBe(first.external_id)
    expect(BigInt((await desk.watched('Mercury')).hints)).toBeGreaterThan(BigInt(hints))
  })

  test('one that ended while nobody was there is made anew', async () => {
    await keep()
    await desk.pass(10 * dayMs)
    await keep()
    await keep()
    expect(await only()).toMatchObject({ state: 'active' })
    expect(atGraph()).toHaveLength(1)
  })

  test('one that was made right before a crash is found, and replaced by one that is known', async () => {
    await keep()
    const { external_id } = await only()
    await desk.database.db
      .updateTable('subscriptions')
      .set({ state: 'creating', external_id: null, renew_at: new Date(0) })
      .execute()
    await keep()
    expect(await only()).toMatchObject({ state: 'active' })
    expect(atGraph().map(({ id }) => id)).toEqual([(await only()).external_id])
    expect((await only()).external_id).not.toBe(external_id)
  })

  test('another application means another subscription, and the old one is taken away afterwards', async () => {
    await keep()
    await desk.database.db.updateTable('subscriptions').set({ made_with: 'an-app-that-was application' }).execute()
    await desk.watch('Mercury')
    await keep()
    await desk.pass(60_000)
    await keep()
    expect((await rows()).map(({ state }) => state)).toEqual(['removed', 'active'])
    expect(atGraph()).toHaveLength(1)
  })

  test('goes when the room is no longer kept in step', async () => {
    await keep()
    await desk.database.db.updateTable('sync_configurations').set({ active: false }).execute()
    await desk.watch('Venus')
    await arrangeWatches(desk.deps, [desk.room('Mercury')])
    await keep()
    expect(atGraph().filter(({ resource }) => resource.includes('mercury'))).toEqual([])
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'stopped' })
  })
})

describe('a subscription that cannot be made', () => {
  test('Graph does not reach us: it is said, tried again later, and the room is read every minute', async () => {
    const notificationUrl = desk.deps.notificationUrl
    Object.assign(desk.deps, { notificationUrl: 'http://localhost:9' })
    await keep()
    expect(await only()).toMatchObject({
      state: 'failed',
      attempts: 1,
      last_error_say: expect.stringContaining('could not reach the notification address'),
    })
    await desk.read('Mercury')
    const { next_read_at, method } = await desk.watched('Mercury')
    expect(method).toBe('delta')
    expect((next_read_at?.getTime() ?? 0) - desk.deps.seams.now().getTime()).toBeLessThan(75_000)
    Object.assign(desk.deps, { notificationUrl })
    await desk.pass(2 * 60_000)
    await keep()
    expect(await only()).toMatchObject({ state: 'active', attempts: 0, last_error_code: null })
  })

  test('whatever is told about it, no mailbox is subscribed to more than three times in ten minutes', async () => {
    const before = creations().length
    for (let times = 0; times < 12; times++) {
      await keep()
      const { external_id } = await only()
      if (external_id)
        await desk.tenant.control('POST', `/subscriptions/${external_id}/lifecycle`, { event: 'subscriptionRemoved' })
      await desk.pass(2_000)
    }
    expect(creations().length - before).toBeLessThanOrEqual(3)
    await desk.pass(15 * 60_000)
    await keep()
    expect(await only()).toMatchObject({ state: 'active' })
  })
})

describe('rotation', () => {
  test('the old address works until the last subscription has the new one, and then is nobody’s', async () => {
    await desk.watch('Venus')
    await keep()
    const [old = ''] = await selectNonces(desk.database.db)
    expect(await rotateRegistry(desk.deps, by)).toBe(2)
    expect(await selectNonces(desk.database.db)).toHaveLength(2)
    const address = (nonce: string) => `${desk.deps.notificationUrl}/api/watch/notifications/${nonce}`
    const knock = (nonce: string) => fetch(address(nonce), { method: 'POST', body: '{"value":[]}' })
    expect((await knock(old)).status).toBe(202)
    await desk.pass(2_000)
    await keep()
    await keep()
    expect(atGraph()).toHaveLength(2)
    await desk.pass(60_000)
    await keep()
    expect(await selectNonces(desk.database.db)).toHaveLength(1)
    expect((await knock(old)).status).toBe(404)
    const [fresh = ''] = await selectNonces(desk.database.db)
    expect((await knock(fresh)).status).toBe(202)
    expect(atGraph().every(({ notificationUrl }) => notificationUrl === address(fresh))).toBe(true)
    expect(atGraph()).toHaveLength(2)
  })
})

test('what sends to us and nobody knows is taken away; what sends elsewhere is left', async () => {
  await keep()
  const [known] = atGraph()
  if (known === undefined) throw new Error('nothing was subscribed to')
  const venus = desk.tenant.tenant.findUser('venus@contoso.example')?.id ?? ''
  const stray = { ...known, mailboxId: venus, resource: 'users/venus@contoso.example/events' }
  desk.tenant.tenant.subscriptions.put({ ...stray, id: '00000000-0000-4000-8000-00000000000a' })
  desk.tenant.tenant.subscriptions.put({
    ...stray,
    id: '00000000-0000-4000-8000-00000000000b',
    notificationUrl: 'https://elsewhere.example/api/watch/notifications/x',
  })
  expect(await removeOrphans(desk.deps)).toBe(1)
  expect(
    atGraph()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['00000000-0000-4000-8000-00000000000b', known.id].sort())
})
