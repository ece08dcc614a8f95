import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { shipRecords } from './shipped-records.ts'

let server: ConnectionsServer
let admin: Visitor
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
})
afterAll(() => server.close())

const names = async (list: string, query = '') =>
  ((await admin.get(`/api/connections/${list}?${query}`)).body.rows as { name: string }[]).map(({ name }) => name)

test('the shipped records have the names that people search for, and shipping again changes nothing', async () => {
  const { body } = await admin.get('/api/connections/application-scopes')
  expect(body.scopes).toMatchObject([
    { key: 'global', name: 'Global' },
    { key: 'exchange_online', name: 'Microsoft Exchange Online Spoke' },
    { key: 'workplace_calendar_sync', name: 'Workplace Calendar Synchronization' },
  ])
  const before = [
    await names('aliases'),
    await names('connections'),
    await names('credentials'),
    await names('oauth-apps'),
  ]
  expect(before).toEqual([
    ['Microsoft_Exchange_Online', 'Microsoft_Exchange_Online_clientCred', 'Microsoft_Exchange_Online_PersonalAuth'],
    ['Ms Graph 1', 'Ms Graph 2', 'Ms Graph Personal'],
    ['Ms Graph 1', 'Ms Graph 2', 'Ms Graph Personal'],
    ['Microsoft Exchange Online_clientCredentials', 'Microsoft Exchange Online_personalAuth'],
  ])
  await shipRecords(server.deps)
  const after = [
    await names('aliases'),
    await names('connections'),
    await names('credentials'),
    await names('oauth-apps'),
  ]
  expect(after).toEqual(before)
})

test('a child alias shows what it inherits, and from where', async () => {
  const { body } = await admin.get('/api/connections/aliases/exchange_online.Microsoft_Exchange_Online_PersonalAuth')
  expect(body).toMatchObject({
    parent: { name: 'Microsoft_Exchange_Online' },
    connectionType: { value: 'http', source: 'parent', from: 'Microsoft_Exchange_Online' },
    supportsMultipleActiveConnections: { value: false, source: 'default', from: null },
    connections: [
      {
        name: 'Ms Graph Personal',
        connectionUrl: { value: 'https://graph.microsoft.com', source: 'parent', from: 'Ms Graph 1' },
        credential: { name: 'Ms Graph Personal', integrationType: 'personal' },
      },
    ],
  })
})

test('lists search, sort, filter and page', async () => {
  expect(await names('aliases', 'q=clientcred')).toEqual(['Microsoft_Exchange_Online_clientCred'])
  expect(await names('aliases', 'q=%25')).toEqual([])
  expect(await names('credentials', 'sort=-name')).toEqual(['Ms Graph Personal', 'Ms Graph 2', 'Ms Graph 1'])
  expect(await names('credentials', 'integrationType=personal')).toEqual(['Ms Graph Personal'])
  const { body } = await admin.get('/api/connections/connections?page=2&pageSize=2')
  expect(body).toMatchObject({ rows: [{ name: 'Ms Graph Personal' }], page: 2, pageSize: 2 })
  expect(await names('connections', 'active=false')).toEqual([])
  const { body: beyond } = await admin.get('/api/connections/connections?page=9&pageSize=2')
  expect(beyond).toMatchObject({ rows: [], total: 3 })
})

test('saving the app generates its default profile once, and the shipped placeholder is named until it is filled in', async () => {
  const app = await admin.find('oauth-apps', contoso.personalAuth.name)
  const path = `/api/connections/oauth-apps/${app.id}`
  expect((await admin.get(path)).body).toMatchObject({
    profiles: [],
    redirectUrl: `${server.origin}/oauth/callback/exchange-online-personal-auth`,
  })
  const { body: half } = await admin.send('PATCH', path, {
    version: app.version,
    clientId: contoso.personalAuth.clientId,
  })
  expect(half.profiles).toMatchObject([
    { name: `${app.name} default_profile`, isDefault: true, grantType: 'authorization_code' },
  ])
  const graph1 = await useProfile(admin, 'Ms Graph 1', String(app.name), contoso.serviceMailbox)
  const refused = await admin.send('POST', `/api/connections/credentials/${graph1.id}/authorization`)
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'connections.oauth_app_incomplete',
      fields: { authorizationUrl: expect.stringContaining('<tenant-id>') },
    },
  })
  const filled = await fillInApp(admin, contoso.personalAuth)
  expect(filled).toMatchObject({ hasClientSecret: true, profileCount: 1 })
  expect(JSON.stringify(filled)).not.toContain(contoso.personalAuth.clientSecret)
  expect((await admin.get(`/api/connections/credentials/${graph1.id}`)).body).toMatchObject({ mayGetToken: true })
})

test('two people edit one record: the second is told who was faster, and loses nothing', async () => {
  const emma = await server.person('emma.larsen@contoso.example')
  const read = await admin.find('credentials', 'Ms Graph 2')
  const path = `/api/connections/credentials/${read.id}`
  expect((await emma.send('PATCH', path, { version: read.version, comments: 'by Emma' })).status).toBe(200)
  const late = await admin.send('PATCH', path, { version: read.version, comments: 'by Ada' })
  expect(late).toMatchObject({
    status: 409,
    body: {
      code: 'connections.changed_by_someone_else',
      facts: { updatedBy: 'Emma Larsen', current: { comments: 'by Emma' } },
    },
  })
})

test('what is used is not deleted, and the refusal names the users', async () => {
  const alias = await admin.find('aliases', 'Microsoft_Exchange_Online')
  const refusedAlias = await admin.send('DELETE', `/api/connections/aliases/${alias.id}`)
  expect(refusedAlias).toMatchObject({ status: 409, body: { code: 'connections.alias_in_use' } })
  expect(refusedAlias.body.detail).toContain('Ms Graph 1')
  expect(refusedAlias.body.detail).toContain('Microsoft_Exchange_Online_PersonalAuth')
  const credential = await admin.find('credentials', 'Ms Graph 1')
  const refusedCredential = await admin.send('DELETE', `/api/connections/credentials/${credential.id}`)
  expect(refusedCredential.body).toMatchObject({
    code: 'connections.credential_in_use',
    detail: expect.stringContaining('Ms Graph 1'),
  })
  const app = await admin.find('oauth-apps', contoso.personalAuth.name)
  expect((await admin.send('DELETE', `/api/connections/oauth-apps/${app.id}`)).body).toMatchObject({
    code: 'connections.oauth_app_in_use',
    detail: expect.stringContaining('Ms Graph 1'),
  })
})

test('one active connection per alias, unless the alias or its parent allows several', async () => {
  const alias = await admin.find('aliases', 'Microsoft_Exchange_Online_clientCred')
  const body = { name: 'Second', aliasId: alias.id, connectionUrl: 'https://graph.microsoft.com' }
  const refused = await admin.send('POST', '/api/connections/connections', body)
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'connections.another_connection_active', fields: { active: expect.stringContaining('Ms Graph 2') } },
  })
  expect((await admin.send('POST', '/api/connections/connections', { ...body, active: false })).status).toBe(201)
  const parent = await admin.find('aliases', 'Microsoft_Exchange_Online')
  await admin.send('PATCH', `/api/connections/aliases/${parent.id}`, {
    version: parent.version,
    supportsMultipleActiveConnections: true,
  })
  const second = await admin.find('connections', 'Second')
  const path = `/api/connections/connections/${second.id}`
  expect((await admin.send('PATCH', path, { version: second.version, active: true })).status).toBe(200)
  expect((await admin.send('DELETE', path)).status).toBe(200)
})

test('an alias cannot become its own ancestor', async () => {
  const parent = await admin.find('aliases', 'Microsoft_Exchange_Online')
  const child = await admin.find('aliases', 'Microsoft_Exchange_Online_PersonalAuth')
  for (const parentId of [parent.id, child.id]) {
    const refused = await admin.send('PATCH', `/api/connections/aliases/${parent.id}`, {
      version: parent.version,
      parentId,
    })
    expect(refused).toMatchObject({ status: 409, body: { code: 'connections.alias_parent_refused' } })
  }
})

test('a Connection URL that is no API of the provider is refused beside its field', async () => {
  const connection = await admin.find('connections', 'Ms Graph 1')
  const path = `/api/connections/connections/${connection.id}`
  const evil = [
    'https://graph.evil.example',
    'http://graph.microsoft.com',
    'http://127.0.0.1',
    'https://graph.microsoft.com:8443',
    'https://x:y@graph.microsoft.com',
  ]
  for (const connectionUrl of evil) {
    const refused = await admin.send('PATCH', path, { version: connection.version, connectionUrl })
    expect(refused, connectionUrl).toMatchObject({
      status: 422,
      body: { fields: { connectionUrl: expect.any(String) } },
    })
  }
  const built = { useUrlBuilder: true, protocol: 'https', host: 'graph.microsoft.us', port: null, basePath: '' }
  const { body } = await admin.send('PATCH', path, { version: connection.version, ...built })
  expect(body).toMatchObject({ connectionUrl: { value: 'https://graph.microsoft.us', source: 'own' } })
})

test('each operation needs its role', async () => {
  const nobody = await server.person('grace.kim@contoso.example', ['employee'])
  expect((await nobody.get('/api/connections/credentials')).status).toBe(403)
  const oauthAdmin = await server.person('farid.haddad@contoso.example', ['oauth_admin'])
  const credential = await admin.find('credentials', 'Ms Graph 1')
  expect((await oauthAdmin.get('/api/connections/credentials')).status).toBe(200)
  expect((await oauthAdmin.send('POST', `/api/connections/credentials/${credential.id}/authorization`)).status).toBe(
    403,
  )
})

test('an OAuth app of one’s own has a redirect address of its own', async () => {
  const make = (name: string) =>
    admin.send('POST', '/api/connections/oauth-apps', { name, scopes: [{ name: 'c', scope: 'Calendars.Read' }] })
  const [one, other] = [await make('Mine'), await make('Mine too')]
  expect(one).toMatchObject({
    status: 201,
    body: { profiles: [{ name: 'Mine default_profile', scopes: [{ scope: 'Calendars.Read' }] }] },
  })
  expect(one.body.redirectUrl).not.toBe(other.body.redirectUrl)
  expect((await make('mine')).body).toMatchObject({ code: 'connections.oauth_app_exists' })
  const added = await admin.send('POST', `/api/connections/oauth-apps/${one.body.id}/scopes`, {
    name: 'm',
    scope: 'Mail.Send',
  })
  expect(added.body.profiles).toMatchObject([{ scopes: [{ scope: 'Calendars.Read' }, { scope: 'Mail.Send' }] }])
  expect((await admin.send('DELETE', `/api/connections/oauth-apps/${one.body.id}`)).status).toBe(200)
})
