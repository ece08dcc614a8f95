import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../test/support/until.ts'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { noteApplied } from './applied.ts'
import { arrangeDelegated } from './delegated-subscriptions.ts'
import { hintRoom } from './hint.ts'

/** The whole of it, as it runs: queue, jobs, subscriptions, notifications over HTTP. Only time is left alone. */
describe('a room that an application watches', () => {
  let desk: WatchDesk
  beforeAll(async () => {
    desk = await openWatchDesk({ works: true, listens: true, switches: { notificationBatchMs: 20 } })
    await desk.watch('Mercury')
    await until(async () => (await subscription())?.state === 'active', { what: 'Mercury is subscribed to' })
  })
  afterAll(() => desk.close())

  const subscription = () =>
    desk.database.db.selectFrom('subscriptions').selectAll().where('state', '<>', 'removed').executeTakeFirst()
  const alive = async () => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null)
  const notifications = () => desk.database.db.selectFrom('change_notifications').selectAll().orderBy('seq').execute()
  const creations = () =>
    desk.tenant.ledger().filter(({ method, path }) => method === 'POST' && path === '/v1.0/subscriptions').length
  const renewals = () =>
    desk.tenant.ledger().filter(({ method, path }) => method === 'PATCH' && path.startsWith('/v1.0/subscriptions/'))
      .length
  const tell = async (event: string) =>
    desk.tenant.control('POST', `/subscriptions/${(await subscription())?.external_id}/lifecycle`, { event })

  test('hears of a meeting that is made and of one that is deleted, without being asked', async () => {
    const { id } = await desk.meet({ subject: 'Budget' })
    await until(async () => (await alive()).length === 1, { what: 'the meeting is in the mirror' })
    expect(desk.applied).toContain(desk.room('Mercury'))
    await desk.graph('alice.meyer@contoso.example', 'DELETE', `/me/events/${id}`)
    await until(async () => (await alive()).length === 0, { what: 'the meeting is gone' })
    expect((await subscription())?.last_notification_at).not.toBeNull()
  })

  test('notifications are handled when sync has compared what was read', async () => {
    const waiting = async () => (await notifications()).filter(({ handled_at }) => handled_at === null)
    const settled = async () => {
      await noteApplied(desk.database.db, desk.room('Mercury'), desk.deps.seams.now())
      return (await waiting()).length === 0
    }
    await until(settled, { what: 'every notification is handled' })
    expect((await notifications()).length).toBeGreaterThan(0)
  })

  test('many hints at once are few reads', async () => {
    const reads = () => desk.tenant.ledger().filter(({ path }) => path.includes('/calendarView/delta')).length
    const before = reads()
    await Promise.all(Array.from({ length: 60 }, () => hintRoom(desk.deps, desk.room('Mercury'))))
    const seen = async () => {
      const { hints, read_hints } = await desk.watched('Mercury')
      return hints === read_hints
    }
    await until(seen, { what: 'all hints were seen' })
    expect(reads() - before).toBeLessThanOrEqual(3)
  })

  test('missed: it is read', async () => {
    const { hints } = await desk.watched('Mercury')
    await tell('missed')
    await until(async () => BigInt((await desk.watched('Mercury')).read_hints) > BigInt(hints), {
      what: 'Mercury was read',
    })
  })

  test('reauthorizationRequired, again and again: renewed once', async () => {
    await desk.database.db
      .updateTable('subscriptions')
      .set({ renewed_at: new Date(0) })
      .execute()
    const before = renewals()
    for (let times = 0; times < 5; times++) await tell('reauthorizationRequired')
    const told = async () =>
      (await notifications()).filter(({ kind }) => kind === 'reauthorizationRequired').length === 5
    await until(told, { what: 'all of them came' })
    await until(async () => renewals() > before && (await subscription())?.told === null, { what: 'it was renewed' })
    expect(renewals() - before).toBe(1)
  })

  test('subscriptionRemoved that is not true, and what is made up: nothing is made', async () => {
    const before = creations()
    const row = await subscription()
    const made = { lifecycleEvent: 'subscriptionRemoved', subscriptionId: row?.external_id }
    const lifecycle = `${desk.deps.notificationUrl}/api/watch/lifecycle/${row?.nonce}`
    const spoof = (clientState: string) =>
      fetch(lifecycle, { method: 'POST', body: JSON.stringify({ value: [{ ...made, clientState }] }) })
    for (const answer of await Promise.all(Array.from({ length: 300 }, (_, n) => spoof(`guess ${n}`))))
      expect(answer.status).toBe(202)
    const { clientState } = desk.tenant.tenant.subscriptions.get(row?.external_id ?? '') ?? {}
    // Somebody who knows the secret says so too, and Graph is asked.
    await spoof(clientState ?? '')
    const asked = () =>
      desk.tenant.ledger().some(({ method, path }) => method === 'GET' && path.startsWith('/v1.0/subscriptions/'))
    await until(asked, { what: 'Graph was asked' })
    await until(async () => (await subscription())?.told === null, { what: 'it was left alone' })
    expect(creations()).toBe(before)
    expect((await subscription())?.refused).toBe(300)
  })

  test('subscriptionRemoved that is true: exactly one is made, and what happened meanwhile is found', async () => {
    const before = creations()
    const first = await subscription()
    await desk.tenant.control('POST', `/subscriptions/${first?.external_id}/lifecycle`, {
      event: 'subscriptionRemoved',
    })
    await desk.meet({ inHours: 48, subject: 'In between' })
    await until(async () => (await alive()).length === 1, { what: 'the meeting is in the mirror' })
    const isNew = async () => {
      const row = await subscription()
      return row?.state === 'active' && row.external_id !== first?.external_id
    }
    await until(isNew, { what: 'there is a new one' })
    expect(creations() - before).toBe(1)
    expect(desk.tenant.tenant.subscriptions.list()).toHaveLength(1)
  })

  test('whatever a notification names, only the mailbox of its own subscription is read', async () => {
    const isRead = async () => {
      const { hints, read_hints } = await desk.watched('Mercury')
      return hints === read_hints
    }
    await until(isRead, { what: 'what came before is read' })
    const before = desk.tenant.ledger().at(-1)?.id ?? 0
    const { external_id } = (await subscription()) ?? {}
    const item = {
      resource: 'users/alice.meyer@contoso.example/messages/secret',
      resourceData: { id: '../../me/messages' },
    }
    await desk.tenant.control('POST', `/subscriptions/${external_id}/notify`, { item })
    const called = () => desk.tenant.ledger(before).filter(({ surface }) => surface === 'graph')
    await until(async () => called().length > 0 && (await isRead()), { what: 'Mercury was read' })
    for (const { path } of called())
      expect(path).toMatch(/^\/v1\.0\/users\/mercury(@|%40)contoso\.example\/calendarView/)
  })

  test('an unknown lifecycle event changes nothing', async () => {
    const before = await subscription()
    await tell('somethingNew')
    await until(async () => (await notifications()).some(({ kind }) => kind === 'somethingNew'), { what: 'it came' })
    expect(await subscription()).toMatchObject({ state: 'active', external_id: before?.external_id })
  })
})

describe('rooms that a delegated account looks at', () => {
  let desk: WatchDesk
  const linked = new Map<string, string[]>()
  beforeAll(async () => {
    desk = await openWatchDesk({ mode: 'strict', works: true, listens: true, switches: { notificationBatchMs: 20 } })
    desk.tokens.application = false
    Object.assign(desk.deps, { roomsOfEvent: async (id: string) => linked.get(id) ?? [] })
    await desk.watch('Mercury')
    await desk.watch('Venus')
    await arrangeDelegated(desk.deps)
    const active = () =>
      desk.database.db.selectFrom('subscriptions').selectAll().where('state', '=', 'active').execute()
    await until(async () => (await active()).length === 1, { what: 'the delegated mailbox is subscribed to' })
    expect(await active()).toMatchObject([{ room_id: null, resource: 'users/rooms@contoso.example/events' }])
    for (const name of ['Mercury', 'Venus']) {
      await until(async () => (await desk.watched(name)).whole_read_at !== null, { what: `${name} was read` })
    }
  })
  afterAll(() => desk.close())

  const organise = async (room: string) => {
    const event = await desk.meet({ room, by: 'rooms@contoso.example', inHours: 3 })
    const item = desk.tenant.tenant.events.listBy(event.iCalUId).find(({ isOrganizer }) => isOrganizer)
    return { ...event, immutableId: item?.immutableId ?? '' }
  }
  const hints = async (name: string) => Number((await desk.watched(name)).hints)

  test('what the delegated mailbox organises is told on to its room, and to no other', async () => {
    const before = { mercury: await hints('Mercury'), venus: await hints('Venus') }
    const { immutableId } = await organise('Mercury')
    linked.set(immutableId, [desk.room('Mercury')])
    await until(async () => (await hints('Mercury')) > before.mercury, { what: 'Mercury was hinted at' })
    await until(async () => (await desk.mirror('Mercury')).length === 1, { what: 'the meeting is in the mirror' })
    expect(await hints('Venus')).toBe(before.venus)
  })

  test('what nobody knows may be about any room: all of them are read, once', async () => {
    const before = { mercury: await hints('Mercury'), venus: await hints('Venus') }
    await organise('Venus')
    await until(async () => (await hints('Venus')) > before.venus, { what: 'Venus was hinted at' })
    expect(await hints('Mercury')).toBeGreaterThan(before.mercury)
    const told = desk.database.db.selectFrom('change_notifications').selectAll().where('handled_at', 'is', null)
    await until(async () => (await told.execute()).length === 0, { what: 'everything was told on', timeoutMs: 15_000 })
  })
})
