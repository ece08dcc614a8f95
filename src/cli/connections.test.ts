import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { type RecordingServer, startRecordingServer } from '../../test/support/recording-server.ts'
import { runCommand } from './command-line.ts'

const { name: app } = contoso.personalAuth
const alias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

let there: RecordingServer
let server: ConnectionsServer
let admin: Visitor
let alice: Visitor
let printed: string[]
let complained: string[]
beforeAll(async () => {
  there = await startRecordingServer()
  server = await startConnectionsServer({}, { 'api.fabrikam.example': there.origin })
  admin = await server.person('ada.admin@contoso.example')
  alice = await server.person('alice.meyer@contoso.example', ['employee'])
  await fillInApp(admin, contoso.personalAuth)
  await useProfile(admin, 'Ms Graph Personal', app)
  const weather = { name: 'Weather', type: 'api_key', destination: 'https://api.fabrikam.example', keyName: 'X-Key' }
  const { body } = await admin.send('POST', '/api/connections/credentials', weather)
  const scopes = (await admin.get('/api/connections/application-scopes')).body.scopes as { id: string; key: string }[]
  const global = { applicationScopeId: scopes.find(({ key }) => key === 'global')?.id }
  const place = await admin.send('POST', '/api/connections/aliases', { name: 'Weather', ...global })
  const connection = { name: 'Weather', aliasId: place.body.id, credentialId: body.id }
  await admin.send('POST', '/api/connections/connections', {
    ...connection,
    connectionUrl: 'https://api.fabrikam.example/v2',
  })
})
afterAll(async () => {
  await server.close()
  await there.close()
})
beforeEach(() => {
  printed = []
  complained = []
})

/** One command, as `who`; `piped` is its standard input. */
function run(who: Visitor, words: string[], piped = ''): Promise<number> {
  const asVisitor: typeof fetch = (url, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-test-visitor', who.sessionId)
    return fetch(url, { ...init, headers })
  }
  return runCommand(words, {
    environment: { ANTEROOM_URL: server.origin, ANTEROOM_TOKEN: 'an_pat_x' },
    folder: '/nowhere',
    homeFolder: '/nowhere',
    seams: { ...server.deps.seams, fetch: asVisitor },
    readInput: async () => piped,
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })
}

test('a value comes from the standard input, is tested, and is never printed', async () => {
  expect(await run(admin, ['credential', 'show', 'Weather'])).toBe(0)
  expect(printed.join()).toMatch(/API key +not set/)
  expect(await run(admin, ['credential', 'set-value', 'Weather'])).toBe(1)
  expect(complained.join()).toContain('Nothing was piped in')
  expect(await run(admin, ['credential', 'set-value', 'Weather'], 'k3y-of-the-weather')).toBe(0)
  expect(printed.join()).toMatch(/Ready\. The API key was set on .* by Ada Okafor/)
  expect(await run(admin, ['credential', 'test', 'Weather'])).toBe(0)
  expect(there.seen.at(-1)?.headers['x-key']).toBe('k3y-of-the-weather')
  expect(await run(admin, ['credential', 'show', 'Weather', '--json'])).toBe(0)
  expect(await run(admin, ['credential', 'list'])).toBe(0)
  expect(printed.join()).toMatch(/Weather +api key/)
  expect(printed.join()).not.toContain('k3y-of-the-weather')
})

test('a value that is refused ends the test with 1', async () => {
  there.answers.push({ status: 401 })
  expect(await run(admin, ['credential', 'test', 'Weather'])).toBe(1)
  expect(complained.join()).toContain('401')
})

test('connections: where they go and with what', async () => {
  expect(await run(admin, ['connection', 'list', '--search', 'Weather'])).toBe(0)
  expect(await run(admin, ['connection', 'show', 'Weather'])).toBe(0)
  expect(printed.join('\n')).toMatch(/Address +https:\/\/api\.fabrikam\.example\/v2/)
  expect(await run(admin, ['connection', 'show', 'Climate'])).toBe(1)
  expect(complained).toEqual(['anteroom: There is no connection called "Climate".'])
})

test('a rollover by script: another secret, then without the first', async () => {
  const more = ['oauth-app', 'add-secret', app, '--label', 'from 2027', '--expires', '2027-11-30']
  expect(await run(admin, more, 'the-next-secret-of-contoso')).toBe(0)
  expect(printed).toEqual(['from 2027 is stored. 2 client secrets are tried in turn.'])
  expect(await run(admin, ['expiry', 'list'])).toBe(0)
  expect(printed.join()).toMatch(/2027-11-30 .*client secret +Microsoft Exchange Online_personalAuth: from 2027/)
  expect(await run(admin, ['oauth-app', 'remove-secret', app, 'from 2028'])).toBe(1)
  expect(complained.join()).toContain('Nothing is labelled "from 2028" there.')
  expect(await run(admin, ['oauth-app', 'remove-secret', app, 'from 2027'])).toBe(0)
  expect(await run(admin, ['oauth-app', 'list'])).toBe(0)
  expect(printed.join()).not.toContain('the-next-secret-of-contoso')
  expect(await run(admin, [...more.slice(0, -1), 'soon'], 'x')).toBe(1)
  expect(complained.join()).toContain('Enter a day such as 2027-11-30.')
})

test('a key pair by script prints the certificate, and nothing else of it ever', async () => {
  expect(await run(admin, ['oauth-app', 'generate-key-pair', app, '--label', 'Autumn', '--days', '90'])).toBe(0)
  const [pem = ''] = printed
  expect(new X509Certificate(pem).subject).toContain('CN=')
  expect(await run(admin, ['oauth-app', 'certificate', app])).toBe(0)
  expect(await run(admin, ['oauth-app', 'certificate', app, 'Autumn'])).toBe(0)
  expect(printed).toEqual([pem, pem, pem])
  expect(await run(admin, ['oauth-app', 'show', app])).toBe(0)
  expect(printed.at(-1)).toMatch(/certificate +Autumn .*not used yet/)
  expect(await run(admin, ['oauth-app', 'remove-certificate', app, 'Autumn'])).toBe(0)
  expect(await run(admin, ['oauth-app', 'certificate', app])).toBe(1)
  expect(printed.join()).not.toContain('PRIVATE KEY')
  expect(await run(admin, ['oauth-app', 'generate-key-pair', app, '--label', 'x', '--days', '900'])).toBe(2)
})

test('whether an alias leads anywhere is an exit code, and why not a line', async () => {
  expect(await run(admin, ['alias', 'resolve', 'exchange_online.Microsoft_Exchange_Online_clientCred'])).toBe(1)
  expect(printed.join('\n')).toMatch(/Resolved +no/)
  expect(complained).toEqual([expect.stringContaining('Ms Graph 2 has no OAuth Entity Profile.')])
})

test('personal permission: the status is an exit code, the address is for people', async () => {
  expect(await run(alice, ['personal', 'status', alias])).toBe(1)
  expect(printed.join()).toMatch(/Valid +no/)
  printed = []
  expect(await run(alice, ['personal', 'url', alias])).toBe(0)
  const { id } = await admin.find('credentials', 'Ms Graph Personal')
  expect(printed).toEqual([`${server.origin}/my-connections?authorise=${id}`])
  const { body } = await alice.send('POST', `/api/connections/personal/${id}/authorization`)
  await alice.get(await alice.signInAt(String(body.url), alice.upn))
  expect(await run(alice, ['personal', 'status', alias])).toBe(0)
  expect(await run(alice, ['personal', 'list'])).toBe(0)
  expect(printed.at(-1)).toContain('alice.meyer@contoso.example')
  expect(await run(alice, ['personal', 'revoke', alias])).toBe(0)
  expect(await run(alice, ['personal', 'status', alias])).toBe(1)
})

test('who may not is told so', async () => {
  expect(await run(alice, ['credential', 'list'])).toBe(1)
  expect(printed).toEqual([])
})
