import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type DeskPair, openDeskPair } from '../../test/support/desk-pair.ts'
import type { WatchDesk } from '../../test/support/watch-desk.ts'
import { notePlanned, roomEventOf } from './room-event.ts'

const hourMs = 3_600_000
const methods = ['delta', 'windows'] as const

let desks: DeskPair
beforeAll(async () => {
  desks = await openDeskPair()
})
beforeEach(() => desks.watch('Mercury'))
afterEach(() => desks.forget('Mercury'))
afterAll(() => desks.close())

async function only(desk: WatchDesk) {
  const rows = await desk.mirror('Mercury')
  expect(rows).toHaveLength(1)
  return rows[0] as (typeof rows)[0]
}

/** As sync does when it has compared everything. */
async function plan(desk: WatchDesk): Promise<void> {
  for (const row of await desk.mirror('Mercury')) {
    const planned = { decision: 'nothing', why: 'in_step', reservationId: null, now: desk.deps.seams.now() }
    await notePlanned(desk.database.db, roomEventOf(row), planned)
  }
  desk.applied.length = 0
}

const due = async (desk: WatchDesk) => (await desk.mirror('Mercury')).filter((row) => row.plan_due_at !== null)

test.each(methods)('by %s, a meeting made in Outlook is in the mirror, and due, after one read', async (method) => {
  const desk = desks[method]
  const { iCalUId } = await desk.meet({ subject: 'Budget' })
  await desk.read('Mercury')
  expect(await only(desk)).toMatchObject({
    i_cal_uid: iCalUId,
    gone_at: null,
    plan_due_at: expect.any(Date),
    view: {
      answer: 'accepted',
      isCancelled: false,
      organizer: { address: 'alice.meyer@contoso.example' },
      resources: ['mercury@contoso.example'],
      type: 'singleInstance',
    },
  })
  expect(desk.applied).toEqual([desk.room('Mercury')])
  expect(await desk.watched('Mercury')).toMatchObject({
    state: 'watching',
    method,
    attempts: 0,
    last_error_code: null,
  })
})

test.each(methods)(
  'by %s, another version that means the same is compared a little later, since only the organizer’s event may show why',
  async (method) => {
    const desk = desks[method]
    await desk.meet()
    await desk.read('Mercury')
    await plan(desk)
    const [item] = desk.items('Mercury')
    await desk.tenant.control('PATCH', `/events/${item?.id}`, { changeKey: 'AnotherKey', categories: ['Red'] })
    await desk.read('Mercury')
    const row = await only(desk)
    expect(row.etag).toContain('AnotherKey')
    expect(row.plan_due_at?.getTime()).toBeGreaterThan(desk.deps.seams.now().getTime())
    await plan(desk)
    await desk.read('Mercury')
    expect(await due(desk)).toEqual([])
    expect(desk.applied).toEqual([])
  },
)

test.each(methods)('by %s, a meeting that was moved in Outlook is due again, as another version', async (method) => {
  const desk = desks[method]
  const { id } = await desk.meet()
  await desk.read('Mercury')
  await plan(desk)
  const before = await only(desk)
  const start = new Date(before.starts_at.getTime() + hourMs).toISOString().slice(0, 19)
  const end = new Date(before.ends_at.getTime() + hourMs).toISOString().slice(0, 19)
  const times = { start: { dateTime: start, timeZone: 'UTC' }, end: { dateTime: end, timeZone: 'UTC' } }
  expect((await desk.graph('alice.meyer@contoso.example', 'PATCH', `/me/events/${id}`, times)).status).toBe(200)
  await desk.read('Mercury')
  const after = await only(desk)
  expect(after.starts_at.getTime()).toBe(before.starts_at.getTime() + hourMs)
  expect(after.changed_at.getTime()).toBeGreaterThan(before.changed_at.getTime())
  expect(await due(desk)).toHaveLength(1)
})

test.each(methods)('by %s, what its organizer deletes is gone, once it was asked for by its id', async (method) => {
  const desk = desks[method]
  const { id } = await desk.meet()
  await desk.read('Mercury')
  await plan(desk)
  await desk.graph('alice.meyer@contoso.example', 'DELETE', `/me/events/${id}`)
  await desk.read('Mercury')
  expect(await only(desk)).toMatchObject({ gone_at: expect.any(Date), plan_due_at: expect.any(Date), missing_at: null })
})

test.each(methods)('by %s, a copy that the room keeps of a cancelled meeting counts as gone', async (method) => {
  const desk = desks[method]
  await desk.meet()
  await desk.read('Mercury')
  const [item] = desk.items('Mercury')
  await desk.tenant.control('PATCH', `/events/${item?.id}`, { isCancelled: true, changeKey: 'Cancelled' })
  await desk.read('Mercury')
  expect(await only(desk)).toMatchObject({ gone_why: 'cancelled', view: { isCancelled: true } })
})

test.each(methods)(
  'by %s, a meeting that is moved out of the window stays what it is, with its new time',
  async (method) => {
    const desk = desks[method]
    const { id } = await desk.meet()
    await desk.read('Mercury')
    const at = (days: number) => new Date(Date.now() + days * 24 * hourMs).toISOString().slice(0, 19)
    await desk.tenant.control('PUT', `/rooms/mercury@contoso.example/policy`, { bookingWindowInDays: 1_080 })
    await desk.graph('alice.meyer@contoso.example', 'PATCH', `/me/events/${id}`, {
      start: { dateTime: at(300), timeZone: 'UTC' },
      end: { dateTime: at(300.1), timeZone: 'UTC' },
    })
    await desk.read('Mercury')
    const row = await only(desk)
    expect(row.gone_at).toBeNull()
    expect(row.missing_at).toBeNull()
    expect(row.starts_at.getTime()).toBeGreaterThan(Date.now() + 299 * 24 * hourMs)
  },
)

test.each(methods)(
  'by %s, a passing trouble is tried again, later each time, and no sooner than Graph asks',
  async (method) => {
    const desk = desks[method]
    await desk.read('Mercury')
    const match = '* /v1.0/users/*/calendarView/**'
    for (const path of [match, '* /v1.0/users/*/calendarView']) {
      await desk.tenant.control('POST', '/faults', {
        match: path,
        times: 'always',
        answer: 'throttled',
        retryAfter: '90',
      })
    }
    await desk.read('Mercury')
    const watch = await desk.watched('Mercury')
    expect(watch).toMatchObject({
      state: 'watching',
      attempts: 1,
      last_error_say: expect.stringContaining('slow down'),
    })
    expect(watch.next_read_at?.getTime()).toBeGreaterThanOrEqual(desk.deps.seams.now().getTime() + 89_000)
  },
)

test.each(methods)('by %s, a permission that is taken away is waited for, and comes back by itself', async (method) => {
  const desk = desks[method]
  await desk.meet()
  await desk.read('Mercury')
  const kinds = Object.keys(desk.tokens) as (keyof typeof desk.tokens)[]
  const before = { ...desk.tokens }
  for (const kind of kinds) desk.tokens[kind] = false
  await desk.read('Mercury')
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'waiting', state_code: 'token_missing' })
  expect(await only(desk)).toMatchObject({ gone_at: null, missing_at: null })
  Object.assign(desk.tokens, before)
  await desk.watch('Mercury')
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method })
  await desk.read('Mercury')
  expect((await desk.watched('Mercury')).read_at).not.toBeNull()
})
