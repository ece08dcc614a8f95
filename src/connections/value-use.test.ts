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

test('a value that is sent is in the trail before it leaves, one entry a minute, and never what it is', async () => {
  const { fetch } = await resolved('the forecast')
  const { fetch: send } = server.deps.seams
  let seen: unknown[] = []
  server.deps.seams.fetch = async (input, init) => {
    seen = await entries()
    return send(input, init)
  }
  await fetch('/today')
  server.deps.seams.fetch = send
  expect(seen).toMatchObject([
    {
      actor_name: 'system',
      action: 'connections.use_value',
      subject_kind: 'credential',
      subject_id: credentialId,
      subject_name: 'Weather key',
      details: { alias: aliasId, purpose: 'the forecast', count: 1 },
    },
  ])
  // Asked twice, as the retry policy has it.
  there.answers.push({ status: 503 })
  await fetch('/today')
  expect(await entries()).toHaveLength(1)
  server.advance(61_000)
  await fetch('/today')
  const written = await entries()
  expect(written.map(({ details }) => details.count)).toEqual([1, 3])
  expect(JSON.stringify(written)).not.toContain('k3y')
})

test('without an entry there is no call', async () => {
  const { fetch } = await resolved('unwritten')
  await sql`alter table audit_entries rename to audit_entries_away`.execute(server.deps.db)
  await expect(fetch('/today')).rejects.toThrow()
  await sql`alter table audit_entries_away rename to audit_entries`.execute(server.deps.db)
  expect(there.seen).toEqual([])
  expect((await fetch('/today')).status).toBe(200)
})

test('a test by hand and a call through the proxy name who made them', async () => {
  const tested = await admin.send('POST', `/api/connections/credentials/${credentialId}/test`)
  expect(tested.body).toMatchObject({ ok: true })
  await admin.get(`/api/connections/aliases/${aliasId}/proxy/today`)
  const written = await entries()
  expect(written.map(({ action, actor_name, details }) => [action, actor_name, details.purpose])).toEqual([
    ['connections.use_value', 'Ada Okafor', 'tested'],
    ['connections.use_value', 'Ada Okafor', null],
    ['connections.proxy_call', 'Ada Okafor', null],
  ])
  expect(written.every(({ request_id }) => request_id !== null)).toBe(true)
})
