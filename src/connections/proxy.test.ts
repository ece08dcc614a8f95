import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseStandIns } from '#kit/stand-ins.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'

const systemAlias = 'exchange_online.Microsoft_Exchange_Online_clientCred'
const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string }

let server: ConnectionsServer
let admin: Visitor
let alice: Visitor
/** A server of nobody's, so that it can be seen what reaches it and what comes back from it. */
let elsewhere: Server
let seen: Seen[] = []
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  alice = await server.person('alice.meyer@contoso.example', ['employee'])
  await fillInApp(admin, contoso.clientCredentials)
  const { id } = await useProfile(admin, 'Ms Graph 2', contoso.clientCredentials.name)
  await admin.send('POST', `/api/connections/credentials/${id}/authorization`)
  await openElsewhere()
})
afterAll(async () => {
  elsewhere.closeAllConnections()
  await new Promise((resolve) => elsewhere.close(resolve))
  await server.close()
})
beforeEach(() => {
  seen = []
})

async function openElsewhere(): Promise<void> {
  elsewhere = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, body })
    const odd = {
      'set-cookie': 'theirs=1',
      'x-secret': 'inner',
      etag: '"7"',
      location: 'https://evil.example/',
      server: 'x',
    }
    response.writeHead(method === 'POST' ? 201 : 200, {
      ...odd,
      'content-type': 'text/plain',
      connection: 'close, x-secret',
    })
    if (url.startsWith('/v1.0/long')) {
      response.write('begun ')
      return void ended.push(() => response.end('ended'))
    }
    response.end(`${method} ${body}`)
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve))
}
const ended: (() => void)[] = []

/** Graph's host answered by that server, for this test's calls only. */
async function atElsewhere<T>(work: () => Promise<T>): Promise<T> {
  const { fetch } = server.deps.seams
  const { port } = elsewhere.address() as AddressInfo
  server.deps.seams.fetch = parseStandIns(`graph.microsoft.com=http://localhost:${port}`).wrap(globalThis.fetch)
  try {
    return await work()
  } finally {
    server.deps.seams.fetch = fetch
  }
}

const at = (alias: string, path: string) => `${server.origin}/api/connections/aliases/${alias}/proxy${path}`
const asAdmin = () => ({ 'x-test-visitor': admin.sessionId })
const trail = (action: string) =>
  server.deps.db.selectFrom('audit_entries').selectAll().where('action', '=', action).orderBy('seq', 'desc').execute()

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s goes through with its body, and without what is ours',
  async (method) => {
    const answer = await atElsewhere(() =>
      fetch(at(systemAlias, '/v1.0/things/a%2Fb?$filter=x%20eq%201'), {
        method,
        headers: {
          ...asAdmin(),
          authorization: 'Bearer an_pat_mine',
          cookie: 'an_s=mine',
          prefer: 'outlook.timezone="UTC"',
          'if-match': '"6"',
          'x-forwarded-for': '10.0.0.1',
          'x-anteroom-purpose': `A test of ${method}`,
          'content-type': 'application/json',
        },
        ...(method === 'GET' ? {} : { body: '{"a":1}' }),
      }),
    )
    expect(answer.status).toBe(method === 'POST' ? 201 : 200)
    expect(await answer.text()).toBe(method === 'GET' ? 'GET ' : `${method} {"a":1}`)
    const [call] = seen
    expect(call).toMatchObject({ method, url: '/v1.0/things/a%2Fb?$filter=x%20eq%201' })
    expect(call?.headers).toMatchObject({ prefer: 'outlook.timezone="UTC"', 'if-match': '"6"' })
    expect(call?.headers.authorization).toMatch(/^Bearer ey/)
    for (const name of ['cookie', 'x-forwarded-for', 'x-anteroom-purpose', 'x-test-visitor'])
      expect(call?.headers[name], name).toBeUndefined()
    for (const name of ['set-cookie', 'x-secret', 'location', 'server'])
      expect(answer.headers.get(name), name).toBeNull()
    expect(answer.headers.get('etag')).toBe('"7"')
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(answer.headers.get('x-anteroom-answered-by')).toBe('graph.microsoft.com')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const [entry] = await trail('connections.proxy_call')
    expect(entry).toMatchObject({
      actor_name: 'Ada Okafor',
      subject_name: 'Ms Graph 2',
      details: {
        alias: systemAlias,
        purpose: `A test of ${method}`,
        count: 1,
        calls: [{ method, to: 'graph.microsoft.com/v1.0/things/a%2Fb', status: answer.status, count: 1 }],
      },
    })
    expect(JSON.stringify(entry)).not.toContain('filter')
  },
)

test('an answer is passed on while it is still coming', async () => {
  await atElsewhere(async () => {
    const answer = await fetch(at(systemAlias, '/v1.0/long'), { headers: asAdmin() })
    const reader = answer.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toBe('begun ')
    ended.pop()?.()
    const second = await reader?.read()
    expect(new TextDecoder().decode(second?.value)).toBe('ended')
    expect((await reader?.read())?.done).toBe(true)
  })
})

test('a System credential needs the role; one’s own permission does not', async () => {
  const refused = await alice.get(`/api/connections/aliases/${systemAlias}/proxy/v1.0/me`)
  expect(refused).toMatchObject({ status: 403, body: { code: 'http.role_required' } })
  await fillInApp(admin, contoso.personalAuth)
  const personal = await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  const path = `/api/connections/aliases/${personalAlias}/proxy/v1.0/me`
  expect(await alice.get(path)).toMatchObject({ status: 409, body: { code: 'connections.sign_in_needed' } })
  const { body } = await alice.send('POST', `/api/connections/personal/${personal.id}/authorization`)
  await alice.get(await alice.signInAt(String(body.url), alice.upn))
  expect(await alice.get(path)).toMatchObject({ status: 200, body: { userPrincipalName: alice.upn } })
  expect(await admin.get(path)).toMatchObject({ status: 409, body: { code: 'connections.sign_in_needed' } })
})

test('what the other side refuses is its answer; what we refuse is ours, and is in the trail as well', async () => {
  const missing = await fetch(at(systemAlias, '/v1.0/nothing'), { headers: asAdmin() })
  expect(missing.headers.get('x-anteroom-answered-by')).toBe('graph.microsoft.com')
  expect(missing.status).toBeGreaterThanOrEqual(400)
  const more = { times: 1, body: '', delayMs: 0, dropAfter: false, dropBefore: false }
  const headers = { location: 'https://evil.example/' }
  server.tenant.tenant.faults.put({ id: 'r', match: 'GET /v1.0/users', status: 302, headers, ...more })
  const redirected = await fetch(at(systemAlias, '/v1.0/users'), {
    headers: { ...asAdmin(), 'x-anteroom-purpose': 'Redirected' },
  })
  const problem = { status: redirected.status, body: await redirected.json() }
  expect(problem).toMatchObject({ status: 502, body: { code: 'connections.redirect_refused' } })
  expect((await trail('connections.proxy_call'))[0]?.details).toMatchObject({
    purpose: 'Redirected',
    calls: [{ method: 'GET', refused: 'connections.redirect_refused' }],
  })
  const other = await admin.get(`/api/connections/aliases/${systemAlias}/proxy//evil.example/x`)
  expect(other).toMatchObject({ status: 400, body: { code: 'connections.other_origin' } })
  expect((await admin.get('/api/connections/aliases/no.such/proxy/v1.0/me')).status).toBe(404)
})

test('another site cannot make somebody’s browser call through', async () => {
  const headers = { ...asAdmin(), 'sec-fetch-site': 'cross-site' }
  const answer = await fetch(at(systemAlias, '/v1.0/users'), { headers })
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'http.cross_site'])
})

test('an access token is released only when the operator allows it, to the role, with its purpose in the trail', async () => {
  const path = `/api/connections/aliases/${systemAlias}/access-token`
  expect(await alice.send('POST', path, { purpose: 'Curious' })).toMatchObject({ status: 403 })
  expect(await admin.send('POST', path, {})).toMatchObject({
    status: 400,
    body: { fields: { purpose: expect.any(String) } },
  })
  const { status, body } = await admin.send('POST', path, { purpose: 'Nightly export' })
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { tokenType: 'Bearer', connectionUrl: 'https://graph.microsoft.com', account: null },
  })
  expect(Object.keys(body).sort()).toEqual(['accessToken', 'account', 'connectionUrl', 'expiresAt', 'tokenType'])
  const [entry] = await trail('connections.release_access_token')
  expect(entry).toMatchObject({
    subject_name: 'Ms Graph 2',
    details: { alias: systemAlias, purpose: 'Nightly export' },
  })
  expect(JSON.stringify(entry)).not.toContain(String(body.accessToken))

  server.deps.releaseTokens = false
  expect(await admin.send('POST', path, { purpose: 'Nightly export' })).toMatchObject({
    status: 403,
    body: { code: 'connections.release_off' },
  })
  server.deps.releaseTokens = true
})
