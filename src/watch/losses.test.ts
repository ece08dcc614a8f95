import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { releaseHold } from './release.ts'

const ada = { userId: '00000000-0000-4000-8000-0000000000ad', displayName: 'Ada Okafor' }
const by = { actor: ada, requestId: 'test' }

describe.each([
  ['delta', 'normal'],
  ['windows', 'strict'],
] as const)('a calendar that suddenly looks empty, by %s', (method, mode) => {
  let desk: WatchDesk
  beforeAll(async () => {
    desk = await openWatchDesk({ mode })
    if (method === 'windows') desk.tokens.application = false
  })
  beforeEach(() => desk.watch('Mercury'))
  afterEach(async () => {
    await desk.tenant.control('DELETE', '/faults')
    for (const { id } of desk.items('Mercury')) desk.tenant.tenant.events.delete(id)
    await desk.database.db.deleteFrom('room_events').execute()
    await desk.database.db.deleteFrom('room_watches').execute()
  })
  afterAll(() => desk.close())

  const plant = async (count: number) => {
    for (let hour = 1; hour <= count; hour++) await desk.meet({ inHours: hour * 2, subject: `Meeting ${hour}` })
    await desk.read('Mercury')
    expect(await alive()).toBe(count)
  }
  const alive = async () => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null).length
  /** The list of the calendar comes back empty once; for delta, after its link was thrown away. */
  const looksEmpty = async () => {
    await desk.tenant.control('POST', '/mailboxes/mercury@contoso.example/evict-delta')
    const path = method === 'delta' ? '/calendarView/delta' : '/calendarView'
    await desk.tenant.control('POST', '/faults', { match: `GET /v1.0/users/*${path}`, times: 2, emptyList: true })
    await desk.read('Mercury')
    await desk.tenant.control('DELETE', '/faults')
  }
  /** Somebody empties the room's calendar itself. */
  const reallyDelete = async (count: number) => {
    for (const { id } of desk.items('Mercury').slice(0, count)) {
      const deletedAt = desk.deps.seams.now().toISOString()
      await desk.tenant.control('PATCH', `/events/${id}`, { deletedAt })
    }
    await desk.read('Mercury')
  }

  test('few meetings that do not come are asked for, and stay', async () => {
    await plant(3)
    await looksEmpty()
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching' })
    expect(await alive()).toBe(3)
    expect((await desk.mirror('Mercury')).filter((row) => row.missing_at !== null)).toEqual([])
  })

  test('many are not believed: the room is held, with a sentence, and nothing is gone', async () => {
    await plant(6)
    await looksEmpty()
    expect(await desk.watched('Mercury')).toMatchObject({
      state: 'held',
      state_code: 'mass_loss',
      state_say: expect.stringContaining('6 of 6 coming meetings are no longer in the calendar of Mercury'),
      next_read_at: null,
    })
    expect(await alive()).toBe(6)
    await desk.read('Mercury')
    expect((await desk.watched('Mercury')).state).toBe('held')
  })

  test('read again: they are there, so nothing happened', async () => {
    await plant(6)
    await looksEmpty()
    await releaseHold(desk.deps, { roomId: desk.room('Mercury'), word: 'read_again' }, by)
    await desk.read('Mercury')
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method, state_say: null })
    expect((await desk.mirror('Mercury')).filter((row) => row.missing_at ?? row.gone_at)).toEqual([])
  })

  test('they are gone: what is not there is gone, and what is there stays all the same', async () => {
    await plant(6)
    await reallyDelete(5)
    expect((await desk.watched('Mercury')).state).toBe('held')
    expect(await alive()).toBe(6)
    await releaseHold(desk.deps, { roomId: desk.room('Mercury'), word: 'they_are_gone' }, by)
    await desk.read('Mercury')
    expect((await desk.watched('Mercury')).state).toBe('watching')
    expect(await alive()).toBe(1)
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
  })

  test('half of them may go without asking', async () => {
    await plant(6)
    await reallyDelete(3)
    expect((await desk.watched('Mercury')).state).toBe('watching')
    expect(await alive()).toBe(3)
  })
})
