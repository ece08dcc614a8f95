import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type DeskPair, openDeskPair } from '../../test/support/desk-pair.ts'
import type { WatchDesk } from '../../test/support/watch-desk.ts'
import { releaseHold } from './release.ts'

const methods = ['delta', 'windows'] as const
const ada = { userId: '00000000-0000-4000-8000-0000000000ad', displayName: 'Ada Okafor' }
const by = { actor: ada, requestId: 'test' }

let desks: DeskPair
beforeAll(async () => {
  desks = await openDeskPair()
})
beforeEach(() => desks.watch('Mercury'))
afterEach(() => desks.forget('Mercury'))
afterAll(() => desks.close())

const alive = async (desk: WatchDesk) => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null).length

async function plant(desk: WatchDesk, count: number): Promise<void> {
  for (let hour = 1; hour <= count; hour++) await desk.meet({ inHours: hour * 2, subject: `Meeting ${hour}` })
  await desk.read('Mercury')
  expect(await alive(desk)).toBe(count)
}

/** The list of the calendar comes back empty once; for delta, after its link was thrown away. */
async function looksEmpty(desk: WatchDesk): Promise<void> {
  await desk.tenant.control('POST', '/mailboxes/mercury@contoso.example/evict-delta')
  for (const path of ['/calendarView/delta', '/calendarView']) {
    await desk.tenant.control('POST', '/faults', { match: `GET /v1.0/users/*${path}`, times: 2, emptyList: true })
  }
  await desk.read('Mercury')
  await desk.tenant.control('DELETE', '/faults')
}

/** Somebody empties the room's calendar itself. */
async function reallyDelete(desk: WatchDesk, count: number): Promise<void> {
  for (const { id } of desk.items('Mercury').slice(0, count)) {
    const deletedAt = desk.deps.seams.now().toISOString()
    await desk.tenant.control('PATCH', `/events/${id}`, { deletedAt })
  }
  await desk.read('Mercury')
}

test.each(methods)('by %s, few meetings that do not come are asked for, and stay', async (method) => {
  const desk = desks[method]
  await plant(desk, 3)
  await looksEmpty(desk)
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching' })
  expect(await alive(desk)).toBe(3)
  expect((await desk.mirror('Mercury')).filter((row) => row.missing_at !== null)).toEqual([])
})

test.each(methods)(
  'by %s, many are not believed: the room is held, with a sentence, and nothing is gone',
  async (method) => {
    const desk = desks[method]
    await plant(desk, 6)
    await looksEmpty(desk)
    expect(await desk.watched('Mercury')).toMatchObject({
      state: 'held',
      state_code: 'mass_loss',
      state_say: expect.stringContaining('6 of 6 coming meetings are no longer in the calendar of Mercury'),
      next_read_at: null,
    })
    expect(await alive(desk)).toBe(6)
    await desk.read('Mercury')
    expect((await desk.watched('Mercury')).state).toBe('held')
  },
)

test.each(methods)('by %s, read again: they are there, so nothing happened', async (method) => {
  const desk = desks[method]
  await plant(desk, 6)
  await looksEmpty(desk)
  await releaseHold(desk.deps, { roomId: desk.room('Mercury'), word: 'read_again' }, by)
  await desk.read('Mercury')
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method, state_say: null })
  expect((await desk.mirror('Mercury')).filter((row) => row.missing_at ?? row.gone_at)).toEqual([])
})

test.each(methods)(
  'by %s, they are gone: what is not there is gone, and what is there stays all the same',
  async (method) => {
    const desk = desks[method]
    await plant(desk, 6)
    await reallyDelete(desk, 5)
    expect((await desk.watched('Mercury')).state).toBe('held')
    expect(await alive(desk)).toBe(6)
    await releaseHold(desk.deps, { roomId: desk.room('Mercury'), word: 'they_are_gone' }, by)
    await desk.read('Mercury')
    expect((await desk.watched('Mercury')).state).toBe('watching')
    expect(await alive(desk)).toBe(1)
    const trail = await desk.database.db.selectFrom('audit_entries').selectAll().execute()
    expect(trail.at(-1)).toMatchObject({
      action: 'watch.hold_released',
      actor_name: 'Ada Okafor',
      subject_name: 'Mercury',
      details: { word: 'they_are_gone' },
    })
    await expect(releaseHold(desk.deps, { roomId: desk.room('Mercury'), word: 'read_again' }, by)).rejects.toThrow(
      'not held any more',
    )
  },
)

test.each(methods)('by %s, half of them may go without asking', async (method) => {
  const desk = desks[method]
  await plant(desk, 6)
  await reallyDelete(desk, 3)
  expect((await desk.watched('Mercury')).state).toBe('watching')
  expect(await alive(desk)).toBe(3)
})
