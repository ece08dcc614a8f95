import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { type Listening, listen, openRouter } from '#http/server.ts'
import { silentLog } from '#kit/log.ts'
import { book } from '#reservations/book.ts'
import { readOne } from '#reservations/list.ts'
import { mountSync } from '#sync/routes.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { freePort } from '../../test/support/free-port.ts'
import { until } from '../../test/support/until.ts'
import { runCommand } from './command-line.ts'

let desk: Desk
let server: Listening
let origin: string
let reservationId: string
let printed: string[]
let complained: string[]

beforeAll(async () => {
  desk = await openDesk()
  const alice = await desk.person('alice.meyer')
  const admin: Actor = { ...(await desk.person('emma.larsen')), roles: new Set(['rsvsync_admin']), via: 'api_token' }
  const port = await freePort()
  origin = `http://localhost:${port}`
  const router = openRouter({
    publicUrl: origin,
    newId: desk.sync.seams.newId,
    log: silentLog,
    authenticate: async () => ({ ...admin, tokenScopes: ['everything'] }),
    guardWrite: async () => {},
  })
  mountSync(router, { ...desk.sync, reservations: desk.reservations })
  server = await listen(router, { host: 'localhost', port })
  reservationId = await reserved(alice)
})
afterAll(async () => {
  await server.close()
  await desk.close()
})
beforeEach(() => {
  printed = []
  complained = []
})

async function reserved(alice: Actor): Promise<string> {
  const startsAt = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 86_400_000)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 3_600_000).toISOString() }
  const wish = {
    roomId: desk.room('Mercury'),
    subject: 'Planning',
    notes: '',
    isPrivate: false,
    invitees: [],
    ...times,
  }
  const { id } = await book(desk.reservations, alice, wish)
  const isConfirmed = async () => (await readOne(desk.reservations, alice, id)).reservation.state === 'confirmed'
  await until(isConfirmed, { what: 'the reservation is confirmed' })
  return id
}

const run = (...words: string[]) =>
  runCommand(['sync', ...words], {
    environment: { ANTEROOM_URL: origin, ANTEROOM_TOKEN: `an_pat_${'a'.repeat(43)}` },
    folder: '/nowhere',
    homeFolder: '/nowhere',
    seams: desk.sync.seams,
    readInput: async () => '',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })

async function newest(): Promise<string> {
  expect(await run('events', '--search', reservationId, '--json')).toBe(0)
  const { rows } = JSON.parse(printed.splice(0).join()) as { rows: { seq: string }[] }
  return rows[0]?.seq ?? ''
}

test('events are listed, as a table and as JSON', async () => {
  expect(await run('events', '--state', 'processed')).toBe(0)
  expect(printed.join()).toMatch(/NUMBER +MADE +ACTION +ROOM +SUBJECT +STATE +OUTCOME +IDENTITY/)
  expect(printed.join()).toMatch(/create +Mercury +Planning +processed +created +alice\.meyer@contoso\.example/)
  expect(await run('events', '--state', 'error')).toBe(0)
  expect(complained.join()).toContain('no such sync events')
  expect(await run('events', '--state', 'broken')).toBe(2)
})

test('one is shown with what was sent and what was answered', async () => {
  const seq = await newest()
  expect(await run('event', seq)).toBe(0)
  expect(printed.join()).toMatch(/In short +The meeting was put in the calendar of alice/)
  expect(printed.join()).toMatch(/Sent +\{.*"subject":"Planning"/)
  expect(await run('event', '999999999')).toBe(1)
  expect(complained.join()).toContain('There is no such sync event.')
})

test('many go out again, and one that does not makes the exit code 1', async () => {
  const seq = await newest()
  expect(await run('reprocess', seq)).toBe(0)
  expect(printed.join()).toMatch(/announced +It is compared with Outlook once more/)
  expect(await run('reprocess', seq, '999999999')).toBe(1)
  expect(complained.join()).toContain('1 of 2 did not go out again')
})

test('health is one sentence and its figures', async () => {
  expect(await run('health')).toBe(0)
  expect(printed.join()).toMatch(/^No room is kept in step with Outlook yet\./)
  expect(printed.join()).toMatch(/Here to Outlook +half within .* 95 % within .* in the last hour/)
})
