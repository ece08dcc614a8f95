import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listOAuthApps, readOAuthApp, updateOAuthApp } from '#connections/oauth-app.contract.ts'
import { connectionOf } from '#db/database.ts'
import { openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { examine, picture } from '../support/browser.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { openStory, type Story } from '../support/story.ts'

/** What an administrator looks at to know that all is well: what expires, who was told, what tokens were used for, and what seals them. */
const [ada, alice] = ['ada.admin@contoso.example', 'alice.meyer@contoso.example'] as const
const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const systemAlias = 'exchange_online.Microsoft_Exchange_Online'

let story: Story
let page: Page
let administrator: Person
let employee: Person
beforeAll(async () => {
  story = await openStory()
  administrator = await Person.signIn(story.anteroom.origin, ada)
  await followFoundingPage(administrator)
  employee = await Person.signIn(story.anteroom.origin, alice)
  await employee.authorise()
  page = await story.signIn(ada, { path: '/console/expiry' })
}, 180_000)
afterAll(() => story.close())

const row = (text: string | RegExp) => page.getByRole('row').filter({ hasText: text })
const open = async (place: string) => {
  await page.goto(`${story.anteroom.origin}/console/${place}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}

test('Expiry: client secrets by their day, and a permission that could not be renewed, the soonest first', async () => {
  const { rows } = await administrator.call(listOAuthApps)
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  for (const [index, { id }] of rows.entries()) {
    const { version } = await administrator.call(readOAuthApp, { params: { id } })
    const clientSecretExpiresOn = inDays(index === 0 ? 5 : 200)
    await administrator.call(updateOAuthApp, { params: { id }, body: { version, clientSecretExpiresOn } })
  }
  await sql`update tokens set works_until = now() + interval '1 day 1 hour' where user_id is not null`.execute(
    story.database.db,
  )
  await open('expiry')
  await row(alice).waitFor()
  await row('5 days').waitFor()
  expect(await page.getByRole('row').nth(1).innerText()).toContain(alice)
  await examine(page, 'expiry')
})

test('Mail: the warning and a test letter are there, with where they went', async () => {
  const jobs = openJobs({ connection: connectionOf(story.database.db), log: silentLog, ...realSeams })
  await jobs.start()
  await jobs.add('connections.warn_of_expiry', {})
  await jobs.stop()
  await open('mail')
  await page.getByRole('button', { name: 'Send me a test letter' }).click()
  await row('a test letter').filter({ hasText: 'Sent' }).waitFor()
  await row('expires in 5 days').filter({ hasText: 'Sent' }).first().waitFor()
  await page.getByText('No mail server is named').waitFor()
  await page.getByRole('alert').filter({ hasText: 'Test letter written' }).getByRole('button', { name: 'Hide' }).click()
  await sql`update letters set state = 'failed', sent_at = null, tries = 3, trouble = 'mail.contoso.example:587 did not take the letter to nobody@contoso.example: 550 5.1.1 no such person'
    where id = (select id from letters order by written_at limit 1)`.execute(story.database.db)
  await row('550 5.1.1').waitFor()
  await examine(page, 'mail')
  await page.getByRole('button', { name: /^Try again: / }).click()
  await row('550 5.1.1').waitFor({ state: 'detached' })
})

test('Audit: what a permission was used for, how often, and by whom', async () => {
  for (let n = 0; n < 30; n++) await employee.send('GET', `/api/connections/aliases/${personalAlias}/proxy/v1.0/me`)
  for (let n = 0; n < 3; n++) await administrator.send('GET', `/api/connections/aliases/${systemAlias}/proxy/v1.0/me`)
  await open('audit?feature=connections')
  await row('connections.use_token').filter({ hasText: 'Alice Meyer' }).first().waitFor()
  await examine(page, 'audit')
  await page
    .getByRole('button', { name: /^Details of entry .*, connections\.proxy_call/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('table', { name: 'Calls' }).waitFor()
  await picture(page, 'audit-entry')
  expect(await dialog.innerText()).toContain('graph.microsoft.com/v1.0/me')
  await page.keyboard.press('Escape')
})

test('Keys: a change of key, from the button to the end, while tokens work', async () => {
  await open('keys')
  await row('In use').waitFor()
  await page.getByRole('button', { name: 'Change the key' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change the key' }).click()
  await page.getByText('A new key is being distributed').waitFor()
  await picture(page, 'keys-distributed')
  await row('Opens older values').waitFor({ timeout: 90_000 })
  const answer = await employee.send('GET', `/api/connections/aliases/${personalAlias}/proxy/v1.0/me`)
  expect(answer.status).toBe(200)
  await row(/Opens older values\s*0/).waitFor()
  await examine(page, 'keys')
  await page.setViewportSize({ width: 390, height: 844 })
  await examine(page, 'keys-phone')
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('My connections: a permission is taken back, and the receipt says what is left to do', async () => {
  const own = await story.signIn(alice, { path: '/my-connections' })
  await own
    .getByRole('button', { name: /^Revoke/ })
    .first()
    .click()
  await own
    .getByRole('dialog')
    .getByRole('button', { name: /^Revoke/ })
    .click()
  await own.getByText('Anteroom destroyed its copy of the token').waitFor()
  await examine(own, 'revocation-receipt')
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})
