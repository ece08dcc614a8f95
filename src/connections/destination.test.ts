import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { updateAlias } from './alias.ts'
import { createConnection, readConnection, updateConnection } from './connection.ts'
import { readApp, updateApp } from './oauth-app.ts'
import { releaseToken } from './proxy.ts'

/** Where credentials go is changed, and tokens are given away, only by somebody who has just proved who they are. */
const minuteMs = 60_000
const refusal = expect.objectContaining({ code: 'http.recent_sign_in_required' })

let server: ConnectionsServer
let admin: Visitor
let credentialId: string
let ids: Record<'connection' | 'app' | 'parent' | 'child', string>
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.clientCredentials)
  credentialId = (await withProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)).id
  await getToken()
  ids = {
    connection: (await admin.find('connections', 'Ms Graph 2')).id,
    app: (await admin.find('oauth-apps', contoso.clientCredentials.name)).id,
    parent: (await admin.find('aliases', 'Microsoft_Exchange_Online')).id,
    child: (await admin.find('aliases', 'Microsoft_Exchange_Online_clientCred')).id,
  }
})
afterAll(() => server.close())

const getToken = () => admin.send('POST', `/api/connections/credentials/${credentialId}/authorization`)

function editor(minutesAgo: number | null, via: Actor['via'] = 'session') {
  const provedAt = minutesAgo === null ? null : new Date(server.deps.seams.now().getTime() - minutesAgo * minuteMs)
  const roles = new Set(['admin'])
  const who = { userId: ids.app, displayName: 'Ada', email: 'ada@contoso.example', microsoft: null, sessionId: null }
  return { requestId: 'test', actor: { ...who, roles, via, provedAt } }
}

async function moveConnection(connectionUrl: string, by: ReturnType<typeof editor>) {
  const { version } = await readConnection(server.deps.db, ids.connection)
  return updateConnection(server.deps, ids.connection, { version, connectionUrl }, by)
}

test('a connection is not led elsewhere without a recent sign-in, and nothing is half done', async () => {
  for (const minutes of [11, null, -6]) {
    await expect(moveConnection('https://api.fabrikam.example', editor(minutes))).rejects.toEqual(refusal)
  }
  const { connectionUrl } = await readConnection(server.deps.db, ids.connection)
  expect(connectionUrl.value).toBe('https://graph.microsoft.com')
  const token = await server.deps.db.selectFrom('tokens').select('state').executeTakeFirstOrThrow()
  expect(token.state).toBe('ready')
  await moveConnection('https://graph.microsoft.com/', editor(null))
  await moveConnection('https://api.fabrikam.example', editor(9))
  await moveConnection('https://graph.microsoft.com', editor(1))
})

test('nor in two steps, by way of no address and a parent whose address is inherited', async () => {
  await getToken()
  const by = editor(1)
  const parent = { aliasId: ids.parent, name: 'Elsewhere', connectionUrl: 'https://api.fabrikam.example' }
  await server.deps.db.updateTable('connections').set({ active: false }).where('alias_id', '=', ids.parent).execute()
  await createConnection(server.deps, { ...parent, credentialId: null }, by)
  await moveToParent(null, editor(1))
  await expect(moveToParent(ids.parent, editor(30))).rejects.toEqual(refusal)
})

async function moveToParent(parentId: string | null, by: ReturnType<typeof editor>) {
  const { db } = server.deps
  const { version } = await db
    .selectFrom('aliases')
    .select('version')
    .where('id', '=', ids.child)
    .executeTakeFirstOrThrow()
  await db.updateTable('connections').set({ connection_url: null }).where('id', '=', ids.connection).execute()
  return updateAlias(server.deps, ids.child, { version, parentId }, by)
}

test('an OAuth app with a secret does not get another client ID, issuer, or address that secrets or people are sent to', async () => {
  const version = async () => (await readApp(server.deps, ids.app)).version
  const clientSecret = 'another secret'
  for (const change of [
    { clientId: '11111111-1111-4111-8111-111111111111' },
    { tokenUrl: otherTokenUrl },
    { tokenRevocationUrl: 'https://api.fabrikam.example/revoke' },
    { authorizationUrl: otherTokenUrl.replace('/token', '/authorize') },
    { issuer: 'https://api.fabrikam.example' },
  ]) {
    const fields = { version: await version(), clientSecret, ...change }
    await expect(updateApp(server.deps, ids.app, fields, editor(11))).rejects.toEqual(refusal)
  }
  await updateApp(server.deps, ids.app, { version: await version(), comments: 'harmless' }, editor(null))
})
const otherTokenUrl = 'https://login.microsoftonline.com/22222222-2222-4222-8222-222222222222/oauth2/v2.0/token'

test('a token is given away to a session that has just proved itself, or to an API token that one made', async () => {
  const asked = { aliasId: 'exchange_online.Microsoft_Exchange_Online_clientCred', purpose: 'a test' }
  await expect(releaseToken(server.deps, asked, editor(11))).rejects.toEqual(refusal)
  await expect(releaseToken(server.deps, asked, editor(11, 'api_token'))).rejects.not.toEqual(refusal)
})
