import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCredential } from '#connections/credential.contract.ts'
import { readDemo } from '../../src/demo.ts'
import { examine, picture } from '../support/browser.ts'
import { credentialNamed, delegatedUser } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'

/**
 * The founding page, "Configure a personal authentication mode Connection and Credential alias for Microsoft Exchange Online", word for
 * word and in its order, by an administrator in the console; then what it is for: an employee books a room with their own permission.
 * The tests are the steps of one story and build on each other.
 */

const [ada, alice] = ['ada.admin@contoso.example', 'alice.meyer@contoso.example']
const profileName = 'Microsoft Exchange Online_personalAuth default_profile'

let story: Story
let page: Page

beforeAll(async () => {
  // Mail takes its time, so that waiting can be seen.
  story = await openStory({ switches: { deliveryDelayMs: 1_000 } })
  page = await story.signIn(ada)
})
afterAll(async () => {
  await story?.close()
})

describe('the administrator', () => {
  test('opens the console, whose first page shows what is to be done', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Console' }).click()
    await heading('Set up calendar synchronization').waitFor()
    await examine(page, 'founding-0-set-up')
  })

  test('1. sets the application scope picker to Workplace Calendar Synchronization', async () => {
    const picker = page.getByRole('button', { name: /^Application Scope/ })
    await picker.click()
    await page.getByRole('menuitem', { name: 'Global' }).click()
    await page.getByText('The picker shows another scope.').waitFor()
    await picker.click()
    await picture(page, 'founding-1-scope-picker')
    await page.getByRole('menuitem', { name: 'Workplace Calendar Synchronization' }).click()
    await page.getByText('The picker shows Workplace Calendar Synchronization.').waitFor()
    expect(await picker.innerText()).toContain('Workplace Calendar Synchronization')

    await picker.click()
    await page.getByRole('menuitem', { name: 'Global' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Application scope' })
      .getByRole('button', { name: 'Do it now' })
      .click()
    await page.getByText('The picker shows Workplace Calendar Synchronization.').waitFor()
  })

  test('saves the application registry, which has generated a default OAuth entity profile', async () => {
    await openFromAll('System OAuth', 'Application Registry')
    await examine(page)
    await page.getByRole('link', { name: 'Microsoft Exchange Online_personalAuth' }).click()
    await heading('Microsoft Exchange Online_personalAuth').waitFor()
    expect(await page.getByLabel('Authorization URL').inputValue()).toMatch(
      /^https:\/\/login\.microsoftonline\.com\/[0-9a-f-]+\/oauth2\/v2\.0\/authorize$/,
    )
    await update()
    await page.getByRole('link', { name: profileName }).waitFor()
    await examine(page, 'founding-2-application-registry')
  })

  test('2. opens All > Connections & Credentials > Connection & Credential Aliases and the alias', async () => {
    await openFromAll('Connections & Credentials', 'Connection & Credential Aliases')
    await page.getByRole('table', { name: 'Connection & Credential Aliases' }).waitFor()
    await examine(page, 'founding-3-aliases')
    await page.getByRole('link', { name: 'Microsoft_Exchange_Online_PersonalAuth', exact: true }).click()
    await heading('Microsoft_Exchange_Online_PersonalAuth').waitFor()
    expect(await choice('Parent alias').inputValue()).toBe('Microsoft_Exchange_Online')
  })

  test('3. opens the HTTP connection on the Connections tab, sees what is inherited, and updates it', async () => {
    await page.getByRole('tab', { name: /^Connections/ }).waitFor()
    await examine(page, 'founding-4-alias')
    await connectionsOfAlias().getByRole('link', { name: 'Ms Graph Personal' }).first().click()
    await heading('Ms Graph Personal').waitFor()
    expect(await choice('Connection alias').inputValue()).toBe('Microsoft_Exchange_Online_PersonalAuth')
    expect(await page.getByRole('textbox', { name: 'Connection URL' }).inputValue()).toBe('https://graph.microsoft.com')
    await page.getByText(/^from Microsoft_Exchange_Online \(Ms Graph 1\)/).waitFor()
    await examine(page)

    await page.getByRole('button', { name: /override Connection URL/i }).click()
    await page.getByRole('textbox', { name: 'Connection URL' }).fill('https://graph.microsoft.com')
    await update()
    await page.getByRole('button', { name: /inherit again for Connection URL/i }).waitFor()
    await examine(page, 'founding-5-connection')
  })

  test('4. opens the OAuth 2.0 Credentials form from the credential column and sets the generated profile', async () => {
    await page.getByRole('link', { name: 'Microsoft_Exchange_Online_PersonalAuth' }).first().click()
    await heading('Microsoft_Exchange_Online_PersonalAuth').waitFor()
    await connectionsOfAlias().getByRole('cell').getByRole('link', { name: 'Ms Graph Personal' }).last().click()
    await page.getByText('OAuth 2.0 Credentials').waitFor()
    await setProfile()
    await update()
    await examine(page, 'founding-6-personal-credential')
  })

  for (const [index, name] of ['Ms Graph 1', 'Ms Graph 2'].entries()) {
    test(`5. ${name}: sets the profile, presses Get OAuth Token and signs in as the delegated user`, async () => {
      await openFromAll('Connections & Credentials', 'Credentials')
      await page.getByRole('table', { name: 'Credentials' }).waitFor()
      await examine(page, index === 0 ? 'founding-7-credentials' : undefined)
      await page.getByRole('link', { name, exact: true }).click()
      await heading(name).waitFor()
      await setProfile()
      await update()

      await page.getByRole('button', { name: 'Get OAuth Token' }).click()
      // The second time, Microsoft still knows this browser as the delegated user and asks nothing.
      if (index === 0) await signInInBrowser(page, story.tenant.origin, { upn: delegatedUser, onPage: showConsent })
      await page.getByText(/^The token of .* is stored$/).waitFor()
      const panel = page.getByRole('region', { name: 'Token' })
      for (const said of ['Room Service', delegatedUser, 'matches delegated user', 'Passed']) {
        await panel.getByText(said).first().waitFor()
      }
      for (const scope of ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'offline_access']) {
        await panel.getByText(scope, { exact: true }).waitFor()
      }
      await panel.getByText('Works until').waitFor()
      await examine(page, index === 0 ? 'founding-9-token' : undefined)
    })
  }

  test('6. sees on the set-up page that the alias is set, proven by a live call', async () => {
    await openFromAll('Workplace Calendar Synchronization', 'Set up')
    await page.getByText('The Connection and credential alias is set, and a live call has proved it.').waitFor()
    expect(await page.getByRole('link', { name: /^Do it now/ }).count()).toBe(0)
    await examine(page, 'founding-10-set')
  })

  test('and Ms Graph 1 and Ms Graph 2 hold the delegated user’s token', async () => {
    const roomService = personNamed(delegatedUser)
    const administrator = await Person.signIn(story.anteroom.origin, ada)
    for (const name of ['Ms Graph 1', 'Ms Graph 2']) {
      const { id } = await credentialNamed(administrator, name)
      const { token } = await administrator.call(readCredential, { params: { id } })
      expect(token).toMatchObject({
        state: 'ready',
        account: { email: delegatedUser, objectId: roomService.id, matchesExpected: true },
        probe: { ok: true },
      })
    }
    const grants = story.tenant
      .ledger()
      .filter(({ grantType, clientId }) => grantType === 'authorization_code' && clientId === personalApp().clientId)
    expect(grants.map(({ accountId, status }) => ({ accountId, status }))).toEqual([
      { accountId: roomService.id, status: 200 },
      { accountId: roomService.id, status: 200 },
    ])
  })
})

describe('the employee, in a browser of her own', () => {
  let hers: Page

  test('books a room; asked once for permission, the booking goes on by itself and is confirmed', async () => {
    hers = await story.signIn(alice)
    await hers.getByRole('heading', { name: 'Find a room' }).waitFor()
    await examine(hers)
    await hers.getByRole('button', { name: /^Book Mercury/ }).click()
    await hers.getByRole('textbox', { name: 'Subject' }).fill('Planning the spring')
    await examine(hers)
    await hers.getByRole('dialog').getByRole('button', { name: 'Book Mercury' }).click()
    await hers.getByRole('heading', { name: 'One permission first' }).waitFor()
    await examine(hers, 'reservation-1-permission')

    const [popup] = await Promise.all([
      hers.waitForEvent('popup'),
      hers.getByRole('button', { name: 'Continue with Microsoft' }).click(),
    ])
    await signInInBrowser(popup, story.tenant.origin, { upn: alice })
    await hers.getByText(/^Mercury, .*: waiting for the room$/).waitFor()
    await hers.getByText(/^Mercury, .*: confirmed$/).waitFor()
    await examine(hers, 'reservation-2-confirmed')

    await hers.getByRole('link', { name: 'Details' }).click()
    await hers.getByRole('heading', { name: 'Planning the spring' }).waitFor()
    await examine(hers, 'reservation-3-timeline')
  })

  test('finds the meeting in her Outlook calendar, accepted by the room', async () => {
    const { date } = bookedEvent()
    await hers.goto(`${story.tenant.origin}/outlook?view=day&date=${date}`)
    await hers.getByRole('link', { name: /Planning the spring/ }).click()
    await hers.getByRole('listitem').filter({ hasText: 'Mercury resource: accepted' }).waitFor()
    await examine(hers, 'reservation-4-outlook')
  })

  test('and the ledger agrees: one event, made with her own permission, in her own mailbox', () => {
    const owner = personNamed(alice)
    const made = story.tenant.ledger().filter(({ method, path }) => method === 'POST' && path.endsWith('/events'))
    expect(
      made.map(({ clientId, accountId, tokenKind, mailbox, status }) => [
        clientId,
        accountId,
        tokenKind,
        mailbox,
        status,
      ]),
    ).toEqual([[personalApp().clientId, owner.id, 'delegated', alice, 201]])
  })
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})

function heading(name: string): Locator {
  return page.getByRole('heading', { level: 1, name, exact: true })
}

function choice(label: string): Locator {
  return page.getByRole('combobox', { name: label, exact: true })
}

function connectionsOfAlias(): Locator {
  return page.getByRole('table', { name: 'Connections of Microsoft_Exchange_Online_PersonalAuth' })
}

async function openFromAll(group: string, name: string): Promise<void> {
  const all = page.getByRole('navigation', { name: 'All' })
  await all
    .locator('section', { has: page.getByRole('heading', { name: group, exact: true }) })
    .getByRole('link', { name, exact: true })
    .click()
}

async function setProfile(): Promise<void> {
  await choice('OAuth Entity Profile').click()
  await page.getByRole('option', { name: profileName }).click()
}

async function showConsent(shown: Page, step: string): Promise<void> {
  if (step === 'consent') await picture(shown, 'founding-8-consent')
}

/** Presses Update, waits until the page says that it is done, and takes what it says out of the way. */
async function update(): Promise<void> {
  await page.getByRole('button', { name: 'Update' }).click()
  const said = page.getByRole('alert').filter({ hasText: 'Updated' })
  await said.getByRole('button', { name: 'Hide' }).click()
  await said.waitFor({ state: 'detached' })
}

function personNamed(upn: string) {
  const found = story.tenant.tenant.users.list().find((user) => user.userPrincipalName === upn)
  if (found === undefined) throw new Error(`the tenant has no ${upn}`)
  return found
}

function personalApp() {
  const app = readDemo(process.cwd()).apps.find(({ key }) => key === 'personalAuth')
  if (app === undefined) throw new Error('demo/contoso.json has no app personalAuth')
  return app
}

/** The event as the tenant itself keeps it. */
function bookedEvent() {
  const event = story.tenant.tenant.events.find(
    ({ subject, isOrganizer }) => subject === 'Planning the spring' && isOrganizer,
  )
  if (event === undefined) throw new Error('the tenant has no such event')
  return { date: event.startsAt.slice(0, 10) }
}
