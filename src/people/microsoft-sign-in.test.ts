import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '#kit/secret.ts'
import { CookieJar } from '../../test/support/cookie-jar.ts'
import { freePort } from '../../test/support/free-port.ts'
import { type PeopleServer, startPeopleServer, TestBrowser } from '../../test/support/people-server.ts'
import { signInAtTenant } from '../../test/support/sign-in-at-tenant.ts'
import { startTenant, type TestTenant } from '../../test/support/tenant.ts'

const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'
const password = 'Rehearsal-2026'
const alice = 'alice.meyer@contoso.example'

let tenant: TestTenant
let server: PeopleServer

beforeAll(async () => {
  const port = await freePort()
  tenant = await startTenant({ callbackBases: [`http://localhost:${port}`] })
  server = await startPeopleServer({
    port,
    standIns: `login.microsoftonline.com=${tenant.origin}`,
    signIn: {
      tenantId,
      clientId: 'c98fa05d-cce2-50ee-b868-ae393ade32c0',
      clientSecret: new Secret('local-sign-in-secret-for-rehearsal-only'),
      authority: 'https://login.microsoftonline.com',
    },
  })
})
afterAll(async () => {
  await server.close()
  await tenant.close()
})

async function start(browser: TestBrowser, returnTo = '/'): Promise<string> {
  const answer = await browser.send('POST', '/api/people/sign-in/microsoft', { body: { returnTo } })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { url: string }).url
}

/** Signs in at the tenant and returns the callback address, not yet visited. */
async function callback(browser: TestBrowser, { upn = alice, returnTo = '/', consent = true } = {}): Promise<string> {
  return signInAtTenant({ authorizeUrl: await start(browser, returnTo), upn, password, consent, jar: new CookieJar() })
}

async function visit(browser: TestBrowser, address: string): Promise<string | null> {
  const answer = await browser.send('GET', address)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return answer.headers.get('location')
}

const tokenCalls = () => tenant.ledger().filter((entry) => entry.path.endsWith('/token')).length

test('the first sign-in creates the person, keyed by tenant and object id, as an employee', async () => {
  const browser = new TestBrowser(server)
  const location = await visit(browser, await callback(browser, { returnTo: '/reservations?day=1' }))
  expect(location).toBe('/reservations?day=1')
  const { person, csrfToken } = await browser.me()
  expect(person).toMatchObject({ email: alice, displayName: 'Alice Meyer', kind: 'microsoft', roles: ['employee'] })
  expect(csrfToken).toEqual(expect.any(String))
  const rows = await server.deps.db.selectFrom('users').select(['tenant_id', 'object_id']).execute()
  expect(rows).toEqual([{ tenant_id: tenantId, object_id: '7c2d199a-7c4f-508c-9b5c-efe40169116e' }])
})

test('the address sent to Microsoft asks with PKCE, state and nonce, and never holds what proves them', async () => {
  const browser = new TestBrowser(server)
  const url = new URL(await start(browser))
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    redirect_uri: `${server.origin}/api/people/sign-in/callback`,
    scope: 'openid profile email',
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(url.origin).toBe(tenant.origin)
  const stored = await server.deps.db.selectFrom('sign_in_attempts').selectAll().execute()
  expect(JSON.stringify(stored)).not.toContain(url.searchParams.get('state'))
})

test('a callback in another browser signs nobody in and asks Microsoft nothing', async () => {
  const attacker = new TestBrowser(server)
  const address = await callback(attacker)
  const before = tokenCalls()
  const victim = new TestBrowser(server)
  expect(await visit(victim, address)).toBe('/sign-in?problem=people.sign_in_other_browser')
  const busyVictim = new TestBrowser(server)
  await start(busyVictim)
  expect(await visit(busyVictim, address)).toBe('/sign-in?problem=people.sign_in_other_browser')
  expect((await victim.me()).person).toBeNull()
  expect(tokenCalls()).toBe(before)
})

test('a callback works once', async () => {
  const browser = new TestBrowser(server)
  const address = await callback(browser)
  const cookie = browser.jar.header(server.origin)
  expect(await visit(browser, address)).toBe('/')
  const before = tokenCalls()
  const again = await fetch(address, { headers: { cookie }, redirect: 'manual' })
  expect(again.headers.get('location')).toBe('/sign-in?problem=people.sign_in_used')
  expect(tokenCalls()).toBe(before)
})

test('ten minutes are the limit', async () => {
  const browser = new TestBrowser(server)
  const address = await callback(browser)
  server.advance(10 * 60_000)
  expect(await visit(browser, address)).toBe('/sign-in?problem=people.sign_in_expired')
  server.advance(-10 * 60_000)
})

test('a parameter given twice is refused', async () => {
  const browser = new TestBrowser(server)
  const address = await callback(browser)
  expect(await visit(browser, `${address}&code=another`)).toBe('/sign-in?problem=people.sign_in_not_verified')
})

test('a code of another sign-in is refused, since the verifier does not fit', async () => {
  const other = new URL(await callback(new TestBrowser(server)))
  const browser = new TestBrowser(server)
  const mine = new URL(await callback(browser))
  mine.searchParams.set('code', other.searchParams.get('code') ?? '')
  expect(await visit(browser, mine.href)).toBe('/sign-in?problem=people.sign_in_not_verified')
})

test('somebody who gives up at Microsoft comes back to a sentence about it', async () => {
  const browser = new TestBrowser(server)
  const { searchParams } = new URL(await start(browser))
  const denied = new URLSearchParams({ error: 'access_denied', state: searchParams.get('state') ?? '' })
  const location = await visit(browser, `/api/people/sign-in/callback?${denied}`)
  expect(location).toBe('/sign-in?problem=people.sign_in_denied')
})

test('a deactivated person is told so, and nothing else', async () => {
  const upn = 'bob.tanaka@contoso.example'
  const browser = new TestBrowser(server)
  await visit(browser, await callback(browser, { upn }))
  await server.deps.db.updateTable('users').set({ active: false }).where('email', '=', upn).execute()
  const location = await visit(browser, await callback(browser, { upn }))
  expect(location).toBe('/sign-in?problem=people.user_inactive')
})

test('a name that changed at Microsoft is fresh after the next sign-in, and roles given here stay', async () => {
  const upn = 'grace.kim@contoso.example'
  const browser = new TestBrowser(server)
  await visit(browser, await callback(browser, { upn }))
  const { person } = await browser.me()
  await server.deps.db
    .insertInto('user_roles')
    .values({ user_id: person?.id ?? '', role: 'approver' })
    .execute()
  const user = tenant.tenant.findUser(upn) ?? expect.fail('no Grace')
  tenant.tenant.users.put({ ...user, displayName: 'Grace Kim-Larsen' })
  await visit(browser, await callback(browser, { upn }))
  expect((await browser.me()).person).toMatchObject({
    id: person?.id,
    displayName: 'Grace Kim-Larsen',
    roles: ['approver', 'employee'],
  })
})

test('an unsafe wish for where to go ends at home', async () => {
  const browser = new TestBrowser(server)
  expect(await visit(browser, await callback(browser, { returnTo: '//evil.example' }))).toBe('/')
})
