import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectionOf } from '#db/database.ts'
import { issueApiToken } from '#people/api-token.ts'
import { findOwner } from '#people/user.ts'
import { firstAdministrator, type PeopleServer, startPeopleServer } from '../../test/support/people-server.ts'
import { runCommand } from './command-line.ts'

let server: PeopleServer
let environment: Record<string, string>
let printed: string[]
let complained: string[]

beforeAll(async () => {
  server = await startPeopleServer()
  await firstAdministrator(server)
  const owner = await findOwner(server.deps, 'root@contoso.example')
  const order = { owner, by: { id: null, name: 'test' }, name: 'reader', expiresInDays: 1 }
  const { token } = await issueApiToken(server.deps, order)
  const { user, password, host, database } = connectionOf(server.deps.db)
  environment = {
    ANTEROOM_DATABASE_URL: `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`,
    ANTEROOM_URL: server.origin,
    ANTEROOM_TOKEN: token.open('show_once'),
  }
})
afterAll(() => server.close())
beforeEach(() => {
  printed = []
  complained = []
})

const run = (...words: string[]) =>
  runCommand(words, {
    environment,
    folder: '/nowhere',
    homeFolder: '/nowhere',
    seams: server.deps.seams,
    readInput: async () => '',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })

test('list shows the trail, as a table and as JSON', async () => {
  expect(await run('audit', 'list', '--feature', 'people')).toBe(0)
  expect(printed.join()).toMatch(/SEQ +AT +WHO +ACTION/)
  expect(printed.join()).toContain('people.first_administrator_created')
  printed = []
  expect(await run('audit', 'list', '--action', 'people.api_token_created', '--json')).toBe(0)
  expect(JSON.parse(printed.join())).toMatchObject({ total: 1, rows: [{ subject: { name: 'reader' } }] })
  expect(await run('audit', 'list', '--search', 'nobody did this')).toBe(0)
  expect(complained.join()).toContain('no such entries')
})

test('verify says where the chain ends, and that end is found again', async () => {
  expect(await run('audit', 'verify')).toBe(0)
  const end = /ends with (\d+:[0-9a-f]{64})/.exec(printed.join())?.[1] ?? ''
  expect(await run('audit', 'verify', '--includes', end)).toBe(0)
  expect(await run('audit', 'verify', '--includes', `1:${'f'.repeat(64)}`)).toBe(1)
  expect(complained.join()).toContain('not in it any more')
  expect(await run('audit', 'verify', '--includes', 'yesterday')).toBe(2)
})

test('verify names the first broken entry and exits with 1', async () => {
  const { db } = server.deps
  await sql`alter table audit_entries disable trigger user`.execute(db)
  await sql`update audit_entries set actor_name = 'nobody' where seq = 2`.execute(db)
  expect(await run('audit', 'verify')).toBe(1)
  expect(complained.join()).toMatch(/Entry 2 \(people\.\w+, .*\) was altered\. The 1 entries before it/)
  complained = []
  expect(await run('audit', 'verify', '--json')).toBe(1)
  expect(JSON.parse(printed.join())).toMatchObject({ checked: 1, broken: { seq: '2', because: 'altered' } })
})
