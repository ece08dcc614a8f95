import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { arrangeWatches } from './arrange.ts'
import { probeRoom } from './probe.ts'
import { sweep } from './sweep.ts'

let desk: WatchDesk
beforeAll(async () => {
  desk = await openWatchDesk()
})
beforeEach(async () => {
  await desk.watch('Mercury')
  await desk.meet()
  await desk.read('Mercury')
})
afterEach(async () => {
  Object.assign(desk.tokens, { application: true, delegated: true })
  await giveMailbox(desk.mailboxOf('Mercury'))
  await desk.forget('Mercury')
})
afterAll(() => desk.close())

const arrange = () => arrangeWatches(desk.deps, [desk.room('Mercury')])
const giveMailbox = (mailbox: string) =>
  desk.database.db.updateTable('rooms').set({ mailbox }).where('id', '=', desk.room('Mercury')).execute()
const configure = (values: { active?: boolean; no_request?: boolean; provider_id?: string }) =>
  desk.database.db.updateTable('sync_configurations').set(values).where('room_id', '=', desk.room('Mercury')).execute()
const setMode = (mode: 'normal' | 'strict') =>
  desk.database.db
    .updateTable('calendar_providers')
    .set({ mode, delegated_user_email: mode === 'strict' ? 'rooms@contoso.example' : null })
    .where('id', '=', desk.providerId)
    .execute()

describe('a watch follows its configuration', () => {
  test('an edit that changes nothing about watching keeps everything, and has the room tried', async () => {
    const before = await desk.watched('Mercury')
    await configure({ no_request: true })
    await arrange()
    const after = await desk.watched('Mercury')
    expect(after).toMatchObject({ state: 'watching', delta_link: before.delta_link, read_at: before.read_at })
    expect(after.next_probe_at?.getTime()).toBeLessThanOrEqual(desk.deps.seams.now().getTime())
    expect(await desk.mirror('Mercury')).toHaveLength(1)
  })

  test('another mailbox begins anew: what was read of the old one says nothing about it', async () => {
    await giveMailbox('mercury.two@contoso.example')
    await arrange()
    expect(await desk.watched('Mercury')).toMatchObject({
      state: 'waiting',
      mailbox: 'mercury.two@contoso.example',
      delta_link: null,
      method: null,
    })
    expect(await desk.mirror('Mercury')).toEqual([])
  })

  test('another provider begins anew with what was read of the same mailbox', async () => {
    const id = desk.deps.seams.newId()
    await desk.database.db.insertInto('calendar_providers').values({ id, name: 'Another', mode: 'normal' }).execute()
    await configure({ provider_id: id })
    await arrange()
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'waiting', provider_id: id, delta_link: null })
    expect(await desk.mirror('Mercury')).toHaveLength(1)
    await probeRoom(desk.deps, desk.room('Mercury'))
    await desk.read('Mercury')
    expect((await desk.mirror('Mercury')).filter((row) => row.gone_at)).toEqual([])
    await configure({ provider_id: desk.providerId })
  })

  test('a room that is no longer kept in step stops, and goes on where it was', async () => {
    await configure({ active: false })
    await arrange()
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'stopped', next_read_at: null, next_probe_at: null })
    const calls = desk.tenant.ledger().length
    await desk.read('Mercury')
    expect(desk.tenant.ledger().length).toBe(calls)
    await configure({ active: true })
    await arrange()
    await probeRoom(desk.deps, desk.room('Mercury'))
    await desk.read('Mercury')
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', last_error_code: null })
    expect((await desk.mirror('Mercury')).filter((row) => row.gone_at)).toEqual([])
  })
})

describe('what is not there yet', () => {
  test('a right that takes a day to work is waited for, and the room is watched by itself once it does', async () => {
    await setMode('strict')
    desk.tokens.application = false
    const path = '/mailboxes/mercury@contoso.example/permissions/rooms@contoso.example'
    const right = (role: string, effectiveInMs = 0) => desk.tenant.control('PUT', path, { role, effectiveInMs })
    await right('none')
    await desk.forget('Mercury')
    const watch = await desk.watch('Mercury')
    expect(watch).toMatchObject({ state: 'waiting', state_code: 'permission_pending', method: null })
    expect(watch.state_say).toContain('24 to 48 hours')
    const dayMs = 24 * 3_600_000
    await right('read', dayMs)
    await desk.pass(dayMs)
    expect((await desk.watched('Mercury')).next_probe_at?.getTime()).toBeLessThan(desk.deps.seams.now().getTime())
    expect(await sweep(desk.deps)).toMatchObject({ probes: 1 })
    await probeRoom(desk.deps, desk.room('Mercury'))
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method: 'windows' })
    await right('delegateWithPrivateEventAccess')
    await setMode('normal')
  })

  test('a mailbox that Exchange does not know is said to be so, and asked for at least every quarter of an hour', async () => {
    await giveMailbox('nowhere@contoso.example')
    await arrange()
    await probeRoom(desk.deps, desk.room('Mercury'))
    const watch = await desk.watched('Mercury')
    expect(watch).toMatchObject({ state: 'waiting', state_code: 'mailbox_not_found' })
    expect(watch.state_say).toContain('nowhere@contoso.example')
    const waits: number[] = []
    for (let times = 0; times < 10; times++) {
      await desk.pass(16 * 60_000)
      await probeRoom(desk.deps, desk.room('Mercury'))
      const next = (await desk.watched('Mercury')).next_probe_at?.getTime() ?? 0
      waits.push(next - desk.deps.seams.now().getTime())
    }
    expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000)
    expect(waits.at(-1)).toBeGreaterThan(10 * 60_000)
  })
})

test('what a crash forgot is found by the sweep: reads that are due, and hints that no read followed', async () => {
  const { db } = desk.database
  const now = desk.deps.seams.now()
  const forgotten = { next_read_at: now, hints: '7', hinted_at: new Date(now.getTime() - 60_000) }
  await db.updateTable('room_watches').set(forgotten).execute()
  expect(await sweep(desk.deps)).toMatchObject({ reads: 1, hints: 1 })
  await desk.read('Mercury')
  expect(await desk.watched('Mercury')).toMatchObject({ hints: '7', read_hints: '7' })
  expect(await sweep(desk.deps)).toMatchObject({ reads: 0, hints: 0 })
})
