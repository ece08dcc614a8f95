import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, openBrowser, openProfile, picture } from '../support/browser.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'
import { until } from '../support/until.ts'

/** The tenant's own pages, as the people in a rehearsal use them. */

const [alice, bob, carla] = ['alice.meyer@contoso.example', 'bob.tanaka@contoso.example', 'carla.rossi@contoso.example']
let served: TestTenant
let browser: Browser

beforeAll(async () => {
  served = await startTenant({ switches: { deliveryDelayMs: 10 } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await served?.close()
})

describe('Outlook of the local tenant', () => {
  test('a meeting is made, accepted by its room, moved and canceled', async () => {
    const page = await signedIn(alice)
    await makeMeeting(page, { subject: 'Planning', people: bob, room: 'mercury@contoso.example' })
    await until(() => seen(page, 'Mercury resource: accepted'), { what: 'Mercury accepted' })
    await expectAccessible(page)
    await picture(page, 'outlook-event')

    await page.getByRole('link', { name: 'Change' }).click()
    await expectAccessible(page)
    await page.getByLabel('End (').fill(`${tomorrow()}T12:00`)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Changed and sent.').waitFor()
    expect(await page.getByText('10:00 – 12:00').count()).toBe(1)

    await page.getByRole('button', { name: 'Cancel meeting' }).click()
    await page.getByText('Canceled. Everybody invited is told.').waitFor()
    await until(() => everyCopyCancelled('Planning'), { what: 'every copy is canceled' })
  })

  test('rooms and people are added and removed, and the meeting is retitled, moved and made private', async () => {
    const page = await signedIn(alice)
    await makeMeeting(page, { subject: 'Workshop', people: '', room: 'mars@contoso.example' })
    await until(() => answerOf('Workshop', 'mars@contoso.example') === 'accepted', { what: 'Mars accepted' })
    await page.getByLabel('Room').selectOption('venus@contoso.example')
    await page.getByRole('button', { name: 'Add room' }).click()
    await page.getByText('The room is asked.').waitFor()
    await page.getByLabel('Somebody').fill(bob)
    await page.getByRole('button', { name: 'Add person' }).click()
    await page.getByText('Invited.', { exact: true }).waitFor()
    await until(() => seen(page, 'Venus resource: accepted'), { what: 'Venus accepted' })
    await expectAccessible(page)
    await picture(page, 'outlook-rooms')
    await page.getByRole('button', { name: 'Remove Mars' }).click()
    await page.getByText('Removed, and told so.').waitFor()
    await until(() => copyIn('mars@contoso.example', 'Workshop')?.isCancelled, { what: 'Mars is free again' })

    await page.getByRole('link', { name: 'Change' }).click()
    await page.getByLabel('Subject').fill('Retreat')
    await page.getByLabel('Private').check()
    await page.getByLabel('All day').check()
    await page.getByLabel('Show as').selectOption('oof')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Changed and sent.').waitFor()
    const changed = { subject: 'Retreat', sensitivity: 'private', isAllDay: true, showAs: 'oof' }
    expect(served.tenant.events.find((event) => event.subject === 'Retreat' && event.isOrganizer)).toMatchObject(
      changed,
    )
    expect(await page.getByText('Private', { exact: true }).count()).toBe(1)
    await until(() => copyIn(bob, 'Retreat')?.sensitivity === 'private', { what: 'Bob was told' })
    expect(copyIn('venus@contoso.example', 'Retreat')).toBeDefined()
  })

  test('an invited person answers', async () => {
    await makeMeeting(await signedIn(alice), { subject: 'Review', people: bob, room: '' })
    const page = await signedIn(bob)
    await page.goto(`${served.origin}/outlook?view=day&date=${tomorrow()}`)
    await page.getByRole('link', { name: /Review/ }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByText('Accepted. The organizer is told.').waitFor()
    await until(() => answerOf('Review', bob) === 'accepted', { what: 'the organizer sees the answer' })
  })

  test("a room's delegate opens its calendar and approves; others may not open it", async () => {
    const asker = await signedIn(alice)
    await makeMeeting(asker, { subject: 'Board', people: '', room: 'jupiter@contoso.example' })
    await until(() => answerOf('Board', 'jupiter@contoso.example') === 'tentativelyAccepted', {
      what: 'Jupiter waits for approval',
    })
    const refused = await asker.goto(`${served.origin}/outlook?mailbox=jupiter@contoso.example`)
    expect(refused?.status()).toBe(403)

    const page = await signedIn(carla)
    await page.getByRole('link', { name: 'Jupiter' }).click()
    await page.goto(`${served.origin}/outlook?mailbox=jupiter@contoso.example&view=day&date=${tomorrow()}`)
    await picture(page, 'outlook-delegate')
    await page.getByRole('link', { name: /Tentative/ }).click()
    await page.getByRole('button', { name: 'Accept' }).click()
    await page.getByText('Accepted. The organizer is told.').waitFor()
    await until(() => answerOf('Board', 'jupiter@contoso.example') === 'accepted', {
      what: 'the organizer sees the approval',
    })
  })

  test('a form without its token changes nothing', async () => {
    const page = await signedIn(alice)
    const answer = await page.request.post(`${served.origin}/outlook/new`, {
      form: { subject: 'Forged', csrf: 'guess' },
    })
    expect(answer.status()).toBe(403)
    expect(served.tenant.events.find((event) => event.subject === 'Forged')).toBeUndefined()
  })
})

describe('every page', () => {
  const looks = [
    { name: 'light', dark: false, phone: false },
    { name: 'dark-phone', dark: true, phone: true },
  ]
  test.for(looks)('is accessible and fits: $name', async ({ name, dark, phone }) => {
    await served.control('DELETE', '/consents/44d8e95c-ba5b-50be-9b21-ee8c84cff148')
    const profile = await openProfile(browser, { dark, phone })
    const page = await profile.newPage()
    const check = async (what: string) => {
      await expectAccessible(page)
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(overflow, `${what} scrolls sideways`).toBe(0)
      await picture(page, `tenant-${what}-${name}`)
    }
    await page.goto(served.origin)
    await check('front')
    await page.goto(authorizeUrl('nobody'))
    await check('refusal')
    await page.goto(authorizeUrl())
    await check('username')
    await page.getByLabel('Email address').fill(alice)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await check('password')
    await page.getByLabel('Password').fill('Rehearsal-2026')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await check('consent')
    await page.goto(`${authorizeUrl()}&prompt=select_account`)
    await check('picker')
    await page.goto(`${served.origin}/outlook`)
    await check('outlook')
    await page.getByRole('link', { name: 'New meeting' }).click()
    await check('new-meeting')
    await page.getByLabel('Subject').fill('A meeting')
    await page.getByLabel('Room').selectOption('neptune@contoso.example')
    await page
      .getByRole('button', { name: /Send/ })
      .or(page.getByRole('button', { name: 'Save' }))
      .click()
    await page.getByRole('heading', { name: 'A meeting' }).waitFor()
    await check('event')
    await profile.close()
  })
})

async function signedIn(upn: string): Promise<Page> {
  const profile: BrowserContext = await openProfile(browser)
  const page = await profile.newPage()
  await page.goto(`${served.origin}/outlook`)
  await page.getByLabel('Email address').fill(upn)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Password').fill('Rehearsal-2026')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'New meeting' }).waitFor()
  return page
}

async function makeMeeting(
  page: Page,
  { subject, people, room }: { subject: string; people: string; room: string },
): Promise<void> {
  await page.getByRole('link', { name: 'New meeting' }).click()
  await page.getByLabel('Subject').fill(subject)
  await page.getByLabel('Start (').fill(`${tomorrow()}T10:00`)
  await page.getByLabel('End (').fill(`${tomorrow()}T11:00`)
  await page.getByLabel('Invite').fill(people)
  await page.getByLabel('Room').selectOption(room)
  await page.getByRole('button', { name: /Send|Save/ }).click()
  await page.getByRole('heading', { name: subject }).waitFor()
}

async function seen(page: Page, text: string): Promise<boolean> {
  await page.reload()
  return (await page.getByRole('listitem').filter({ hasText: text }).count()) > 0
}

function tomorrow(): string {
  return new Date(served.tenant.now().getTime() + 86_400_000).toISOString().slice(0, 10)
}

function everyCopyCancelled(subject: string): boolean {
  const organizers = served.tenant.events.find((event) => event.subject === subject && event.isOrganizer)
  return served.tenant.events.listBy(organizers?.iCalUId ?? '').every((copy) => copy.isCancelled)
}

/** Somebody's copy of the meeting that its organizer calls so. */
function copyIn(address: string, subject: string) {
  const meeting = served.tenant.events.find((event) => event.subject === subject && event.isOrganizer)
  const mailboxId = served.tenant.findUser(address)?.id
  return served.tenant.events.listBy(meeting?.iCalUId ?? '').find((copy) => copy.mailboxId === mailboxId)
}

function answerOf(subject: string, address: string): string | undefined {
  const meeting = served.tenant.events.find(
    (event) => event.subject === subject && event.isOrganizer && event.deletedAt === null,
  )
  return meeting?.attendees.find((one) => one.emailAddress.address === address)?.status.response
}

function authorizeUrl(clientId = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'): string {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: 'http://localhost:4400/oauth/callback/exchange-online-personal-auth',
    response_type: 'code',
    scope: 'openid profile offline_access Calendars.ReadWrite Calendars.ReadWrite.Shared',
  })
  return `${served.origin}/${served.tenant.directory.tenantId}/oauth2/v2.0/authorize?${query}`
}
