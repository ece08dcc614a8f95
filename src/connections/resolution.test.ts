import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Answer,
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { descendsFrom, requireDescendant } from './descends-from.ts'
import { resolveAlias } from './resolve.ts'

const top = 'exchange_online.Microsoft_Exchange_Online'
const child = 'exchange_online.Microsoft_Exchange_Online_clientCred'
const grandchild = 'exchange_online.Branch'

let server: ConnectionsServer
let admin: Visitor
let credentialId: string
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.clientCredentials)
  credentialId = (await useProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)).id
  await admin.send('POST', `/api/connections/credentials/${credentialId}/authorization`)
  const parent = await alias(child)
  await make('aliases', {
    name: 'Branch',
    applicationScopeId: (parent.applicationScope as { id: string }).id,
    parentId: parent.id,
    supportsMultipleActiveConnections: true,
  })
  const aliasId = (await alias(grandchild)).id
  await make('connections', { name: 'North', aliasId, credentialId, order: 20 })
  await make('connections', { name: 'South', aliasId, credentialId, order: 10 })
  await make('connections', { name: 'Closed', aliasId, credentialId, order: 1, active: false })
})
afterAll(() => server.close())

async function make(list: string, body: object): Promise<Record<string, unknown>> {
  const answer = await admin.send('POST', `/api/connections/${list}`, body)
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body
}
const alias = async (id: string) =>
  (await admin.get(`/api/connections/aliases/${id}`)).body as { id: string; version: number; [key: string]: unknown }
const resolution = async (id: string, query = '') =>
  (await admin.get(`/api/connections/aliases/${id}/resolution${query}`)).body
async function change(list: string, id: string, body: object): Promise<Answer> {
  const { version } = (await admin.get(`/api/connections/${list}/${id}`)).body
  return admin.send('PATCH', `/api/connections/${list}/${id}`, { version, ...body })
}

test('of several active connections the lowest order is used; the others and the inactive ones are named', async () => {
  const found = await resolution(grandchild)
  expect(found).toMatchObject({
    resolved: true,
    connection: { name: 'South' },
    connectionUrl: 'https://graph.microsoft.com',
  })
  expect(found.trace).toMatchObject([
    {
      step: 'alias',
      because: `It is a child of Microsoft_Exchange_Online_clientCred, which is a child of Microsoft_Exchange_Online.`,
    },
    {
      step: 'connection',
      chose: 'South',
      passedOver: [
        { name: 'North', because: 'Its order is 20.' },
        { name: 'Closed', because: 'It is not active.' },
      ],
    },
    { step: 'connectionUrl', source: 'grandparent', because: 'Inherited from Ms Graph 1.' },
    { step: 'timeoutMs', source: 'default' },
    { step: 'retryPolicy', source: 'default' },
    { step: 'credential' },
    { step: 'profile' },
    { step: 'token' },
  ])
  const north = await admin.find('connections', 'North')
  await change('connections', north.id, { order: 10 })
  expect(await resolution(grandchild)).toMatchObject({ connection: { name: 'North' } })
  await change('connections', north.id, { order: 20 })
})

test('a caller may name one of them, but never an inactive one', async () => {
  expect(await resolution(grandchild, '?connection=north')).toMatchObject({
    resolved: true,
    connection: { name: 'North' },
  })
  expect(await resolution(grandchild, '?connection=Closed')).toMatchObject({ resolved: false, connection: null })
  const named = await resolveAlias(server.deps, grandchild, 'system', { connection: 'Closed' })
  expect(named).toMatchObject({ is: 'refused', code: 'connections.connection_not_found' })
})

test('an OAuth app that is kept to its application scope is not lent to others', async () => {
  const app = await admin.find('oauth-apps', contoso.clientCredentials.name)
  const scopes = (await admin.get('/api/connections/application-scopes')).body.scopes as { id: string; key: string }[]
  const other = scopes.find(({ key }) => key === 'workplace_calendar_sync')
  await make('aliases', { name: 'Foreign', applicationScopeId: other?.id, parentId: (await alias(top)).id })
  const foreign = 'workplace_calendar_sync.Foreign'
  await make('connections', { name: 'Borrowed', aliasId: (await alias(foreign)).id, credentialId })
  expect(await resolution(foreign)).toMatchObject({ resolved: true })
  await change('oauth-apps', app.id, { accessibleFrom: 'this_application_scope_only' })
  expect(await resolution(foreign)).toMatchObject({
    resolved: false,
    because: expect.stringContaining('own application scope'),
  })
  expect(await resolveAlias(server.deps, foreign, 'system')).toMatchObject({ code: 'connections.not_permitted' })
  expect(await resolution(child)).toMatchObject({ resolved: true })
  await change('oauth-apps', app.id, { accessibleFrom: 'all_application_scopes' })
})

test('a name that Anteroom itself asks for stays; others are changed, and children of children follow', async () => {
  const { id, version } = await alias(top)
  const renamed = await admin.send('PATCH', `/api/connections/aliases/${id}`, { version, name: 'Renamed' })
  expect(renamed).toMatchObject({
    status: 409,
    body: { code: 'connections.alias_in_use', fields: { name: expect.stringContaining('Templates ask for') } },
  })
  expect((await change('aliases', (await alias(grandchild)).id, { name: 'Office' })).body.aliasId).toBe(
    'exchange_online.Office',
  )
  expect(await resolution('exchange_online.Office')).toMatchObject({ resolved: true })
  expect((await admin.get(`/api/connections/aliases/${grandchild}`)).status).toBe(404)
  await change('aliases', (await alias('exchange_online.Office')).id, { name: 'Branch' })
})

test('a connection that others inherit their address from is not deleted, and the refusal names them', async () => {
  const upper = await admin.find('connections', 'Ms Graph 1')
  const refused = await admin.send('DELETE', `/api/connections/connections/${upper.id}`)
  expect(refused).toMatchObject({ status: 409, body: { code: 'connections.connection_in_use' } })
  for (const name of ['Ms Graph 2', 'Ms Graph Personal', 'North', 'South']) expect(refused.body.detail).toContain(name)
})

test('an alias in place of another one must descend from it', async () => {
  const { db } = server.deps
  expect(await descendsFrom(db, grandchild, top)).toBe(true)
  expect(await descendsFrom(db, grandchild, child)).toBe(true)
  expect(await descendsFrom(db, top, grandchild)).toBe(false)
  expect(await descendsFrom(db, top, top)).toBe(false)
  await requireDescendant(db, child, top)
  await expect(requireDescendant(db, top, child)).rejects.toMatchObject({ code: 'connections.alias_not_descendant' })
  await expect(descendsFrom(db, 'no.such', top)).rejects.toMatchObject({ code: 'connections.alias_not_found' })
})

test('attributes: defined on an alias, valued on a connection, inherited by children of children', async () => {
  const { id: topId } = await alias(top)
  const at = `/api/connections/aliases/${topId}/attributes`
  const { body: region, status } = await admin.send('POST', at, {
    name: 'region',
    type: 'string',
    label: 'Region',
    defaultValue: 'eu',
  })
  expect({ status, region }).toMatchObject({ status: 201, region: { defaultValue: 'eu', inheritedFrom: null } })
  await admin.send('POST', at, { name: 'page_size', type: 'number' })
  expect((await alias(grandchild)).attributes).toMatchObject([
    { name: 'region', inheritedFrom: top },
    { name: 'page_size' },
  ])

  const upper = await admin.find('connections', 'Ms Graph 1')
  const south = await admin.find('connections', 'South')
  expect((await change('connections', upper.id, { attributes: { page_size: 100 } })).status).toBe(200)
  const { body } = await change('connections', south.id, { attributes: { region: 'us' } })
  expect(body.attributes).toMatchObject([
    { name: 'region', value: 'us', source: 'own' },
    { name: 'page_size', value: 100, source: 'parent', from: 'Ms Graph 1' },
  ])
  const resolved = await resolveAlias(server.deps, grandchild, 'system')
  expect(resolved).toMatchObject({ is: 'ready', attributes: { region: 'us', page_size: 100 } })
  expect((await resolution(grandchild)).trace).toContainEqual({
    step: 'attribute page_size',
    chose: '100',
    because: 'Inherited from Ms Graph 1.',
    source: 'grandparent',
  })
  expect(await resolution(child)).toMatchObject({
    attributes: [{ name: 'region', value: 'eu', source: 'default' }, {}],
  })
})

test('attributes are safe to change after use: renamed without loss, retyped by conversion or not at all', async () => {
  const { id: topId, attributes } = await alias(top)
  const [region, pageSize] = attributes as { id: string; version: number }[]
  const at = (one: { id: string } | undefined) => `/api/connections/aliases/${topId}/attributes/${one?.id}`
  const south = await admin.find('connections', 'South')
  const renamed = await admin.send('PATCH', at(region), { version: region?.version, name: 'area', label: 'Area' })
  expect(renamed).toMatchObject({ status: 200, body: { name: 'area' } })
  const read = async () => (await admin.get(`/api/connections/connections/${south.id}`)).body.attributes
  expect(await read()).toMatchObject([{ name: 'area', value: 'us' }, {}])

  const refused = await admin.send('PATCH', at(region), { version: renamed.body.version, type: 'number' })
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'connections.attribute_value_refused', fields: { type: expect.stringContaining('South') } },
  })
  const asText = await admin.send('PATCH', at(pageSize), { version: pageSize?.version, type: 'string' })
  expect(asText.status).toBe(200)
  expect(await read()).toMatchObject([{}, { name: 'page_size', value: '100', type: 'string' }])
  expect(await admin.send('PATCH', at(pageSize), { version: pageSize?.version, label: 'x' })).toMatchObject({
    body: { code: 'connections.changed_by_someone_else' },
  })
  expect(await admin.send('DELETE', at(region))).toMatchObject({
    status: 409,
    body: { code: 'connections.attribute_in_use', detail: expect.stringContaining('South') },
  })
  await change('connections', south.id, { attributes: { area: null } })
  expect((await admin.send('DELETE', at(region))).status).toBe(200)
})

test('attributes: wrong values, unknown and double names are refused beside their field', async () => {
  const south = await admin.find('connections', 'South')
  const { id: topId } = await alias(top)
  expect(await change('connections', south.id, { attributes: { page_size: 5 } })).toMatchObject({
    status: 422,
    body: { fields: { 'attributes.page_size': 'Give a text here.' } },
  })
  expect(await change('connections', south.id, { attributes: { nothing: 5 } })).toMatchObject({
    status: 404,
    body: { code: 'connections.attribute_not_found' },
  })
  const at = `/api/connections/aliases/${topId}/attributes`
  expect(await admin.send('POST', at, { name: 'Page_Size', type: 'number' })).toMatchObject({
    status: 409,
    body: { code: 'connections.attribute_exists' },
  })
  expect(await admin.send('POST', at, { name: 'on', type: 'boolean', defaultValue: 'yes' })).toMatchObject({
    status: 422,
  })
})
