import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DeskPair, openDeskPair } from '../../test/support/desk-pair.ts'
import type { WatchDesk } from '../../test/support/watch-desk.ts'
import { compareRoom } from './compare.ts'

const methods = ['delta', 'windows'] as const

let desks: DeskPair
beforeAll(async () => {
  desks = await openDeskPair()
})
beforeEach(() => desks.watch('Mercury'))
afterEach(async () => {
  await desks.delta.tenant.control('PUT', '/switches', { deltaSilentDeletions: 0 })
  await desks.forget('Mercury')
})
afterAll(() => desks.close())

const alive = async (desk: WatchDesk) => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null)
const compare = async (desk: WatchDesk) => {
  await desk.pass(2_000)
  await compareRoom(desk.deps, desk.room('Mercury'))
  return desk.watched('Mercury')
}

describe.each(methods)('by %s', (method) => {
  test('what a read finds by itself is no drift', async () => {
    const desk = desks[method]
    await desk.meet()
    await desk.read('Mercury')
    await desk.meet({ inHours: 100 })
    const watch = await compare(desk)
    expect(watch).toMatchObject({ drift: 0, drift_found: 0, compared_at: expect.any(Date) })
    expect(watch.next_compare_at?.getTime()).toBeGreaterThan(desk.deps.seams.now().getTime())
    expect(await alive(desk)).toHaveLength(2)
  })

  test('what the mirror has wrong is counted, mended and due, and is right the next time', async () => {
    const desk = desks[method]
    for (const inHours of [10, 20, 30]) await desk.meet({ inHours })
    await desk.read('Mercury')
    const [one, two] = await desk.mirror('Mercury')
    const { db } = desk.database
    const wrong = { digest: 'wrong', plan_due_at: null }
    await db
      .updateTable('room_events')
      .set(wrong)
      .where('id', '=', one?.id ?? '')
      .execute()
    await db
      .deleteFrom('room_events')
      .where('id', '=', two?.id ?? '')
      .execute()
    // Windows read everything anew every time, so nothing is ever missed for long.
    const missed = method === 'delta' ? 2 : 0
    expect(await compare(desk)).toMatchObject({ drift: missed, drift_found: missed })
    expect(await alive(desk)).toHaveLength(3)
    expect((await desk.mirror('Mercury')).every((row) => row.plan_due_at !== null)).toBe(true)
    expect(await compare(desk)).toMatchObject({ drift: 0, drift_found: missed })
  })
})

test('a deletion that Graph never told of is found', async () => {
  const desk = desks.delta
  for (const inHours of [10, 20, 30]) await desk.meet({ inHours })
  await desk.read('Mercury')
  await desk.tenant.control('PUT', '/switches', { deltaSilentDeletions: 1 })
  const deletedAt = desk.deps.seams.now().toISOString()
  await desk.tenant.control('PATCH', `/events/${desk.items('Mercury')[0]?.id}`, { deletedAt })
  await desk.read('Mercury')
  expect(await alive(desk)).toHaveLength(3)
  expect(await compare(desk)).toMatchObject({ drift: 1, drift_found: 1 })
  expect(await alive(desk)).toHaveLength(2)
})
