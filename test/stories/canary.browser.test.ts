import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { secretsFound } from '../support/disguises.ts'
import { application, personal } from '../support/entra-client.ts'
import { credentialNamed, followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'

/**
 * What a real browser is left with after a day at work: nothing in any storage, nothing in a recording of its whole traffic that could act
 * for somebody, and no address that holds a code except the one that Microsoft sends it back to.
 */
const [ada, alice] = ['ada.admin@contoso.example', 'alice.meyer@contoso.example'] as const

let story: Story
let folder: string
let context: BrowserContext
const requests: Request[] = []
const stored: string[] = []
const sessions: Record<string, string> = {}
let archive: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anteroom-har-'))
  story = await openStory({ readAlong: true })
  const administrator = await Person.signIn(story.anteroom.origin, ada)
  await followFoundingPage(administrator)
  const { id } = await credentialNamed(administrator, 'Ms Graph 1')
  for (const [upn, work] of [
    [ada, (page: Page) => administer(page, id)],
    [alice, giveAndTakePermission],
  ] as const) {
    context = await story.browser.newContext({ recordHar: { path: join(folder, `${upn}.har`), content: 'embed' } })
    context.setDefaultTimeout(30_000)
    context.on('request', (request) => requests.push(request))
    const page = await signIn(upn)
    await work(page)
    await collect(page, upn)
    await context.close()
  }
  archive = Buffer.concat(await Promise.all([ada, alice].map((upn) => readFile(join(folder, `${upn}.har`)))))
}, 180_000)
afterAll(async () => {
  await story?.close()
  await rm(folder, { recursive: true, force: true })
})

async function signIn(upn: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(story.anteroom.origin)
  await page.getByRole('button', { name: 'Sign in with Microsoft' }).click()
  await signInInBrowser(page, story.microsoft, { upn })
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  return page
}

/** Every page that has to do with tokens; a token is tested and obtained anew on the way. */
async function administer(page: Page, credentialId: string): Promise<void> {
  const places = ['aliases', 'connections', 'credentials', 'oauth-apps', 'expiry', 'mail', 'audit', '']
  for (const place of places) {
    await page.goto(`${story.anteroom.origin}/console/${place}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  await page.goto(`${story.anteroom.origin}/console/credentials/${credentialId}`)
  await page.getByRole('button', { name: 'Get OAuth Token' }).click()
  await signInInBrowser(page, story.microsoft, { upn: 'rooms@contoso.example' })
  await page.getByText('rooms@contoso.example').first().waitFor()
}

async function giveAndTakePermission(page: Page): Promise<void> {
  await page.goto(`${story.anteroom.origin}/my-connections`)
  const popup = page.waitForEvent('popup')
  await page
    .getByRole('button', { name: /^Authorise/ })
    .first()
    .click()
  await signInInBrowser(await popup, story.microsoft, { upn: alice })
  await page.getByText('Works', { exact: true }).waitFor()
}

/** Everything that scripts of this page could read, and the cookies that they cannot. */
async function collect(page: Page, upn: string): Promise<void> {
  stored.push(
    await page.evaluate(async () => {
      const databases = await indexedDB.databases()
      const cached = await caches.keys()
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, cached, document.cookie, name])
    }),
  )
  for (const cookie of await context.cookies(story.anteroom.origin)) {
    sessions[`${upn}: ${cookie.name}`] = cookie.value
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  }
}

const secrets = () => ({
  ...Object.fromEntries(story.tokens.map(({ name, value }, index) => [`${name} ${index}`, value])),
  'client secret of the personal app': personal.client_secret,
  'client secret of the application': application.client_secret,
})

test('there was something to find', () => {
  expect(story.tokens.length).toBeGreaterThan(9)
  expect(Object.keys(sessions).length).toBeGreaterThan(1)
  expect(requests.length).toBeGreaterThan(50)
  expect(archive.length).toBeGreaterThan(100_000)
  const [cookie = ''] = Object.values(sessions)
  expect(secretsFound(archive, { cookie }), 'the recording has the headers too').toEqual(['cookie'])
})

test('no storage that scripts can read holds a token, a client secret or a session', () => {
  const all = stored.join('\n')
  expect(secretsFound(Buffer.from(all), { ...secrets(), ...sessions })).toEqual([])
  expect(all).not.toContain('eyJ')
  for (const line of stored) {
    const [, session, databases, cached, cookies, windowName] = JSON.parse(line) as unknown[]
    expect([databases, cached, cookies, windowName]).toEqual([[], [], '', ''])
    // How far down each page was read.
    expect(Object.keys(session as object).filter((key) => !key.startsWith('tsr-scroll'))).toEqual([])
  }
})

test('a recording of the whole traffic holds no token and no client secret', () => {
  expect(secretsFound(archive, secrets())).toEqual([])
})

test('codes are in the addresses that Microsoft sends the browser back to, and in no other, and in no referrer', async () => {
  const holding = (name: string) => requests.filter((request) => new URL(request.url()).searchParams.has(name))
  const callbacks = /^\/(oauth\/callback\/[\w-]+|api\/people\/sign-in\/callback)$/
  const withCode = holding('code')
  expect(withCode.length).toBeGreaterThan(3)
  for (const request of withCode) {
    const { origin, pathname } = new URL(request.url())
    expect([origin, callbacks.test(pathname)], pathname).toEqual([story.anteroom.origin, true])
    expect(request.redirectedTo(), 'answered with a redirect to a clean address').not.toBeNull()
  }
  const referrers = await Promise.all(
    requests.map(
      async (request) => (await request.allHeaders().catch(() => ({}) as Record<string, string>)).referer ?? '',
    ),
  )
  expect(referrers.filter((referrer) => /[?&](code|state|session_state)=/.test(referrer))).toEqual([])
})
