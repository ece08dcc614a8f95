import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { examine } from '../support/browser.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'

/** A desk that was left alone: what would hurt asks for the password, in place, and what was entered goes on by itself. */
const ada = 'ada.admin@contoso.example'

let story: Story
let page: Page
beforeAll(async () => {
  story = await openStory()
  page = await story.signIn(ada, { path: '/console/connections' })
}, 120_000)
afterAll(() => story.close())

const dialog = () => page.getByRole('dialog', { name: 'Confirm that it is you' })

/** Everybody gave their password an hour ago, here and at Microsoft. */
async function anHourPasses(): Promise<void> {
  await sql`update sessions set proved_at = proved_at - interval '1 hour'`.execute(story.database.db)
  for (const session of story.tenant.tenant.browserSessions.list()) {
    const earlier = Object.entries(session.signedInAt ?? {}).map(([id, at]) => [
      id,
      new Date(Date.parse(at) - 3_600_000).toISOString(),
    ])
    story.tenant.tenant.browserSessions.put({ ...session, signedInAt: Object.fromEntries(earlier) })
  }
}

async function confirmAtMicrosoft(): Promise<string[]> {
  const steps: string[] = []
  const popup = page.waitForEvent('popup')
  await dialog().getByRole('button', { name: 'Confirm at Microsoft' }).click()
  await signInInBrowser(await popup, story.tenant.origin, {
    upn: ada,
    onPage: async (_, step) => void steps.push(step),
  })
  return steps
}

test('right after signing in, a Connection URL is changed without further ado', async () => {
  await page.getByRole('link', { name: 'Ms Graph 1', exact: true }).first().click()
  await page.getByLabel('Connection URL').fill('https://graph.microsoft.us')
  await page.getByRole('button', { name: 'Update' }).first().click()
  await page.getByRole('alert').filter({ hasText: 'Updated' }).waitFor()
  expect(await dialog().count()).toBe(0)
})

test('an hour later it asks; whoever closes the dialog changes nothing, and what was entered is still there', async () => {
  await anHourPasses()
  await page.getByLabel('Connection URL').fill('https://graph.microsoft.com')
  await page.getByRole('button', { name: 'Update' }).first().click()
  await dialog().waitFor()
  await examine(page, 'recent-sign-in')
  await page.setViewportSize({ width: 390, height: 844 })
  await examine(page, 'recent-sign-in-phone')
  await page.setViewportSize({ width: 1440, height: 900 })
  await dialog().getByRole('button', { name: 'Close without confirming' }).click()
  await page.getByText('This needs a sign-in of the last 10 minutes').first().waitFor()
  expect(await page.getByLabel('Connection URL').inputValue()).toBe('https://graph.microsoft.com')
  const { rows } = await sql<{ connection_url: string }>`
    select connection_url from connections where name = 'Ms Graph 1'`.execute(story.database.db)
  expect(rows).toEqual([{ connection_url: 'https://graph.microsoft.us' }])
})

test('with the password at Microsoft, in a window over the page, the change goes on', async () => {
  await page.getByRole('button', { name: 'Update' }).first().click()
  expect(await confirmAtMicrosoft()).toEqual(['password'])
  await dialog().waitFor({ state: 'detached' })
  const saved = async () => {
    const { rows } = await sql<{ connection_url: string }>`
      select connection_url from connections where name = 'Ms Graph 1'`.execute(story.database.db)
    return rows[0]?.connection_url
  }
  await expect.poll(saved, { timeout: 15_000 }).toBe('https://graph.microsoft.com')
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
})

test('a local administrator gives the password in the dialog', async () => {
  const local = await (await story.openProfile()).newPage()
  await local.goto(`${story.anteroom.origin}/setup`)
  await local.getByLabel(/code/i).fill(story.anteroom.setupCode())
  await local.getByLabel('E-mail').fill('root@contoso.example')
  await local.getByLabel('Name').fill('Root')
  await local.getByLabel('Password').first().fill('four unrelated words here')
  await local.getByRole('button', { name: /create/i }).click()
  await local.getByRole('button', { name: /^Account of/ }).waitFor()
  await anHourPasses()
  await local.goto(`${story.anteroom.origin}/account`)
  await local.getByRole('button', { name: 'Create a token' }).click()
  await local.getByRole('textbox', { name: 'Name' }).fill('deployment')
  await local.getByRole('checkbox', { name: /everything/i }).check()
  await local.getByRole('button', { name: 'Create a token' }).last().click()
  const asked = local.getByRole('dialog', { name: 'Confirm that it is you' })
  await asked.getByRole('textbox', { name: 'Password' }).fill('not the password')
  await asked.getByRole('button', { name: 'Confirm', exact: true }).click()
  await asked.getByText('This is not your password.').waitFor()
  await asked.getByRole('textbox', { name: 'Password' }).fill('four unrelated words here')
  await asked.getByRole('button', { name: 'Confirm', exact: true }).click()
  await local.getByText(/^an_pat_\w{8}_\w{36}$/).waitFor()
})

test('no browser complained of anything but the refusals', () => {
  const refusal = /the server responded with a status of (401|403)/
  expect(story.complaints.filter((complaint) => !refusal.test(complaint))).toEqual([])
})
