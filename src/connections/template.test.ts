import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  startConnectionsServer,
  type Visitor,
} from '../../test/support/connections-server.ts'
import { descendsFrom } from './descends-from.ts'
import { resolveAlias } from './resolve.ts'

const path = '/api/connections/templates'
const typed = {
  tenantId: contoso.tenantId,
  clientId: contoso.clientCredentials.clientId,
  clientSecret: contoso.clientCredentials.clientSecret,
}

let server: ConnectionsServer
let admin: Visitor
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
})
afterAll(() => server.close())
beforeEach(() => server.tenant.tenant.ledger.clear())

async function counts() {
  const of = async (list: string) => (await admin.get(`/api/connections/${list}`)).body.total
  return [await of('oauth-apps'), await of('credentials'), await of('aliases'), await of('connections')]
}

test('one form, four records that fit together; after one press the alias resolves', async () => {
  const { status, body } = await admin.send('POST', `${path}/exchange_online_normal/records`, {
    name: 'Berlin office',
    ...typed,
  })
  expect({ status, body }).toMatchObject({
    status: 201,
    body: {
      aliasText: 'exchange_online.Berlin_office',
      redirectUrl: expect.stringMatching(/\/oauth\/callback\/berlin-office-[0-9a-f]{8}$/),
    },
  })
  const { db } = server.deps
  expect(await descendsFrom(db, 'exchange_online.Berlin_office', 'exchange_online.Microsoft_Exchange_Online')).toBe(
    true,
  )
  await admin.send('POST', `/api/connections/credentials/${body.credentialId}/authorization`)
  expect(await resolveAlias(server.deps, 'exchange_online.Berlin_office', 'system')).toMatchObject({
    is: 'ready',
    baseUrl: 'https://graph.microsoft.com',
  })
  const trail = await db
    .selectFrom('audit_entries')
    .select('action')
    .where('subject_name', 'like', '%Berlin%')
    .execute()
  expect(trail.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'connections.create_oauth_app',
      'connections.create_credential',
      'connections.create_alias',
      'connections.create_connection',
    ]),
  )
})

test.each([
  ['exchange_online_personal', {}, { integrationType: 'personal', mayGetToken: false }],
  [
    'exchange_online_strict',
    { expectedAccount: contoso.serviceMailbox },
    { integrationType: 'system', mayGetToken: true, expectedAccount: contoso.serviceMailbox },
  ],
])('%s', async (key, more, credential) => {
  const values = { name: `Made by ${key}`, ...typed, ...more }
  const { status, body } = await admin.send('POST', `${path}/${key}/records`, values)
  expect(status).toBe(201)
  expect((await admin.get(`/api/connections/credentials/${body.credentialId}`)).body).toMatchObject(credential)
})

test('all or none: what the last of the four refuses takes the others back', async () => {
  const before = await counts()
  const values = { name: 'Half made', ...typed, connectionUrl: 'https://evil.example' }
  expect(await admin.send('POST', `${path}/exchange_online_normal/records`, values)).toMatchObject({
    status: 422,
    body: { code: 'connections.connection_url_refused', fields: { connectionUrl: expect.any(String) } },
  })
  const again = { name: 'Berlin office', ...typed }
  expect((await admin.send('POST', `${path}/exchange_online_normal/records`, again)).status).toBe(409)
  const missing = { name: 'Nobody', ...typed }
  expect(await admin.send('POST', `${path}/exchange_online_strict/records`, missing)).toMatchObject({
    body: { code: 'connections.template_incomplete', fields: { expectedAccount: expect.any(String) } },
  })
  expect(await counts()).toEqual(before)
})

test('each field is checked as it is filled in, and nothing secret leaves', async () => {
  const check = async (values: object) =>
    (await admin.send('POST', `${path}/exchange_online_strict/check`, { values })).body.checks as Record<string, object>
  expect(await check({ name: 'Munich', ...typed, expectedAccount: contoso.serviceMailbox })).toMatchObject({
    name: { ok: true, say: 'The alias will be exchange_online.Munich.' },
    tenantId: { ok: true, say: expect.stringContaining(contoso.tenantId) },
    clientId: { ok: true },
    clientSecret: { ok: true },
    expectedAccount: { ok: true },
    connectionUrl: { ok: null, say: '' },
  })
  expect(
    await check({
      name: 'berlin office',
      tenantId: '99999999-0000-4000-8000-000000000000',
      clientId: 'my app',
      clientSecret: contoso.tenantId,
      expectedAccount: 'rooms',
      connectionUrl: 'http://169.254.169.254/',
    }),
  ).toMatchObject({
    name: { ok: false, say: expect.stringContaining('taken') },
    tenantId: { ok: false, say: expect.stringContaining('does not exist') },
    clientId: { ok: false },
    clientSecret: { ok: false, say: expect.stringContaining('ID') },
    expectedAccount: { ok: false },
    connectionUrl: { ok: false },
  })
  expect(await check({ tenantId: 'common' })).toMatchObject({
    tenantId: { ok: false, say: expect.stringContaining('common') },
  })
  const asked = server.tenant.tenant.ledger.since()
  expect(asked.every((entry) => entry.path.includes('.well-known'))).toBe(true)
  expect((await admin.send('POST', `${path}/no_such/check`, { values: {} })).status).toBe(404)
})

test('it needs the roles of all the forms it stands for', async () => {
  const half = await server.person('emma.larsen@contoso.example', ['connection_admin'])
  const refused = await half.send('POST', `${path}/exchange_online_normal/records`, { name: 'X', ...typed })
  expect(refused).toMatchObject({ status: 403, body: { facts: { rolesNeeded: ['credential_admin', 'oauth_admin'] } } })
  const { body } = await half.get(path)
  expect((body.templates as { key: string }[]).map(({ key }) => key)).toEqual([
    'exchange_online_personal',
    'exchange_online_strict',
    'exchange_online_normal',
    'oauth_delegated',
    'oauth_application',
    'basic',
    'api_key',
    'bearer',
    'client_certificate',
  ])
  expect(JSON.stringify(body)).not.toContain('parentAlias')
})
