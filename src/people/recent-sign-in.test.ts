import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Secret } from '#kit/secret.ts'
import { CookieJar } from '../../test/support/cookie-jar.ts'
import { freePort } from '../../test/support/free-port.ts'
import {
  adminPassword,
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import { signInAtTenant } from '../../test/support/sign-in-at-tenant.ts'
import { startTenant, type TestTenant } from '../../test/support/tenant.ts'

const alice = 'alice.meyer@contoso.example'
const bob = 'bob.tanaka@contoso.example'

let tenant: TestTenant
let server: PeopleServer
let root: TestBrowser
beforeAll(async () => {
  const port = await freePort()
  tenant = await startTenant({ callbackBases: [`http://localhost:${port}`] })
  server = await startPeopleServer({
    port,
    standIns: `login.microsoftonline.com=${tenant.origin}`,
    signIn: {
      tenantId: 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4',
      clientId: 'c98fa05d-cce2-50ee-b868-ae393ade32c0',
      clientSecret: new Secret('local-sign-in-secret-for-rehearsal-only'),
      authority: 'https://login.microsoftonline.com',
    },
  })
  root = await firstAdministrator(server)
})
afterAll(async () => {
  await server.close()
  await tenant.close()
})
beforeEach(() => root.signInWithPassword('root@contoso.example'))

/** Everybody's password was given so much longer ago, here and at Microsoft. */
async function later(minutes: number): Promise<void> {
  await server.deps.db
    .updateTable('sessions')
    .set({ proved_at: sql`proved_at - ${minutes} * interval '1 minute'` })
    .execute()
  const earlier = (at: string) => new Date(Date.parse(at) - minutes * 60_000).toISOString()
  for (const session of tenant.tenant.browserSessions.list()) {
    const signedInAt = Object.entries(session.signedInAt ?? {}).map(([id, at]) => [id, earlier(at)])
    tenant.tenant.browserSessions.put({ ...session, signedInAt: Object.fromEntries(signedInAt) })
  }
}

const makeToken = (browser: TestBrowser, scopes: string[]) =>
  browser.send('POST', '/api/people/api-tokens', { body: { name: 'for a test', scopes } })
const prove = (browser: TestBrowser, password: string) =>
  browser.send('POST', '/api/people/me/proof', { body: { password } })
const startProving = async (browser: TestBrowser) => {
  const answer = await browser.send('POST', '/api/people/me/proof/microsoft', { body: { returnTo: '/account' } })
  return ((await answer.json()) as { url: string }).url
}

async function atMicrosoft(authorizeUrl: string, upn: string, jar = new CookieJar(), onPage?: (title: string) => void) {
  return signInAtTenant({ authorizeUrl, upn, password: 'Rehearsal-2026', jar, ...(onPage ? { onPage } : {}) })
}

/** Somebody who has just given their password at Microsoft, in a browser that stays signed in there. */
async function microsoftPerson(upn: string): Promise<{ browser: TestBrowser; jar: CookieJar }> {
  const browser = new TestBrowser(server)
  const jar = new CookieJar()
  const answer = await browser.send('POST', '/api/people/sign-in/microsoft', { body: {} })
  await browser.send('GET', await atMicrosoft(((await answer.json()) as { url: string }).url, upn, jar))
  await browser.me()
  return { browser, jar }
}

test('ten minutes after a password, what is dangerous asks for it again, and then goes on under a new cookie', async () => {
  expect((await makeToken(root, ['everything'])).status).toBe(201)
  await later(11)
  expect((await root.me()).provedAt).not.toBeNull()
  expect((await makeToken(root, ['read'])).status).toBe(201)
  for (const scopes of [['everything'], ['read', 'connections']]) {
    expect(await problemCode(await makeToken(root, scopes))).toBe('http.recent_sign_in_required')
  }
  const cookieBefore = root.jar.header(server.origin)
  expect(await problemCode(await prove(root, 'not the password'))).toBe('people.sign_in_refused')
  expect(await problemCode(await makeToken(root, ['everything']))).toBe('http.recent_sign_in_required')

  expect((await prove(root, adminPassword)).status).toBe(200)
  await root.me()
  expect((await makeToken(root, ['everything'])).status).toBe(201)
  const old = await fetch(new URL('/api/people/me', server.origin), { headers: { cookie: cookieBefore } })
  expect(await old.json()).toMatchObject({ person: null })
})

test('rights are given only after a recent sign-in; taking them away waits for nobody', async () => {
  const id = await knownPerson(server, 'Dan Novak')
  const version = async () =>
    (await server.deps.db.selectFrom('users').select('version').where('id', '=', id).executeTakeFirstOrThrow()).version
  const give = async (roles: string[]) =>
    root.send('PATCH', `/api/people/users/${id}`, { body: { roles, version: await version() } })
  expect((await give(['employee', 'approver', 'oauth_admin'])).status).toBe(200)
  await later(11)
  expect(await problemCode(await give(['employee', 'approver', 'oauth_admin', 'admin']))).toBe(
    'http.recent_sign_in_required',
  )
  expect((await give(['employee'])).status).toBe(200)
})

test('a program’s token is made by whoever has just proved who they are', async () => {
  const created = await root.send('POST', '/api/people/service-accounts', { body: { displayName: 'Nightly report' } })
  const { id } = (await created.json()) as { id: string }
  const make = () => root.send('POST', `/api/people/users/${id}/api-tokens`, { body: { name: 'x', scopes: ['read'] } })
  expect((await make()).status).toBe(201)
  await later(11)
  expect(await problemCode(await make())).toBe('http.recent_sign_in_required')
})

test('an API token has no password to give', async () => {
  const token = ((await (await makeToken(root, ['everything'])).json()) as { token: string }).token
  const answer = await fetch(new URL('/api/people/me/proof', server.origin), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ password: adminPassword }),
  })
  expect([answer.status, await problemCode(answer)]).toEqual([403, 'people.session_required'])
})

test('at Microsoft: the session there is not enough, the password is asked for, and its time is believed', async () => {
  const { browser, jar } = await microsoftPerson(alice)
  expect((await browser.me()).provedAt).not.toBeNull()
  await later(20)
  expect(await problemCode(await makeToken(browser, ['everything']))).toBe('http.recent_sign_in_required')
  const pages: string[] = []
  const url = await startProving(browser)
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: 'login', login_hint: alice })
  const back = await browser.send('GET', await atMicrosoft(url, alice, jar, (title) => pages.push(title)))
  expect(back.headers.get('location')).toBe('/account')
  expect(pages.join()).toMatch(/password/i)
  await browser.me()
  expect((await makeToken(browser, ['everything'])).status).toBe(201)
})

test('signing in with a session that Microsoft still had proves nothing', async () => {
  const { browser, jar } = await microsoftPerson(alice)
  await later(20)
  const answer = await browser.send('POST', '/api/people/sign-in/microsoft', { body: {} })
  await browser.send('GET', await atMicrosoft(((await answer.json()) as { url: string }).url, alice, jar))
  await browser.me()
  expect(await problemCode(await makeToken(browser, ['everything']))).toBe('http.recent_sign_in_required')
})

test('whoever takes the parameters out of the address on its way is found out by the id token', async () => {
  const { browser, jar } = await microsoftPerson(alice)
  await later(20)
  const stripped = new URL(await startProving(browser))
  for (const name of ['prompt', 'max_age']) stripped.searchParams.delete(name)
  const back = await browser.send('GET', await atMicrosoft(stripped.href, alice, jar))
  expect(back.headers.get('location')).toBe('/account?problem=people.sign_in_not_fresh')

  const app = tenant.tenant.findApp('c98fa05d-cce2-50ee-b868-ae393ade32c0') ?? expect.fail('no app')
  tenant.tenant.apps.put({ ...app, optionalIdTokenClaims: [] })
  const silent = new URL(await startProving(browser))
  for (const name of ['prompt', 'max_age']) silent.searchParams.delete(name)
  const again = await browser.send('GET', await atMicrosoft(silent.href, alice, jar))
  expect(again.headers.get('location')).toBe('/account?problem=people.sign_in_time_unknown')
  // Without the optional claim an honest browser is all right: max_age brings it.
  const honest = await browser.send('GET', await atMicrosoft(await startProving(browser), alice, jar))
  expect(honest.headers.get('location')).toBe('/account')
  tenant.tenant.apps.put(app)
})

test('somebody else’s password proves nothing, and changes nobody’s session', async () => {
  const { browser } = await microsoftPerson(alice)
  await later(20)
  const url = new URL(await startProving(browser))
  url.searchParams.set('login_hint', bob)
  const back = await browser.send('GET', await atMicrosoft(url.href, bob))
  expect(back.headers.get('location')).toBe('/account?problem=people.sign_in_other_person')
  expect((await browser.me()).person?.email).toBe(alice)
  expect(await problemCode(await makeToken(browser, ['everything']))).toBe('http.recent_sign_in_required')
})

test('guessing at the password of an open session is slowed down like any guessing', async () => {
  const answers: number[] = []
  for (let n = 0; n < 8; n++) answers.push((await prove(root, `guess ${n}`)).status)
  expect(answers).toContain(429)
})
