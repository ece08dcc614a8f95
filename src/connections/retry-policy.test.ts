import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { type Resolved, resolveAlias, withoutRetries } from './resolve.ts'

const parentAlias = 'exchange_online.Microsoft_Exchange_Online'
const childAlias = 'exchange_online.Microsoft_Exchange_Online_clientCred'
const path = '/api/connections/retry-policies'

let server: ConnectionsServer
let admin: Visitor
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.clientCredentials)
  const graph2 = await useProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)
  await admin.send('POST', `/api/connections/credentials/${graph2.id}/authorization`)
})
afterAll(() => server.close())
beforeEach(() => {
  server.tenant.tenant.faults.clear()
  server.tenant.tenant.ledger.clear()
})

const policies = async () => (await admin.get(path)).body.rows as { id: string; name: string; version: number }[]
const alias = async (aliasId: string) => (await admin.get(`/api/connections/aliases/${aliasId}`)).body
const ready = async (): Promise<Extract<Resolved, { is: 'ready' }>> => {
  const resolved = await resolveAlias(server.deps, childAlias, 'system')
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  return resolved
}
const busy = (match: string, times: number, headers: Record<string, string> = {}) =>
  server.tenant.tenant.faults.put({
    ...{ id: 'busy', match, times, status: 429, headers, body: {} },
    ...{ delayMs: 0, dropAfter: false, dropBefore: false },
  })
const calls = () => server.tenant.tenant.ledger.since().length

test('an alias follows the default policy until it, or a parent, names another', async () => {
  expect(await policies()).toMatchObject([{ name: 'Honour Retry-After', isDefault: true, strategy: 'retry_after' }])
  expect((await alias(childAlias)).retryPolicy).toMatchObject({
    source: 'default',
    from: null,
    value: { name: 'Honour Retry-After' },
  })
  const { body: patient, status } = await admin.send('POST', path, {
    name: 'Patient',
    strategy: 'fixed',
    firstWaitMs: 5,
    attemptsMax: 3,
  })
  expect({ status, patient }).toMatchObject({ status: 201, patient: { attemptsMax: 3, isDefault: false, aliases: [] } })
  const parent = await alias(parentAlias)
  const named = await admin.send('PATCH', `/api/connections/aliases/${parent.id}`, {
    version: parent.version,
    retryPolicyId: patient.id,
  })
  expect(named.body.retryPolicy).toMatchObject({ source: 'own', value: { name: 'Patient' } })
  expect((await alias(childAlias)).retryPolicy).toEqual({
    source: 'parent',
    from: 'Microsoft_Exchange_Online',
    value: { id: patient.id, name: 'Patient' },
  })
})

test('the resolved fetch follows it, and the trace says from where', async () => {
  const { body } = await admin.get(`/api/connections/aliases/${childAlias}/resolution`)
  expect(body.retryPolicy).toMatchObject({ name: 'Patient' })
  expect(body.trace).toContainEqual({
    step: 'retryPolicy',
    chose: 'Patient',
    because: 'Inherited from Microsoft_Exchange_Online.',
    source: 'parent',
  })
  busy('GET /v1.0/places/microsoft.graph.room', 2)
  const response = await (await ready()).fetch('/v1.0/places/microsoft.graph.room')
  expect(response.status).toBe(200)
  expect(calls()).toBe(3)
})

test('tries end; a POST is made once, unless the caller says that it may be repeated', async () => {
  busy('GET /v1.0/places/microsoft.graph.room', 99)
  expect((await (await ready()).fetch('/v1.0/places/microsoft.graph.room')).status).toBe(429)
  expect(calls()).toBe(3)
  server.tenant.tenant.ledger.clear()
  busy('POST /v1.0/users', 99)
  const post = { method: 'POST', body: '{}' }
  expect((await (await ready()).fetch('/v1.0/users', post)).status).toBe(429)
  expect(calls()).toBe(1)
  expect((await (await ready()).fetch('/v1.0/users', post, { mayRepeat: true })).status).toBe(429)
  expect(calls()).toBe(4)
})

test('who keeps a queue of its own gets the first answer', async () => {
  busy('GET /v1.0/places/microsoft.graph.room', 99)
  const resolved = withoutRetries(await ready())
  if (resolved.is !== 'ready') throw new Error(resolved.say)
  expect((await resolved.fetch('/v1.0/places/microsoft.graph.room')).status).toBe(429)
  expect(calls()).toBe(1)
})

test('records: one default, nothing that is in use is deleted, two editors', async () => {
  const rows = await policies()
  const standard = rows.find(({ name }) => name === 'Honour Retry-After')
  const patient = rows.find(({ name }) => name === 'Patient')
  expect(await admin.send('DELETE', `${path}/${patient?.id}`)).toMatchObject({
    status: 409,
    body: { code: 'connections.retry_policy_in_use', detail: expect.stringContaining(parentAlias) },
  })
  expect(await admin.send('DELETE', `${path}/${standard?.id}`)).toMatchObject({
    body: { code: 'connections.retry_policy_is_default' },
  })
  expect(
    await admin.send('PATCH', `${path}/${standard?.id}`, { version: standard?.version, isDefault: false }),
  ).toMatchObject({ status: 409, body: { code: 'connections.retry_policy_is_default' } })
  const changed = await admin.send('PATCH', `${path}/${patient?.id}`, { version: patient?.version, isDefault: true })
  expect(changed.body).toMatchObject({ isDefault: true })
  expect((await policies()).filter((row) => 'isDefault' in row && row.isDefault)).toHaveLength(1)
  expect(
    await admin.send('PATCH', `${path}/${patient?.id}`, { version: patient?.version, attemptsMax: 2 }),
  ).toMatchObject({ status: 409, body: { code: 'connections.changed_by_someone_else' } })
  expect(await admin.send('POST', path, { name: 'patient', strategy: 'fixed' })).toMatchObject({
    status: 409,
    body: { code: 'connections.retry_policy_exists' },
  })
  expect(await admin.send('POST', path, { name: 'Odd', strategy: 'fixed', attemptsMax: 0 })).toMatchObject({
    status: 400,
    body: { fields: { attemptsMax: expect.any(String) } },
  })
})
