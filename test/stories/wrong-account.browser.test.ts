import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCredential } from '#connections/credential.contract.ts'
import { listPersonalConnections, type TokenPanel } from '#connections/token.contract.ts'
import { examine, expectAccessible } from '../support/browser.ts'
import { credentialNamed, delegatedUser, giveProfile } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'

/**
 * Somebody signs in as the wrong account, at each of the three places where it can happen: nothing is stored, a token that was there stays
 * as it was, both names are shown, and "Choose another account" leads to the right one.
 */

const [ada, bob, grace] = ['ada.admin@contoso.example', 'bob.tanaka@contoso.example', 'grace.kim@contoso.example']

let story: Story
let administrator: Person

beforeAll(async () => {
  story = await openStory()
  administrator = await Person.signIn(story.anteroom.origin, ada)
  for (const name of ['Ms Graph Personal', 'Ms Graph 1', 'Ms Graph 2']) await giveProfile(administrator, name)
})
afterAll(async () => {
  await story?.close()
})

describe('Ms Graph 1, where the administrator is still signed in as herself', () => {
  let page: Page

  test('refuses her own account, stores nothing and shows both names', async () => {
    page = await openCredential('Ms Graph 1')
    await page.getByRole('button', { name: 'Get OAuth Token' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: ada })
    await expectBothNames(page, { expected: delegatedUser, signedIn: 'Ada Okafor' })
    await examine(page, 'wrong-account-system')
    expect(await systemToken('Ms Graph 1')).toMatchObject({ state: 'none', account: null, obtainedAt: null })
  })

  test('"Choose another account" leads to Microsoft’s picker and to the right one', async () => {
    await page.getByRole('button', { name: 'Choose another account' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: delegatedUser, onPage: expectPickerFirst() })
    await page.getByText(/^The token of Room Service .* is stored$/).waitFor()
    expect(await systemToken('Ms Graph 1')).toMatchObject({ state: 'ready', account: { email: delegatedUser } })
  })

  test('leaves the token untouched when somebody else signs in later', async () => {
    const before = await systemToken('Ms Graph 1')
    await forgetMicrosoft(page)
    await page.getByRole('button', { name: 'Get OAuth Token' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: bob })
    await expectBothNames(page, { expected: delegatedUser, signedIn: 'Bob Tanaka' })
    expect(await systemToken('Ms Graph 1')).toEqual(before)
  })
})

describe('Ms Graph 2, where somebody goes back to the form first', () => {
  test('says it on the form too, and leads to the right account from there', async () => {
    const page = await openCredential('Ms Graph 2')
    await page.getByRole('button', { name: 'Get OAuth Token' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: bob })
    await expectBothNames(page, { expected: delegatedUser, signedIn: 'Bob Tanaka' })
    expect(await systemToken('Ms Graph 2')).toMatchObject({ state: 'none', account: null, obtainedAt: null })

    await page.getByRole('button', { name: 'Go back without it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ms Graph 2' }).waitFor()
    await page.getByText('Another account signed in. Nothing was stored.').waitFor()
    await expectBothNames(page, { expected: delegatedUser, signedIn: 'Bob Tanaka' })
    await examine(page, 'wrong-account-form')

    await page.getByRole('button', { name: 'Choose another account' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: delegatedUser, onPage: expectPickerFirst() })
    await page.getByText(/^The token of Room Service .* is stored$/).waitFor()
    expect(await systemToken('Ms Graph 2')).toMatchObject({ state: 'ready', account: { email: delegatedUser } })
  })
})

describe('an employee’s own permission', () => {
  let page: Page
  let employee: Person

  test('refuses a colleague’s account, stores nothing and shows both names', async () => {
    employee = await Person.signIn(story.anteroom.origin, grace)
    page = await story.signIn(grace, { path: '/my-connections' })
    await forgetMicrosoft(page)
    await signInInPopup(page, 'Authorise Ms Graph Personal', bob)
    const said = page.getByText(/You signed in as Bob Tanaka.*, but this needs Grace Kim/)
    await said.waitFor()
    await examine(page, 'wrong-account-personal')
    expect(await personalToken(employee)).toMatchObject({ state: 'none', account: null, obtainedAt: null })
  })

  test('"Choose another account" leads to the right one', async () => {
    await signInInPopup(page, 'Choose another account', grace)
    await page.getByText('Thank you, Anteroom has your permission').waitFor()
    expect(await personalToken(employee)).toMatchObject({ state: 'ready', account: { email: grace } })
    await page.getByRole('button', { name: 'Renew Ms Graph Personal' }).waitFor()
    await examine(page)
  })

  test('stays as it was when a colleague’s account renews it', async () => {
    const before = await personalToken(employee)
    await forgetMicrosoft(page)
    await signInInPopup(page, 'Renew Ms Graph Personal', bob)
    await page.getByText(/You signed in as Bob Tanaka.*, but this needs Grace Kim/).waitFor()
    expect(await personalToken(employee)).toEqual(before)
  })

  test('is refused the same way without a pop-up', async () => {
    await page.evaluate('window.open = () => null')
    await page.getByRole('button', { name: 'Choose another account' }).click()
    await page.getByText('Your browser blocked Microsoft’s window').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Sign in on this page' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: bob })
    await expectBothNames(page, { expected: 'Grace Kim', signedIn: 'Bob Tanaka' })
    await examine(page)
    await page.getByRole('button', { name: 'Choose another account' }).click()
    await signInInBrowser(page, story.tenant.origin, { upn: grace, onPage: expectPickerFirst() })
    await page.getByRole('heading', { level: 1, name: 'My connections' }).waitFor()
    expect(await personalToken(employee)).toMatchObject({ state: 'ready', account: { email: grace } })
  })
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})

async function openCredential(name: string): Promise<Page> {
  const page = await story.signIn(ada, { path: '/console/credentials' })
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  return page
}

async function signInInPopup(page: Page, button: string, upn: string): Promise<void> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()])
  await signInInBrowser(popup, story.tenant.origin, { upn })
}

/** The picker is what keeps a browser's old session from being used once more. */
function expectPickerFirst() {
  const steps: string[] = []
  return async (_: Page, step: string) => {
    steps.push(step)
    expect(steps[0]).toBe('pick')
  }
}

async function expectBothNames(page: Page, { expected, signedIn }: { expected: string; signedIn: string }) {
  const main = page.getByRole('main')
  await main
    .getByRole('alert')
    .filter({ hasText: /nothing was stored/i })
    .waitFor()
  const said = await main.innerText()
  expect(said).toContain(expected)
  expect(said).toContain(signedIn)
}

async function systemToken(name: string): Promise<TokenPanel | null> {
  const { id } = await credentialNamed(administrator, name)
  const { token } = await administrator.call(readCredential, { params: { id } })
  return token
}

async function personalToken(person: Person): Promise<TokenPanel | undefined> {
  const { connections } = await person.call(listPersonalConnections)
  return connections[0]?.token
}

/** As after closing the browser: the tenant does not know who this is. */
async function forgetMicrosoft(page: Page): Promise<void> {
  await page.context().clearCookies({ name: 'local_tenant_sign_in' })
}
