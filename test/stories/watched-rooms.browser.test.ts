import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listCredentials, updateCredential } from '#connections/credential.contract.ts'
import { listEntityProfiles } from '#connections/oauth-app.contract.ts'
import { listWatchSubscriptions } from '#watch/subscription.contract.ts'
import { examine, picture } from '../support/browser.ts'
import { getToken, giveProfile } from '../support/founding-page.ts'
import { meetInOutlook } from '../support/outlook-meeting.ts'
import { Person } from '../support/person.ts'
import { openStory, type Story } from '../support/story.ts'
import { until } from '../support/until.ts'

/**
 * An administrator sees how rooms are watched: waiting for a token, then told of changes by Microsoft within seconds, stopped when a
 * calendar suddenly looks empty, and going on with a word. The tests build on each other.
 */

const [ada, mercury] = ['ada.admin@contoso.example', 'mercury@contoso.example']

/** Pictures of every page take long on a busy machine. */
const patient = 120_000

let story: Story
let administrator: Person
let page: Page

beforeAll(async () => {
  story = await openStory({ switches: { notificationBatchMs: 50 } })
  administrator = await Person.signIn(story.anteroom.origin, ada)
  page = await story.signIn(ada, { path: '/console/watched-rooms' })
}, 120_000)
afterAll(async () => {
  await story?.close()
})

const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first()
const open = (path: string) => page.goto(`${story.anteroom.origin}/console/${path}`)
const button = (name: string | RegExp) => page.getByRole('button', { name })

/** Every page as it is on a desk and on a phone, in light and in dark, when pictures are asked for. */
async function look(name: string): Promise<void> {
  await examine(page, name)
  for (const [width, height] of [
    [390, 844],
    [1440, 900],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: width === 390 ? 'light' : 'dark' })
    await picture(page, `${name}-${width}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** The application's own token, which may read every room and be told of changes. */
async function giveApplicationToken(): Promise<void> {
  const { rows } = await administrator.call(listCredentials, { query: { q: 'Ms Graph 2' } })
  const profiles = await administrator.call(listEntityProfiles, { query: { q: 'clientCredentials default_profile' } })
  const [credential, profile] = [rows[0], profiles.rows[0]]
  if (credential === undefined || profile === undefined) throw new Error('the shipped records are not there')
  const body = { oauthEntityProfileId: profile.id, version: credential.version, expectedAccount: null }
  await administrator.call(updateCredential, { params: { id: credential.id }, body })
  await getToken(administrator, 'Ms Graph 2', '')
}

const activeSubscriptions = async () =>
  (await administrator.call(listWatchSubscriptions, { query: { state: 'active' } })).rows

test(
  'before there is a token every room waits for one, and says so',
  async () => {
    await page.getByRole('row', { name: /^Mercury Waiting/ }).waitFor()
    await look('watched-rooms-waiting')
    await page.getByRole('link', { name: 'Mercury' }).click()
    await heading('Mercury').waitFor()
    await page.getByText('It waits, and goes on by itself').waitFor()
    await look('watched-room-waiting')
  },
  patient,
)

test(
  'lists that are still empty explain themselves',
  async () => {
    for (const [path, text] of [
      ['calendar-items', 'Nothing was read yet'],
      ['notifications', 'Nothing was told in the last two days'],
      ['subscriptions', 'Microsoft is not asked to tell of anything'],
    ] as const) {
      await open(path)
      await page.getByText(text).waitFor()
      await examine(page)
    }
  },
  patient,
)

test(
  'with the application’s token rooms are watched, and Microsoft is asked to tell',
  async () => {
    await giveProfile(administrator, 'Ms Graph 1')
    await getToken(administrator, 'Ms Graph 1', 'rooms@contoso.example')
    await giveApplicationToken()
    await open('watched-rooms')
    await page.getByRole('row', { name: /^Mercury Watched Follows changes/ }).waitFor({ timeout: 60_000 })
    const all = async () => (await activeSubscriptions()).length > 5
    await until(all, { what: 'the rooms are subscribed to', timeoutMs: 40_000 })
    await look('watched-rooms')
    await open('subscriptions')
    await page.getByRole('row', { name: /mercury@contoso.example Mercury Active/ }).waitFor()
    await look('subscriptions')
  },
  patient,
)

test(
  'a meeting that is made in Outlook is here within seconds, without a reload',
  async () => {
    await open('calendar-items')
    await meetInOutlook(story.tenant, mercury, { inHours: 3, subject: 'Budget' })
    await page.getByRole('row', { name: /Alice Meyer Mercury/ }).waitFor({ timeout: 20_000 })
    await page.getByRole('row', { name: /Accepted Compared/ }).waitFor({ timeout: 20_000 })
    await look('calendar-items')
    await page.getByRole('link', { name: /Alice Meyer/ }).click()
    await heading(/Alice Meyer/).waitFor()
    await look('calendar-item')
    await button('Re-process').click()
    await page.getByText('It is compared with the reservations now.').waitFor()
    await open('notifications')
    await page
      .getByRole('row', { name: /Mercury .*Handled/ })
      .first()
      .waitFor()
    await look('notifications')
  },
  patient,
)

test(
  'a calendar that suddenly looks empty is not believed; Read again finds everything there',
  async () => {
    for (let hour = 4; hour < 10; hour++)
      await meetInOutlook(story.tenant, mercury, { inHours: hour * 2, subject: `Meeting ${hour}` })
    await open('calendar-items?state=compared')
    await page.getByText(/of 7$/).waitFor({ timeout: 30_000 })
    await story.tenant.control('POST', `/mailboxes/${mercury}/evict-delta`)
    const match = 'GET /v1.0/users/*/calendarView/delta'
    await story.tenant.control('POST', '/faults', { match, mailbox: mercury, times: 2, emptyList: true })
    await open('watched-rooms?q=mercury')
    await page.getByRole('link', { name: 'Mercury' }).click()
    await button('Read now').click()
    await page.getByText('Held until an administrator decides').waitFor({ timeout: 30_000 })
    await page.getByText(/of 7 coming meetings are no longer in the calendar of Mercury/).waitFor()
    await look('watched-room-held')
    await button('They are gone').click()
    await page.getByText('Each of the missing meetings is asked for once more').waitFor()
    await button('Keep it as it is').click()
    await button('Read again').click()
    await page.getByText('It goes on, and is being read.').waitFor()
    await page.getByText('Held until an administrator decides').waitFor({ state: 'detached' })
    await button('Compare now').click()
    await page.getByText('0 by the last comparison').waitFor({ timeout: 30_000 })
    await look('watched-room')
  },
  patient,
)

test(
  'the callback URL is rotated, and everything goes on',
  async () => {
    await open('webhook-registry')
    await heading('WSDRS Event Subscription').waitFor()
    await look('webhook-registry')
    const before = await page.getByText(/\/api\/watch\/notifications\//).innerText()
    await button('Rotate').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click()
    await until(async () => (await page.getByText(/\/api\/watch\/notifications\//).innerText()) !== before, {
      what: 'it is another',
    })
    const moved = async () => (await activeSubscriptions()).every(({ isAtOldAddress }) => !isAtOldAddress)
    await until(moved, { what: 'every subscription has the new address', timeoutMs: 60_000 })
    expect((await fetch(before, { method: 'POST', body: '{"value":[]}' })).status).toBeLessThan(500)
    expect(story.complaints).toEqual([])
  },
  patient,
)
