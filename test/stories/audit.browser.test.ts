import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordAudit } from '#audit/audit.ts'
import { openStory, type Story } from '../support/story.ts'

let story: Story
let page: Page
beforeAll(async () => {
  story = await openStory()
  const subject = { kind: 'alias', id: '1', name: '<img src=x onerror=alert(1)>' }
  const entry = { actorId: null, actorName: '\u202Enimda', action: 'connections.rename_alias' as const, subject }
  await recordAudit(story.database.db, { ...entry, details: { before: '"><script>alert(1)</script>' } })
  page = await story.signIn('ada.admin@contoso.example', { path: '/console/audit' })
}, 120_000)
afterAll(() => story.close())

const row = (text: string) => page.getByRole('row').filter({ hasText: text })

test('an administrator finds her own sign-in, and what else she did', async () => {
  await row('people.signed_in').filter({ hasText: 'Ada' }).first().waitFor()
  await page
    .getByRole('button', { name: /^Details of entry .*, people\.signed_in/ })
    .first()
    .click()
  await page.getByRole('button', { name: /^Only what Ada/ }).click()
  await page.waitForURL(/actorId=/)
  await row('connections.rename_alias').waitFor({ state: 'detached' })
  await row('people.signed_in').first().waitFor()
})

test('what people wrote is text, in the list as in the details', async () => {
  await page.goto(`${story.anteroom.origin}/console/audit?feature=connections`)
  await row('<img src=x onerror=alert(1)>').waitFor()
  await page.getByRole('button', { name: /connections\.rename_alias/ }).click()
  await page.getByText('<script>alert(1)</script>').waitFor()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  await page.keyboard.press('Escape')
})

test('the list as it is narrowed is saved as a file', async () => {
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  const lines = (await readFile(await (await saving).path(), 'utf8')).split('\r\n')
  expect(lines[0]).toMatch(/^seq,at,actor_id/)
  expect(lines.slice(1).every((line) => line === '' || line.includes(',connections.'))).toBe(true)
})

test('the chain is unbroken, until somebody gets at the table', async () => {
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText(/^\d+ entries, unbroken$/).waitFor()
  const { db } = story.database
  await sql`alter table audit_entries disable trigger user`.execute(db)
  await sql`update audit_entries set actor_name = 'nobody' where seq = 3`.execute(db)
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('Entry 3 was altered').waitFor()
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})
