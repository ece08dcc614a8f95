import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'

let desk: WatchDesk
beforeAll(async () => {
  desk = await openWatchDesk({ mode: 'strict' })
  desk.tokens.application = false
})
beforeEach(async () => {
  await desk.forget('Mercury')
  await desk.watch('Mercury')
})
afterAll(() => desk.close())

const alive = async () => (await desk.mirror('Mercury')).filter((row) => row.gone_at === null)
const calls = () => desk.tenant.ledger().filter(({ path }) => path.endsWith('/calendarView')).length

test('what is near is read every time, everything else every five minutes', async () => {
  await desk.read('Mercury')
  const { whole_read_at: first } = await desk.watched('Mercury')
  await desk.meet({ inHours: 20, subject: 'Near' })
  await desk.meet({ inHours: 400, subject: 'Far' })
  await desk.read('Mercury')
  expect(await alive()).toHaveLength(1)
  expect((await desk.watched('Mercury')).whole_read_at).toEqual(first)
  await desk.pass(6 * 60_000)
  await desk.read('Mercury')
  expect(await alive()).toHaveLength(2)
})

test('a calendar of several pages is read to its end', async () => {
  for (let hour = 1; hour <= 130; hour++) await desk.meet({ inHours: hour, hours: 0.5 })
  const before = calls()
  await desk.read('Mercury')
  expect(await alive()).toHaveLength(130)
  expect(calls() - before).toBe(2)
})

test('a meeting over the edge of a window is in it, and not missing in the next', async () => {
  await desk.meet({ inHours: 0.1, hours: 4, subject: 'Soon under way' })
  await desk.meet({ inHours: 47, hours: 3, subject: 'Over the edge' })
  for (let times = 0; times < 6; times++) {
    await desk.read('Mercury')
    await desk.pass(2_400_000)
  }
  const rows = await desk.mirror('Mercury')
  expect(rows).toHaveLength(2)
  expect(rows.filter((row) => row.gone_at ?? row.missing_at)).toEqual([])
})
