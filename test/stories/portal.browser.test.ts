import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { book } from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { examine } from '../support/browser.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { demoPassword, Person } from '../support/person.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'
import { until } from '../support/until.ts'

/**
 * The employees' side when things do not go straight: every way in which the permission pop-up can end, somebody who is faster, a room that
 * declines, a change, a cancellation; with the keyboard and on a phone. The tests of one person build on each other.
 */

const [ada, alice, bob, grace, carla] = ['ada.admin', 'alice.meyer', 'bob.tanaka', 'grace.kim', 'carla.rossi'].map(
  (name) => `${name}@contoso.example`,
) as [string, string, string, string, string]
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

let story: Story

beforeAll(async () => {
  story = await openStory()
  await followFoundingPage(await Person.signIn(story.anteroom.origin, ada))
})
afterAll(async () => {
  await story?.close()
})

describe('the permission', () => {
  let page: Page

  test('is asked for when the first room is booked', async () => {
    page = await story.signIn(alice, { path: wishFor('10:00', '10:30') })
    await fillIn(page, 'Venus', 'Planning the spring')
    await page.getByRole('heading', { name: 'One permission first' }).waitFor()
    await page.getByText('Microsoft asks you once.', { exact: false }).waitFor()
  })

  test('blocked by the browser: says so, and can be opened again', async () => {
    await page.evaluate('window.realOpen = window.open; window.open = () => null')
    await page.getByRole('button', { name: 'Continue with Microsoft' }).click()
    await page.getByText('Your browser blocked Microsoft’s window').waitFor()
    await examine(page, 'pop-up-blocked')
    await page.evaluate('window.open = window.realOpen')
  })

  test('window closed before the end: says so, and stores nothing', async () => {
    const popup = await popupBy(page, 'Open it again')
    await popup.waitForURL((url) => url.origin === story.tenant.origin)
    await page.getByText('Waiting for you in Microsoft’s window').waitFor()
    await popup.close()
    await page.getByText('The window was closed before you finished').waitFor()
  })

  test('denied: says so, and asks again', async () => {
    await signInInBrowser(await popupBy(page, 'Open it again'), story.tenant.origin, { upn: alice, consent: false })
    await page.getByText('You did not give permission').waitFor()
    await examine(page, 'pop-up-denied')
  })

  test('wrong account: names both, stores nothing, and lets another be chosen', async () => {
    await forgetMicrosoftSession(page)
    const popup = await popupBy(page, 'Ask me again')
    await popup.getByRole('button', { name: 'Back' }).click()
    await signInInBrowser(popup, story.tenant.origin, { upn: bob })
    const said = page.getByRole('alert').filter({ hasText: 'That was another account' })
    await said.waitFor()
    expect(await said.innerText()).toMatch(/Bob Tanaka.*Alice Meyer.*Nothing was stored/s)
    await examine(page, 'pop-up-wrong-account')
  })

  test('given: the booking goes on by itself, with every letter that was typed', async () => {
    await signInInBrowser(await popupBy(page, 'Choose another account'), story.tenant.origin, { upn: alice })
    await page.getByText(/^Venus, 10:00–10:30: confirmed$/).waitFor()
    expect(madeBy(alice)).toHaveLength(1)
  })

  test('is not asked for a second time', async () => {
    await page.goto(story.anteroom.origin + wishFor('11:00', '11:30'))
    await fillIn(page, 'Venus', 'Planning the summer')
    await page.getByText(/^Venus, 11:00–11:30: confirmed$/).waitFor()
  })

  test('is shown under My connections, and taken back there', async () => {
    await page.getByRole('link', { name: 'My connections' }).click()
    const card = page.getByRole('region', { name: 'Ms Graph Personal' })
    await card.getByText('Works', { exact: true }).waitFor()
    await card.getByText(alice).first().waitFor()
    await examine(page, 'my-connections')
    await card.getByRole('button', { name: 'Revoke Ms Graph Personal' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await card.getByText('Taken back').waitFor()
    await examine(page)
  })
})

describe('a reservation', () => {
  let page: Page

  test('is made, changed and cancelled with the keyboard alone', async () => {
    page = await story.signIn(bob, { path: wishFor('14:00', '14:30') })
    const person = await Person.signIn(story.anteroom.origin, bob)
    await person.authorise()
    await page.getByRole('button', { name: 'Book Mercury, 14:00–14:30' }).press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('Retrospective')
    await page.getByRole('textbox', { name: 'Invite' }).focus()
    await page.keyboard.type('grace')
    await page.getByRole('option', { name: /Grace Kim/ }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove Grace Kim' }).waitFor()
    await page.getByRole('textbox', { name: 'Subject' }).press('Enter')
    await page.getByText(/^Mercury, 14:00–14:30: confirmed$/).waitFor()

    await page.getByRole('link', { name: 'Details' }).press('Enter')
    await page.getByRole('heading', { name: 'Retrospective' }).waitFor()
    await page.getByRole('button', { name: 'Change' }).press('Enter')
    await page.getByRole('textbox', { name: 'Subject' }).fill('Retrospective of the year')
    await examine(page, 'reservation-change')
    await page.getByRole('textbox', { name: 'Subject' }).press('Enter')
    await page.getByRole('heading', { name: 'Retrospective of the year' }).waitFor()
    await until(() => eventNamed('Retrospective of the year'), { what: 'Outlook has the new subject' })
    await examine(page, 'reservation')

    await page.getByRole('link', { name: 'My reservations' }).first().click()
    await page.getByRole('button', { name: 'Cancel Retrospective of the year' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('is removed from your calendar', { exact: false }).waitFor()
    await examine(page, 'reservation-cancel')
    await dialog.getByRole('button', { name: 'Cancel the reservation' }).press('Enter')
    await page.getByText('You have nothing reserved').waitFor()
    await until(() => eventNamed('Retrospective of the year')?.isCancelled ?? true, { what: 'Outlook cancelled it' })
  })

  test('that clashes with somebody faster keeps what was typed and offers other rooms', async () => {
    const faster = await Person.signIn(story.anteroom.origin, grace)
    await faster.authorise()
    await page.goto(story.anteroom.origin + wishFor('15:00', '15:30'))
    await page.getByRole('button', { name: 'Book Mercury, 15:00–15:30' }).click()
    await page.getByRole('textbox', { name: 'Subject' }).fill('One to one')
    const { rooms } = await faster.call(listRooms, { query: {} })
    const mercury = rooms.find(({ name }) => name === 'Mercury')?.id ?? ''
    const slot = { startsAt: inBerlin('15:00'), endsAt: inBerlin('15:30') }
    await faster.call(book, { body: { roomId: mercury, subject: 'Faster', ...slot } })

    await page.getByRole('dialog').getByRole('button', { name: 'Book Mercury' }).click()
    const other = page.getByRole('button', { name: /^Switch to / }).first()
    await other.waitFor()
    await examine(page, 'clash')
    await other.click()
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('One to one')
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByText(/15:00–15:30: confirmed$/).waitFor()
  })

  test('of a room that somebody else books meanwhile is no longer offered, long before the page asks by itself', async () => {
    const faster = await Person.signIn(story.anteroom.origin, grace)
    await page.goto(story.anteroom.origin + wishFor('18:00', '18:30'))
    const offer = page.getByRole('button', { name: /^Book Mercury,/ })
    await offer.waitFor()
    const { rooms } = await faster.call(listRooms, { query: {} })
    const roomId = rooms.find(({ name }) => name === 'Mercury')?.id ?? ''
    const slot = { startsAt: inBerlin('18:00'), endsAt: inBerlin('18:30') }
    await faster.call(book, { body: { roomId, subject: 'Faster again', ...slot } })
    await offer.waitFor({ state: 'detached', timeout: 15_000 })
  })

  test('of a room that somebody looks at and that is taken in Outlook meanwhile is no longer offered', async () => {
    await page.goto(story.anteroom.origin + wishFor('16:00', '16:30'))
    const offer = page.getByRole('button', { name: /^Book Venus,/ })
    await offer.click()
    await page.getByRole('textbox', { name: 'Subject' }).waitFor()
    await page.keyboard.press('Escape')
    await takeInOutlook('venus@contoso.example', '16:00', '16:30')
    await offer.waitFor({ state: 'detached' })
    await examine(page, 'taken-in-outlook')
  })

  test('that the room declines says why and can be made in another room', async () => {
    await story.tenant.control('PUT', '/rooms/venus@contoso.example/policy', { maximumDurationInMinutes: 15 })
    await page.goto(story.anteroom.origin + wishFor('17:00', '17:30'))
    await fillIn(page, 'Venus', 'Interview')
    await page.getByText(/^Venus, 17:00–17:30: declined$/).waitFor()
    await page.getByRole('link', { name: 'Details' }).click()
    const instead = page.getByRole('button', { name: /instead$/ }).first()
    await instead.waitFor()
    await examine(page, 'declined')
    await instead.click()
    await page.getByText('Confirmed', { exact: true }).waitFor()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Interview')
  })
})

test('on a phone every page fits and is accessible', async () => {
  const page = await story.signIn(bob, { phone: true })
  for (const path of ['/', '/reservations', '/reservations?when=past', '/my-connections', '/account']) {
    await page.goto(story.anteroom.origin + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await examine(page, `phone${path.replaceAll(/\W+/g, '-')}`)
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), path).toBe(true)
  }
})

test('no browser complained, except about refusals that were meant', () => {
  const ours = story.complaints.filter((complaint) => complaint.startsWith(story.anteroom.origin))
  expect(ours.filter((complaint) => !/status of 409/.test(complaint))).toEqual([])
})

function wishFor(from: string, to: string): string {
  return `/?building=any&date=${tomorrow}&from=${from}&to=${to}`
}

function inBerlin(time: string): string {
  return Temporal.PlainDateTime.from(`${tomorrow}T${time}`).toZonedDateTime('Europe/Berlin').toInstant().toString()
}

async function fillIn(page: Page, room: string, subject: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^Book ${room},`) }).click()
  await page.getByRole('textbox', { name: 'Subject' }).fill(subject)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Book ${room}` })
    .click()
}

async function popupBy(page: Page, button: string): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()])
  return popup
}

async function forgetMicrosoftSession(page: Page): Promise<void> {
  await page.context().clearCookies({ name: 'local_tenant_sign_in' })
}

/** Somebody without Anteroom takes the room in Outlook. */
async function takeInOutlook(room: string, from: string, to: string): Promise<void> {
  const profile = await story.openProfile()
  const page = await profile.newPage()
  await page.goto(`${story.tenant.origin}/outlook`)
  await page.getByLabel('Email address').fill(carla)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'New meeting' }).click()
  await page.getByLabel('Subject').fill('From Outlook')
  await page.getByLabel('Start (').fill(`${tomorrow}T${from}`)
  await page.getByLabel('End (').fill(`${tomorrow}T${to}`)
  await page.getByLabel('Room').selectOption(room)
  await page.getByRole('button', { name: /Send|Save/ }).click()
  await until(() => eventNamed('From Outlook')?.attendees.some(({ status }) => status.response === 'accepted'), {
    what: 'the room has accepted the meeting made in Outlook',
  })
  await profile.close()
}

function eventNamed(subject: string) {
  return story.tenant.tenant.events.find((event) => event.subject === subject && event.isOrganizer)
}

/** Events that were made with somebody's own permission in their own mailbox. */
function madeBy(upn: string) {
  const made = story.tenant.ledger().filter(({ method, path }) => method === 'POST' && path.endsWith('/events'))
  return made.filter(({ status, accountName, mailbox }) => status === 201 && accountName === upn && mailbox === upn)
}
