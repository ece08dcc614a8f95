import { expect, test } from 'vitest'
import { clockDifferenceMs, watchingClock } from './clock-watch.ts'
import { type Log, silentLog } from './log.ts'

const noon = Date.parse('2026-11-25T12:00:00Z')
const date = (ms: number) => new Date(ms).toUTCString()

test.each([
  ['the same second', date(noon), 0],
  ['the server is between asking and answering', date(noon + 1_000), 0],
  ['an hour ahead of the server', date(noon - 3_600_000), 3_599_000],
  ['ten minutes behind it', date(noon + 602_000), -600_000],
  ['no date', null, 0],
  ['a year instead of a date', '120', 0],
  ['something else', 'yesterday', 0],
])('%s', (_, said, expected) => {
  expect(clockDifferenceMs(said, { sentAtMs: noon, nowMs: noon + 2_000 })).toBe(expected)
})

test('it is said once an hour, and names the host', async () => {
  const warnings: [object, string][] = []
  const log: Log = { ...silentLog, warn: (fields, message) => void warnings.push([fields, message]) }
  let nowMs = noon
  const answer = async () => new Response('', { headers: { date: date(noon - 400 * 86_400_000) } })
  const fetch = watchingClock(answer, { now: () => new Date(nowMs), log })
  for (const minutes of [0, 1, 59, 61]) {
    nowMs = noon + minutes * 60_000
    await fetch('https://login.example/token')
  }
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toEqual([
    { host: 'login.example', differenceSeconds: expect.any(Number) },
    expect.stringContaining('sign-ins are refused'),
  ])
})
