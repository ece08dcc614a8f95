import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from '../support/browser.ts'
import { openStory, type Story } from '../support/story.ts'

let story: Story
let page: Page
let token = ''
beforeAll(async () => {
  story = await openStory()
  page = await story.signIn('ada.admin@contoso.example', { path: '/console/users' })
}, 120_000)
afterAll(() => story.close())

const asDisplay = (path: string) =>
  fetch(`${story.anteroom.origin}${path}`, { headers: { authorization: `Bearer ${token}` } })

test('an administrator makes an account for a program, and its token is shown once', async () => {
  await page.getByRole('button', { name: 'New service account' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Lobby display')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create the account' }).click()
  await page.getByRole('heading', { name: 'API tokens of Lobby display' }).waitFor()
  await page.getByRole('button', { name: 'Create a token' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('screen at the door')
  await page.getByRole('button', { name: 'Create a token' }).last().click()
  token = (await page.getByText(/^an_pat_\w{8}_\w{36}$/).innerText()).trim()
  expect(token).toMatch(/^an_pat_\w{8}_\w{36}$/)
  await expectAccessible(page)
})

test('the program reads with it, and does nothing else', async () => {
  expect((await asDisplay('/api/rooms')).status).toBe(200)
  expect((await asDisplay('/api/people/users')).status).toBe(403)
})

test('it stands in the list of users, and its token is revoked there', async () => {
  await page.reload()
  await page.getByRole('button', { name: 'API tokens: Lobby display' }).click()
  await page.getByText('screen at the door').waitFor()
  await page.getByRole('button', { name: 'Revoke screen at the door' }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByText('There are none.').waitFor()
  expect((await asDisplay('/api/rooms')).status).toBe(401)
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})
