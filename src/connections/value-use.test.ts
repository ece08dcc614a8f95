import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ConnectionsServer, startConnectionsServer, type Visitor } from '../../test/support/connections-server.ts'
import { type RecordingServer, startRecordingServer } from '../../test/support/recording-server.ts'
import { resolveAlias } from './resolve.ts'
import { byItself } from './token-use.ts'

const api = 'https://api.fabrikam.example'
const aliasId = 'Weather'
const key = 'k3y-of-the-weather'

let there: RecordingServer
let server: ConnectionsServer
let admin: Visitor
let credentialId: string
beforeAll(async () => {
  there = await startRecordingServer()
  server = await startConnectionsServer({}, { 'api.fabrikam.example': there.origin })
  admin = await server.person('ada.admin@contoso.example')
  const { body } = await admin.get('/api/connections/application-scopes')
  const applicationScopeId = (body.scopes as { id: string; key: string }[]).find(({ key }) => key === 'global')?.id
  const credential = { name: 'Weather key', type: 'api_key', keyIn: 'query', keyName: 'key' }
  credentialId = await make('credentials', { ...credential, destination: api, secret: key })
  const alias = await make('aliases', { name: aliasId, applicationScopeId })
  await make('connections', { name: aliasId, aliasId: alias, credentialId, connectionUrl: api })
})
afterAll(async () => {
  await server.close()
  await there.close()
})

let since = '0'
beforeEach(async () => {
  there.seen.length = 0
  since = (await entries()).at(-1)?.seq ?? since
})

async function make(list: string, body: object): Promise<string> {
  const answer = await admin.send('POST', `/api/connections/${list}`, body)
  expect(answer.status, answer.text).toBe(201)
  return String(answer.body.id)
}

const entries = () =>
  server.deps.db.selectFrom('audit_entries').selectAll().where('seq', '>', since).orderBy('seq').execute()

async function resolved(purpose: string) {
  const found = await resolveAlias(server.deps, aliasId, 'system', { use: byItself(purpose) })
  if (found.is !== 'ready') throw new Error(found.say)
  return found
}

const proxied = () => admin.get(`/api/connections/aliases/${aliasId}/proxy/today`)

async function usesBy(name: string) {
  return (await entries()).filter(({ action, actor_name }) => action === 'connections.use_value' && actor_name === name)
}

const countOf = (used: Awaited<ReturnType<typeof usesBy>>) =>
  used.reduce((sum, { details }) => sum + Number(details.count), 0)

test('a value that is sent for somebody is in the trail before it leaves, one entry a minute, and never what it is', async () => {
  const { fetch: send } = server.deps.seams
  let seen: unknown[] = []
  server.deps.seams.fetch = async (input, init) => {
    seen = await usesBy('Ada Okafor')
    return send(input, init)
  }
  await proxied()
  server.deps.seams.fetch = send
  const details = { alias: aliasId, count: 1 }
  expect(seen).toMatchObject([
    { subject_kind: 'credential', subject_id: credentialId, subject_name: 'Weather key', details },
  ])
  // Asked twice, as the retry policy has it.
  there.answers.push({ status: 503 })
  await proxied()
  expect(await usesBy('Ada Okafor')).toHaveLength(1)
  server.advance(61_000)
  await proxied()
  await expect.poll(async () => countOf(await usesBy('Ada Okafor')), { timeout: 10_000 }).toBe(4)
  expect(JSON.stringify(await entries())).not.toContain('k3y')
})

test('what the system sends by itself is in the trail within seconds', async () => {
  const { fetch } = await resolved('the forecast')
  await fetch('/today')
  await expect.poll(() => usesBy('system'), { timeout: 10_000 }).toHaveLength(1)
  const [use] = await usesBy('system')
  expect(use).toMatchObject({ subject_id: credentialId, details: { purpose: 'the forecast', count: 1 } })
})

test('while no entry can be written there is no call', async () => {
  const { fetch } = await resolved('unwritten')
  server.advance(70_000)
  await sql`alter table audit_entries rename to audit_entries_away`.execute(server.deps.db)
  const refused = await proxied()
  const byItselfRefused = await fetch('/today').catch((problem: unknown) => problem)
  await sql`alter table audit_entries_away rename to audit_entries`.execute(server.deps.db)
  expect(refused.status).toBe(500)
  expect(byItselfRefused).toBeInstanceOf(Error)
  expect(there.seen).toEqual([])
  expect((await fetch('/today')).status).toBe(200)
})

test('a test by hand and a call through the proxy name who made them', async () => {
  const tested = await admin.send('POST', `/api/connections/credentials/${credentialId}/test`)
  expect(tested.body).toMatchObject({ ok: true })
  server.advance(200_000)
  await proxied()
  const written = (await entries()).filter(({ actor_name }) => actor_name === 'Ada Okafor')
  // What an earlier test left to count may be an entry of its own.
  const told = new Set(written.map(({ action, details }) => `${action}: ${details.purpose}`))
  expect([...told].sort()).toEqual([
    'connections.proxy_call: null',
    'connections.use_value: null',
    'connections.use_value: tested',
  ])
  expect(written.every(({ request_id }) => request_id !== null)).toBe(true)
})
