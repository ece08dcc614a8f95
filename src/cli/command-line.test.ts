import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectionOf } from '#db/database.ts'
import { listApiTokens } from '#people/api-token.contract.ts'
import {
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  startPeopleServer,
} from '../../test/support/people-server.ts'
import { callApi } from './call-api.ts'
import { runCommand } from './command-line.ts'
import { savedTokenPath } from './saved-token.ts'
import type { Surroundings } from './surroundings.ts'

let server: PeopleServer
let surroundings: Surroundings
let printed: string[]
let complained: string[]

beforeAll(async () => {
  server = await startPeopleServer()
  await firstAdministrator(server)
  await knownPerson(server, 'Alice Meyer')
})
afterAll(() => server.close())

beforeEach(() => {
  const homeFolder = mkdtempSync(join(tmpdir(), 'anteroom-cli-'))
  printed = []
  complained = []
  surroundings = {
    environment: { ANTEROOM_DATABASE_URL: databaseUrl(), ANTEROOM_URL: server.origin },
    folder: homeFolder,
    homeFolder,
    seams: server.deps.seams,
    readInput: async () => '',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  }
  return () => rmSync(homeFolder, { recursive: true, force: true })
})

function databaseUrl(): string {
  const { user, password, host, database } = connectionOf(server.deps.db)
  return `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`
}

const run = (...words: string[]) => runCommand(words, surroundings)

test('a token made on the server works for the other commands, without being shown', async () => {
  expect(await run('api-token', 'create', '--user', 'ALICE.meyer@contoso.example', '--days', '7', '--save')).toBe(0)
  const path = savedTokenPath(surroundings)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(printed.join()).toContain(path)
  expect(printed.join()).not.toContain(readFileSync(path, 'utf8').trim())
  const { tokens } = await callApi(surroundings, {}, listApiTokens, {})
  expect(tokens.map((token) => token.name)).toContain('command line')
  expect(
    await server.deps.db
      .selectFrom('audit_entries')
      .select(['actor_name', 'subject_name'])
      .where('action', '=', 'people.api_token_created')
      .execute(),
  ).toContainEqual({ actor_name: 'command line', subject_name: 'command line' })
})

test('without --save it is printed once, as JSON for scripts', async () => {
  expect(await run('api-token', 'create', '--user', 'root@contoso.example', '--name', 'nightly', '--json')).toBe(0)
  expect(JSON.parse(printed.join())).toMatchObject({
    user: 'root@contoso.example',
    name: 'nightly',
    scopes: 'everything',
    token: expect.stringMatching(/^an_pat_/),
  })
  printed = []
  expect(
    await run('api-token', 'create', '--user', 'root@contoso.example', '--scopes', 'read', 'reservations', '--json'),
  ).toBe(0)
  expect(JSON.parse(printed.join())).toMatchObject({ scopes: 'read reservations' })
})

test('a saved token that others can read is not used', async () => {
  await run('api-token', 'create', '--user', 'root@contoso.example', '--save')
  chmodSync(savedTokenPath(surroundings), 0o644)
  expect(await run('alias', 'list')).toBe(1)
  expect(complained.join()).toContain('chmod 600')
})

test.for<[string, string[], number, RegExp]>([
  ['no token', ['alias', 'list'], 1, /API token is needed.*api-token create/],
  ['a token that does not hold', ['alias', 'list', '--token', 'an_pat_x'], 1, /unknown, revoked, expired or mistyped/],
  [
    'nobody there',
    ['reservation', 'list', '--token', 'an_pat_x', '--url', 'http://localhost:1'],
    1,
    /Nothing answers at http:\/\/localhost:1/,
  ],
  ['an unencrypted way', ['alias', 'list', '--token', 'an_pat_x', '--url', 'http://contoso.example'], 1, /unencrypted/],
  ['not an address', ['alias', 'list', '--token', 'an_pat_x', '--url', 'contoso'], 1, /not an address/],
  [
    'an unknown person',
    ['api-token', 'create', '--user', 'nobody@contoso.example'],
    1,
    /No active user is called nobody@/,
  ],
  ['an unknown command', ['alias', 'frobnicate'], 2, /unknown command/],
  ['a missing option', ['api-token', 'create'], 2, /--user/],
  ['a number out of range', ['api-token', 'create', '--user', 'x', '--days', '900'], 2, /1 to 365/],
  ['an unknown choice', ['reservation', 'list', '--when', 'tomorrow'], 2, /upcoming, past, any/],
])('%s is one line and its exit code', async ([, words, code, say]) => {
  expect(await run(...words)).toBe(code)
  expect(complained.join('\n')).toMatch(say)
  if (code === 1) expect(complained.join('\n')).not.toContain('\n')
  expect(printed).toEqual([])
})

test('a setting that is wrong is named', async () => {
  surroundings.environment = { ANTEROOM_PORT: 'many' }
  expect(await run('api-token', 'create', '--user', 'x')).toBe(1)
  expect(complained).toEqual([expect.stringContaining('ANTEROOM_PORT')])
})

test('help is a result, not a complaint', async () => {
  expect(await run('--help')).toBe(0)
  expect(printed.join()).toContain('reservation')
})
