import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examine } from '../support/browser.ts'
import { chooseMode } from '../support/choose-mode.ts'
import { ourWrites } from '../support/our-calls.ts'
import { OutlookPage } from '../support/outlook-page.ts'
import { Person } from '../support/person.ts'
import { setUpForAllModes } from '../support/set-up-for-all-modes.ts'
import { openStory, type Story } from '../support/story.ts'
import { until } from '../support/until.ts'
import { untilRoomsAreWatched } from '../support/watched-rooms.ts'

/*
 * Two windows side by side, Outlook and the portal: what is done in one shows in the other, and nobody reloads a page of ours.
 */
const [ada, alice, grace, carla] = ['ada.admin', 'alice.meyer', 'grace.kim', 'carla.rossi'].map(
  (name) => `${name}@contoso.example`,
) as [string, string, string, string]
const dayMs = 86_400_000
const tomorrow = dateIn(1)

let story: Story
let admin: Person

beforeAll(async () => {
  story = await openStory({ switches: { deliveryDelayMs: 20, notificationBatchMs: 50 } })
  const { roomPolicies } = story.tenant.tenant
  for (const policy of roomPolicies.list()) roomPolicies.put({ ...policy, answersAfterMs: 50 })
  admin = await Person.signIn(story.anteroom.origin, ada)
  await setUpForAllModes(admin)
  await chooseMode(admin, 'normal')
  await untilRoomsAreWatched(story.database.db)
})
afterAll(async () => {
  await story?.close()
})

test('made in Outlook it is in the portal, moved there it moves while its page is open, and it can be edited here', async () => {
  const portal = await story.signIn(alice, { path: '/reservations' })
  await portal.getByText('You have nothing reserved').waitFor()
  const outlook = await OutlookPage.open(story, alice)
  const room = 'venus@contoso.example'
  await outlook.meet({ subject: 'Sprint review', room, date: tomorrow, from: '10:00', to: '11:00' })
  await portal.getByRole('link', { name: 'Sprint review' }).click()
  await portal.getByText('Made in Outlook', { exact: true }).waitFor()
  await portal.getByText('10:00–11:00').first().waitFor()
  await portal.getByText('Confirmed', { exact: true }).waitFor()
  await examine(portal, 'made-in-outlook')

  await outlook.move({ date: tomorrow, from: '12:00', to: '13:30' })
  await portal.getByText('12:00–13:30').first().waitFor()

  const since = lastEntry()
  await portal.getByRole('button', { name: 'Change' }).click()
  await portal.getByRole('textbox', { name: 'Subject' }).fill('Sprint review with demo')
  await portal.getByRole('textbox', { name: 'Subject' }).press('Enter')
  await portal.getByRole('heading', { name: 'Sprint review with demo' }).waitFor()
  await until(() => showsAfterReload(outlook.page, 'Sprint review with demo'), { what: 'Outlook shows the new name' })
  expect(ourWrites(story.tenant, since)).toEqual([`change by the application in ${alice}`])
})

test('declined: the page says why, and offers rooms that are free', async () => {
  const mars = story.tenant.tenant.findUser('mars@contoso.example')?.id ?? ''
  const policy = story.tenant.tenant.roomPolicies.get(mars)
  if (policy) story.tenant.tenant.roomPolicies.put({ ...policy, bookingWindowInDays: 1 })
  const portal = await story.signIn(grace, { path: wishFor(dateIn(30), '15:00', '15:30') })
  await bookRoom(portal, 'Mars', 'Too far ahead')
  await portal.getByText(/^Mars, 15:00–15:30: declined$/).waitFor()
  await portal.getByRole('link', { name: 'Details' }).click()
  await portal.getByText('Declined', { exact: true }).waitFor()
  await portal
    .getByRole('button', { name: /instead$/ })
    .first()
    .waitFor()
})

test('a room that asks its delegates: the page waits, and Carla accepts in Outlook', async () => {
  const portal = await story.signIn(alice, { path: wishFor(tomorrow, '15:00', '16:00') })
  await bookRoom(portal, 'Jupiter', 'Board meeting')
  await portal.getByRole('link', { name: 'Details' }).click()
  await portal.getByText('Waiting for approval', { exact: true }).first().waitFor()
  const outlook = await OutlookPage.open(story, carla)
  await outlook.approve('jupiter@contoso.example', tomorrow)
  await portal.getByText('Confirmed', { exact: true }).waitFor()
})

test('strict: what may not be written is proposed, and settled when the organizer does it in Outlook', async () => {
  await chooseMode(admin, 'strict')
  const outlook = await OutlookPage.open(story, alice)
  const room = 'saturn@contoso.example'
  await outlook.meet({ subject: 'Interview', room, date: tomorrow, from: '09:00', to: '09:30' })
  const portal = await story.signIn(alice, { path: '/reservations' })
  await portal.getByRole('link', { name: 'Meeting of Alice Meyer' }).click()
  const since = lastEntry()
  await portal
    .getByRole('button', { name: /change/i })
    .first()
    .click()
  const sheet = portal.getByRole('dialog')
  await sheet.getByRole('combobox', { name: 'To', exact: true }).selectOption('10:00')
  await sheet.getByRole('button', { name: /^Propose it to/ }).click()
  await portal.getByText('has been asked, and has not answered yet', { exact: false }).waitFor()
  expect(ourWrites(story.tenant, since)).toEqual([])
  await outlook.move({ date: tomorrow, from: '09:00', to: '10:00' })
  await portal.getByText('has been asked, and has not answered yet', { exact: false }).waitFor({ state: 'detached' })
  await portal.getByText('09:00–10:00').first().waitFor()
})

test('no browser complained', () => {
  expect(story.complaints.filter((complaint) => complaint.startsWith(story.anteroom.origin))).toEqual([])
})

function dateIn(days: number): string {
  return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)
}

function wishFor(date: string, from: string, to: string): string {
  return `/?building=any&date=${date}&from=${from}&to=${to}`
}

async function bookRoom(page: Page, room: string, subject: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^Book ${room},`) }).click()
  await page.getByRole('textbox', { name: 'Subject' }).fill(subject)
  const dialog = page.getByRole('dialog')
  await dialog.locator('button[type=submit]').click()
}

async function showsAfterReload(page: Page, heading: string): Promise<boolean> {
  await page.reload()
  return (await page.getByRole('heading', { name: heading }).count()) > 0
}

function lastEntry(): number {
  return story.tenant.ledger().at(-1)?.id ?? 0
}
