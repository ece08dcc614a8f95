import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Switches } from '../../emulator/model.ts'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { noteNewToken } from './note-new-token.ts'
import { probeRoom } from './probe.ts'
import { readRoom } from './read.ts'

let desk: WatchDesk
beforeAll(async () => {
  desk = await openWatchDesk()
})
beforeEach(() => desk.watch('Mercury'))
afterEach(async () => {
  await desk.tenant.control('DELETE', '/faults')
  await desk.tenant.control('PUT', '/switches', friendly)
  for (const { id } of desk.items('Mercury')) desk.tenant.tenant.events.delete(id)
  await desk.database.db.deleteFrom('room_events').execute()
  await desk.database.db.deleteFrom('room_watches').execute()
  await desk.database.db.deleteFrom('mailbox_pauses').execute()
  desk.applied.length = 0
})
afterAll(() => desk.close())

const friendly: Partial<Switches> = {
  deltaGone: 0,
  deltaGoneAs: 'SyncStateNotFound',
  deltaReplays: 0,
  deltaDuplicates: 0,
  deltaSparseTombstones: false,
  deltaEmptyPages: 0,
  deltaEndless: false,
  deltaForeignLinks: 0,
  deltaSilentDeletions: 0,
  gatewayTimeoutAboveDays: null,
}
const turn = (switches: Partial<Switches>) => desk.tenant.control('PUT', '/switches', switches)
const evict = () => desk.tenant.control('POST', '/mailboxes/mercury@contoso.example/evict-delta')
const alive = async () => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null)
const calls = () => desk.tenant.ledger().filter(({ path }) => path.includes('calendarView')).length

async function plant(count: number): Promise<void> {
  for (let hour = 1; hour <= count; hour++) await desk.meet({ inHours: hour, hours: 0.5, subject: `Meeting ${hour}` })
  await desk.pass(1_000)
}

/** As a person with the room's calendar open deletes it. */
async function remove(index: number): Promise<void> {
  const deletedAt = desk.deps.seams.now().toISOString()
  await desk.tenant.control('PATCH', `/events/${desk.items('Mercury')[index]?.id}`, { deletedAt })
}

describe('a round', () => {
  test('goes on over pages, and the next one asks only for what changed', async () => {
    await plant(60)
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(60)
    const before = calls()
    await desk.meet({ inHours: 100 })
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(61)
    expect(calls() - before).toBe(1)
  })

  test('a process that dies between two pages has stored the first with its link, and the next goes on there', async () => {
    await plant(60)
    await desk.pass(2_000)
    const match = 'GET /v1.0/users/*/calendarView/delta'
    // The first page is answered, the second never.
    await desk.tenant.control('POST', '/faults', { match, times: 1, spoil: {} })
    await desk.tenant.control('POST', '/faults', { match, times: 1, dropBefore: true })
    await readRoom(desk.deps, desk.room('Mercury'))
    const half = await desk.watched('Mercury')
    expect(await alive()).toHaveLength(50)
    expect(half).toMatchObject({ delta_link: null, attempts: 1, round_link: expect.stringContaining('skiptoken=') })
    const before = calls()
    await desk.pass(10_000)
    await desk.read('Mercury')
    expect(calls() - before).toBe(1)
    expect(await alive()).toHaveLength(60)
    const whole = await desk.watched('Mercury')
    expect(whole).toMatchObject({ round_link: null, attempts: 0, delta_link: expect.stringContaining('deltatoken=') })
  })

  test.each(['SyncStateNotFound', 'syncStateNotFound', 'resyncRequired'] as const)(
    'after %s everything is read anew, and nothing is lost or due again',
    async (deltaGoneAs) => {
      await plant(3)
      await desk.read('Mercury')
      desk.applied.length = 0
      await turn({ deltaGoneAs })
      await evict()
      await remove(0)
      await desk.read('Mercury')
      expect(await alive()).toHaveLength(2)
      expect(await desk.watched('Mercury')).toMatchObject({ method: 'delta', attempts: 0 })
      const changed = (await desk.mirror('Mercury')).filter((row) => row.changed_at > row.first_seen_at)
      expect(changed).toHaveLength(1)
    },
  )

  test('is begun again every day, while the old link still stands, and brings the end of the new window', async () => {
    await desk.read('Mercury')
    const before = await desk.watched('Mercury')
    await desk.tenant.control('PUT', `/rooms/mercury@contoso.example/policy`, { bookingWindowInDays: 1_080 })
    await desk.meet({ inHours: 190 * 24 + 12 })
    await desk.read('Mercury')
    expect(await alive()).toEqual([])
    await desk.pass(24 * 3_600_000)
    await desk.read('Mercury')
    const after = await desk.watched('Mercury')
    expect(after.window_ends_at?.getTime()).toBeGreaterThan((before.window_ends_at?.getTime() ?? 0) + 20 * 3_600_000)
    expect(await alive()).toHaveLength(1)
  })
})

describe('what Graph does to changes', () => {
  test('removals of what nobody knows, with nothing but an id, are no news', async () => {
    await desk.read('Mercury')
    await turn({ deltaSparseTombstones: true })
    await plant(2)
    await remove(0)
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(1)
    expect(await desk.mirror('Mercury')).toHaveLength(1)
  })

  test('empty pages, replays and doubled items change nothing', async () => {
    await turn({ deltaEmptyPages: 0.5, deltaReplays: 1, deltaDuplicates: 1 })
    await plant(12)
    for (let times = 0; times < 5; times++) await desk.read('Mercury')
    const rows = await alive()
    expect(rows).toHaveLength(12)
    expect(rows.every((row) => row.changed_at.getTime() === row.first_seen_at.getTime())).toBe(true)
  })

  test('a list of changes that does not end is left: everything anew, and then by looking', async () => {
    await plant(2)
    await desk.read('Mercury')
    await turn({ deltaEndless: true })
    await desk.meet({ inHours: 30 })
    await desk.read('Mercury')
    expect(await desk.watched('Mercury')).toMatchObject({
      state: 'watching',
      method: 'windows',
      state_code: 'endless',
      state_say: expect.stringContaining('did not come to an end'),
    })
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(3)
    await turn({ deltaEndless: false })
    await probeRoom(desk.deps, desk.room('Mercury'))
    await desk.read('Mercury')
    expect(await desk.watched('Mercury')).toMatchObject({ method: 'delta', state_code: null })
  })

  test('a link to another host is not followed, and is in the log of the watch', async () => {
    await plant(1)
    await turn({ deltaForeignLinks: 1 })
    await desk.read('Mercury')
    const watch = await desk.watched('Mercury')
    expect(watch).toMatchObject({ last_error_code: 'foreign_link', delta_link: null, attempts: 1 })
    await turn({ deltaForeignLinks: 0 })
    await desk.pass(60_000)
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(1)
  })

  test('a mailbox too large for one answer is read in parts', async () => {
    await plant(3)
    await turn({ gatewayTimeoutAboveDays: 30 })
    for (let times = 0; times < 12 && (await desk.watched('Mercury')).whole_read_at === null; times++) {
      await desk.pass(310_000)
      await desk.read('Mercury')
    }
    expect(await desk.watched('Mercury')).toMatchObject({ method: 'windows', state_code: 'too_slow', attempts: 0 })
    expect(await alive()).toHaveLength(3)
  })

  test('one event that cannot be read keeps no other from being read', async () => {
    await plant(2)
    const spoil = { start: { dateTime: 'never', timeZone: 'UTC' } }
    const [item] = desk.items('Mercury')
    await desk.tenant.control('PATCH', `/events/${item?.id}`, { subject: 'a\u0000b \ud800 c' })
    await desk.read('Mercury')
    expect((await alive()).map((row) => row.view.subject)).toContain('ab \ufffd c')
    await desk.tenant.control('POST', '/faults', { match: 'GET /v1.0/users/*/calendarView/delta', times: 1, spoil })
    await desk.meet({ inHours: 50 })
    await desk.read('Mercury')
    expect(await alive()).toHaveLength(2)
    expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', attempts: 0 })
  })
})

/** Where a delegated account is there besides the application. */
async function inStrictMode(): Promise<void> {
  await desk.database.db
    .updateTable('calendar_providers')
    .set({ mode: 'strict', delegated_user_email: 'rooms@contoso.example' })
    .execute()
}

test('an application that loses the right to a mailbox falls back to whoever can look, and says so', async () => {
  await inStrictMode()
  await plant(1)
  await desk.watch('Mercury')
  await desk.read('Mercury')
  expect(await desk.watched('Mercury')).toMatchObject({ method: 'delta', identity: 'the application' })
  await desk.tenant.control('PUT', '/apps/a9ad7f7d-4618-5e0b-8855-9589ea44b233/mailboxes', { mailboxes: [] })
  await desk.read('Mercury')
  await probeRoom(desk.deps, desk.room('Mercury'))
  expect(await desk.watched('Mercury')).toMatchObject({
    state: 'watching',
    method: 'windows',
    identity: 'rooms@contoso.example',
    state_say: expect.stringContaining('keeps the application away'),
  })
  await desk.read('Mercury')
  expect(await alive()).toHaveLength(1)
  await desk.tenant.control('PUT', '/apps/a9ad7f7d-4618-5e0b-8855-9589ea44b233/mailboxes', { mailboxes: null })
})

test('a token that comes is noticed at once: by rooms that wait for one, and by those that could be watched better', async () => {
  await inStrictMode()
  desk.tokens.application = false
  desk.tokens.delegated = false
  expect(await desk.watch('Mercury')).toMatchObject({ state: 'waiting', state_code: 'token_missing' })
  const due = async () => ((await desk.watched('Mercury')).next_probe_at ?? 0) <= desk.deps.seams.now()
  expect(await due()).toBe(false)
  desk.tokens.delegated = true
  await noteNewToken(desk.deps)
  expect(await due()).toBe(true)
  await probeRoom(desk.deps, desk.room('Mercury'))
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method: 'windows' })
  await noteNewToken(desk.deps)
  expect(await due()).toBe(false)
  desk.tokens.application = true
  await noteNewToken(desk.deps)
  expect(await due()).toBe(true)
  await probeRoom(desk.deps, desk.room('Mercury'))
  expect(await desk.watched('Mercury')).toMatchObject({ state: 'watching', method: 'delta' })
})
