import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examine } from '../support/browser.ts'
import { delegatedUser, followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { openStory, type Story } from '../support/story.ts'
import { until } from '../support/until.ts'

/**
 * An administrator sets up what is kept in step, and by whom: a building and its room, their sync configuration, what can be done with a
 * calendar tested by live calls, many rooms at once, the properties, and the scan for what is wrong. The tests build on each other.
 */

const [ada, mercury] = ['ada.admin@contoso.example', 'mercury@contoso.example']

let story: Story
let page: Page

beforeAll(async () => {
  story = await openStory()
  await followFoundingPage(await Person.signIn(story.anteroom.origin, ada))
  page = await story.signIn(ada, { path: '/console/scan' })
}, 120_000)
afterAll(async () => {
  await story?.close()
})

const heading = (name: string) => page.getByRole('heading', { name, exact: true })
const open = (path: string) => page.goto(`${story.anteroom.origin}/console/${path}`)
const submit = (name: 'Submit' | 'Update') => page.getByRole('button', { name, exact: true }).click()
/** Picks the option of this name where one types to find it. */
async function pick(field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}
const setRole = (role: string) =>
  story.tenant.control('PUT', `/mailboxes/${mercury}/permissions/${delegatedUser}`, { role })

test('when everything is as it should be, the scan says so and what it looked at', async () => {
  // The rooms waited for the token, and were tried again when it came.
  const scanAgain = page.getByRole('button', { name: 'Scan again' })
  const right = page.getByText('Everything is as it should be.')
  await until(
    async () => {
      await scanAgain.click()
      return right.isVisible()
    },
    { timeoutMs: 30_000, what: 'every room is watched' },
  )
  await page.getByText('Everything is as it should be.').waitFor()
  await page.getByText('There is an active calendar provider').waitFor()
  await examine(page)
})

describe('rooms', () => {
  test('a building and a room are added; mistakes have their message beside the field', async () => {
    await open('buildings')
    await page.getByRole('link', { name: 'New', exact: true }).click()
    await heading('New building').waitFor()
    await submit('Submit')
    await page.getByText('Enter a name.').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('London, Thames House')
    await page.getByRole('textbox', { name: 'City' }).fill('London')
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Lond')
    await page.getByRole('option', { name: 'Europe/London' }).click()
    await submit('Submit')
    await heading('London, Thames House').waitFor()
    await examine(page)

    await open('rooms/new')
    await page.getByRole('textbox', { name: 'Name' }).fill('Pluto')
    await page.getByRole('textbox', { name: 'Mailbox' }).fill('MERCURY@contoso.example')
    await pick('Building', 'London, Thames House')
    await page.getByRole('textbox', { name: 'Capacity' }).fill('4')
    await submit('Submit')
    await page.getByText('Another room has this mailbox.').first().waitFor()
    await page.getByRole('textbox', { name: 'Mailbox' }).fill('pluto@contoso.example')
    await submit('Submit')
    await heading('Pluto').waitFor()
    await examine(page)
  })

  test('the scan now knows a room that nobody keeps in step', async () => {
    await open('scan')
    await page.getByText('One room can be reserved here and is not kept in step with Outlook.').waitFor()
    await examine(page)
    await page.getByRole('link', { name: 'Mend it: One room' }).click()
    await heading('Reservable sync configurations').waitFor()
  })
})

describe('reservable sync configurations', () => {
  test('are created for a building and activated there and then', async () => {
    await page.getByRole('button', { name: 'Create for a building' }).click()
    const sheet = page.getByRole('dialog', { name: 'Create for a building' })
    await sheet.getByRole('combobox', { name: 'Building' }).click()
    await page.getByRole('option', { name: 'London, Thames House' }).click()
    await sheet.getByRole('button', { name: 'Create for its rooms' }).click()
    await sheet.getByText('1 configuration was created.').waitFor()
    await sheet.getByRole('button', { name: 'Activate it' }).click()
    await sheet.getByText('Pluto is being kept in step from now on.').waitFor()
    await examine(page)
    await sheet.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('row', { name: /Pluto.*Active/ }).waitFor()
  })

  test('many are deactivated and activated at once, with the outcome of each', async () => {
    await page.getByRole('checkbox', { name: 'Choose all of this page' }).check()
    await examine(page)
    await page.getByRole('button', { name: 'Deactivate', exact: true }).click()
    await page.getByText('All 13 deactivated.').waitFor()
    await page.getByRole('row', { name: /Mercury.*Inactive.*no longer kept in step/ }).waitFor()
    await examine(page)
    await page.getByRole('button', { name: 'Hide what came of it' }).click()
    await page.getByRole('checkbox', { name: 'Choose all of this page' }).check()
    await page.getByRole('button', { name: 'Activate', exact: true }).click()
    await page.getByText('All 13 activated.').waitFor()
  })

  test('an address that is not the room’s is refused beside its field, with both', async () => {
    await page.getByRole('link', { name: 'Mercury' }).click()
    await heading('Mercury').waitFor()
    await page.getByRole('textbox', { name: 'E-mail' }).fill('venus@contoso.example')
    await submit('Update')
    await page
      .getByText('Mercury has the mailbox mercury@contoso.example, not venus@contoso.example.')
      .first()
      .waitFor()
    await page.getByRole('textbox', { name: 'E-mail' }).fill(mercury)
  })

  test('a test by hand shows what can be done with the calendar, and what to do when it cannot', async () => {
    const calendar = page.getByRole('region', { name: 'The room’s calendar' })
    await calendar.getByRole('button', { name: /^Test (now|again)$/ }).click()
    await calendar.getByText(`${delegatedUser} can read the calendar of Mercury.`).waitFor()
    await calendar.getByText(/It can be watched by rooms@contoso\.example/).waitFor()
    await examine(page)
    await setRole('freeBusyRead')
    await calendar.getByRole('button', { name: 'Test again' }).click()
    // It is said of the test, and of the room as soon as that waits for it.
    await calendar
      .getByText(/takes 24 to 48 hours to work/)
      .first()
      .waitFor()
    await calendar.getByText('The room cannot be watched yet.').waitFor()
    await examine(page)
    await setRole('delegateWithPrivateEventAccess')
  })
})

describe('calendar providers', () => {
  test('the form says who acts, and asks for a delegated user only where one acts', async () => {
    await open('calendar-providers')
    await page.getByRole('row', { name: new RegExp(`Microsoft Exchange Online.*Personal.*${delegatedUser}`) }).waitFor()
    await examine(page)
    await page.getByRole('link', { name: 'Microsoft Exchange Online' }).click()
    await page.getByText(`${delegatedUser} acts for the system.`).waitFor()
    await page.getByRole('button', { name: 'Test now' }).click()
    await page.getByText('Tested with Bleecker.').waitFor()
    await examine(page)
    await pick('Mode', 'Normal')
    await page.getByText('In normal mode the application acts, and nobody else.').waitFor()
    await submit('Update')
    await page.getByText(/works in normal mode, which needs the application’s own token/).waitFor()
    await pick('Mode', 'Personal')
    expect(await page.getByRole('textbox', { name: 'Delegated user email' }).inputValue()).toBe('')
    await page.getByRole('textbox', { name: 'Delegated user email' }).fill(delegatedUser)
    await submit('Update')
    await page.getByText(`${delegatedUser} acts for the system.`).waitFor()
  })

  test('one that rooms use is not deleted, and says which', async () => {
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText(/keeps Bleecker, .* in step\. Give them another provider/).waitFor()
    await page.getByRole('button', { name: 'Keep it as it is' }).click()
  })

  test('an inactive one is found by the scan, and its rooms are not activated', async () => {
    await page.getByRole('switch', { name: 'Active' }).uncheck({ force: true })
    await submit('Update')
    await page.getByText('Inactive', { exact: true }).waitFor()
    await open('scan')
    await page.getByText('Every calendar provider is inactive.').waitFor()
    await page.getByText('so its 13 active rooms are not kept in step').waitFor()
    await examine(page)
    await page.getByRole('link', { name: 'Mend it: Calendar providers' }).click()
    await page.getByRole('switch', { name: 'Active' }).check({ force: true })
    await submit('Update')
    await page.getByText('Active', { exact: true }).first().waitFor()
    await page.getByText('Inactive', { exact: true }).waitFor({ state: 'detached' })
  })
})

describe('properties', () => {
  test('are changed, refused beside their field, and given back what they ship with', async () => {
    await open('properties')
    await examine(page)
    const ahead = page.getByRole('textbox', { name: 'Read ahead' })
    await ahead.fill('2000')
    await submit('Update')
    await page.getByText('Enter a whole number of days from 1 to 1080.').first().waitFor()
    await ahead.fill('60')
    await submit('Update')
    await page.getByText('The property is saved.').waitFor()
    await page.reload()
    await page.getByText('Ships with 190 days. Set by Ada Okafor').waitFor()
    expect(await ahead.inputValue()).toBe('60 days')
    await examine(page)
    await page.getByRole('button', { name: 'Use what it ships with for Read ahead' }).click()
    await submit('Update')
    await page.getByText('The property is saved.').waitFor()
  })
})

test('no browser complained, except of what was refused on purpose', () => {
  expect(story.complaints.filter((complaint) => !/status of (409|422)/.test(complaint))).toEqual([])
})
