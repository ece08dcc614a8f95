import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  firstAdministrator,
  type PeopleServer,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import { sessionAbsoluteMs, sessionIdleConsoleMs, sessionIdleMs } from './session.ts'
import { addRoles, replaceRoles, updateUserRow } from './user-queries.ts'

const email = 'root@contoso.example'
const minuteMs = 60_000
let server: PeopleServer

beforeAll(async () => {
  server = await startPeopleServer()
  await firstAdministrator(server)
})
afterAll(() => server.close())

async function signedIn(): Promise<TestBrowser> {
  const browser = new TestBrowser(server)
  expect((await browser.signInWithPassword(email)).status).toBe(200)
  return browser
}

async function isSignedIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.me()).person !== null
}

const rows = () => server.deps.db.selectFrom('sessions').selectAll().orderBy('id', 'desc').execute()

test('the cookie is HttpOnly and Lax, and the table holds only its hash', async () => {
  const answer = await new TestBrowser(server).signInWithPassword(email)
  const [cookie = ''] = answer.headers.getSetCookie()
  expect(cookie).toMatch(/^an_s=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  const value = cookie.slice('an_s='.length, cookie.indexOf(';'))
  const [newest] = await rows()
  expect(newest?.token_hash).toHaveLength(32)
  expect(JSON.stringify(newest)).not.toContain(value)
  expect(newest?.token_hash.toString('base64url')).not.toBe(value)
})

test('a console person is nobody after a quarter of an hour without a request, and stays with one', async () => {
  const busy = await signedIn()
  const away = await signedIn()
  server.advance(sessionIdleConsoleMs - minuteMs)
  expect(await isSignedIn(busy)).toBe(true)
  server.advance(minuteMs)
  expect(await isSignedIn(busy)).toBe(true)
  expect(await isSignedIn(away)).toBe(false)
})

test('an employee has half an hour', async () => {
  const browser = await signedIn()
  const { person } = await browser.me()
  const id = person?.id ?? ''
  await replaceRoles(server.deps.db, id, ['employee'])
  server.advance(sessionIdleMs - 1000)
  expect(await isSignedIn(browser)).toBe(true)
  server.advance(sessionIdleMs)
  expect(await isSignedIn(browser)).toBe(false)
  await addRoles(server.deps.db, id, ['admin'])
})

test('eight hours are the end even for the busiest', async () => {
  const browser = await signedIn()
  const stepMs = 10 * minuteMs
  for (let passedMs = stepMs; passedMs < sessionAbsoluteMs; passedMs += stepMs) {
    server.advance(stepMs)
    expect(await isSignedIn(browser)).toBe(true)
  }
  server.advance(stepMs)
  expect(await isSignedIn(browser)).toBe(false)
})

test('being seen is written at most once a minute', async () => {
  const browser = await signedIn()
  const seen = async () => (await rows())[0]?.last_seen_at.getTime() ?? 0
  const first = await seen()
  server.advance(30_000)
  await isSignedIn(browser)
  expect(await seen()).toBe(first)
  server.advance(31_000)
  await isSignedIn(browser)
  expect(await seen()).toBeGreaterThan(first)
})

test('signing in makes a new session and ends the one the browser had', async () => {
  const browser = await signedIn()
  const before = browser.jar.header(server.origin)
  expect((await browser.signInWithPassword(email)).status).toBe(200)
  expect(browser.jar.header(server.origin)).not.toBe(before)
  const answer = await fetch(`${server.origin}/api/people/me`, { headers: { cookie: before } })
  expect(await answer.json()).toMatchObject({ person: null })
})

test('signing out ends the session, not only the cookie', async () => {
  const browser = await signedIn()
  const kept = browser.jar.header(server.origin)
  expect((await browser.send('POST', '/api/people/sign-out')).status).toBe(200)
  expect(browser.jar.header(server.origin)).toBe('')
  const answer = await fetch(`${server.origin}/api/people/directory`, { headers: { cookie: kept } })
  expect(answer.status).toBe(401)
})

test('a deactivated person is nobody at once', async () => {
  const browser = await signedIn()
  const { person } = await browser.me()
  const change = { updatedBy: 'test', now: server.deps.seams.now() }
  await updateUserRow(server.deps.db, person?.id ?? '', { ...change, active: false })
  expect((await browser.send('GET', '/api/people/directory')).status).toBe(401)
  await updateUserRow(server.deps.db, person?.id ?? '', { ...change, active: true })
})

test('a cookie that is not of our making is nobody', async () => {
  for (const cookie of ['an_s=', 'an_s=x', `an_s=${'A'.repeat(43)}`, "an_s=' or 1=1", `an_s=${'A'.repeat(5000)}`]) {
    const answer = await fetch(`${server.origin}/api/people/directory`, { headers: { cookie } })
    expect(answer.status).toBe(401)
  }
})
