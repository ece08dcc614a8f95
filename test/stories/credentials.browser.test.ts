import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { examine } from '../support/browser.ts'
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts'
import { openStory, type Story } from '../support/story.ts'

const api = 'https://api.fabrikam.example'

let there: RecordingServer
let story: Story
let page: Page
beforeAll(async () => {
  there = await startRecordingServer()
  story = await openStory({ hosts: { 'api.fabrikam.example': there.origin } })
  page = await story.signIn('ada.admin@contoso.example', { path: '/console/templates' })
}, 120_000)
afterAll(async () => {
  await story.close()
  await there.close()
})
beforeEach(() => {
  there.seen.length = 0
})

const box = (name: string) => page.getByRole('textbox', { name, exact: true })
async function choose(field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
async function openRecord(list: string, name: string): Promise<void> {
  await page.goto(`${story.anteroom.origin}/console/${list}`)
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
}

test('an API key from a template: each field is judged as it is typed, and one press proves it', async () => {
  await choose('Template', 'API key')
  await box('Name').fill('Weather')
  await box('Connection URL').fill('https://evil.example')
  await page.getByText('Credentials may only be sent to').waitFor()
  await box('Connection URL').fill(`${api}/v2`)
  await page.getByText('The value is sent there, and nowhere else.').waitFor()
  await box('Name of the header or parameter').fill('Host')
  await page.getByText('Host is needed for the message itself').waitFor()
  await box('Name of the header or parameter').fill('X-Weather-Key')
  await page.getByLabel(/^API key/).fill('the weather key of contoso')
  await page.getByText('It can be sent so.').waitFor()
  await examine(page, 'template-api-key')
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByText(/Ready\. The API key was set on .* by Ada Okafor\./).waitFor()
  await page.getByRole('button', { name: 'Test now' }).click()
  await page.getByText('api.fabrikam.example/v2 answered with 200.').waitFor()
  expect(there.seen).toMatchObject([{ url: '/v2', headers: { 'x-weather-key': 'the weather key of contoso' } }])
  expect(await page.content()).not.toContain('the weather key of contoso')
  await examine(page, 'credential-api-key')
})

test('another address needs the value again, and the form says so beside the field', async () => {
  await box('Sent to').fill('https://graph.microsoft.com')
  await page.getByRole('button', { name: 'Update' }).click()
  await page.getByText('The API key was entered for the old address.').first().waitFor()
  await page.reload()
})

test('a client certificate: generated, its certificate downloaded, its key nowhere', async () => {
  await page.goto(`${story.anteroom.origin}/console/credentials/new`)
  await choose('Type', 'Client certificate')
  await box('Name').fill('Badge readers')
  await box('Sent to').fill(api)
  await examine(page, 'new-client-certificate')
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByText('The certificate is missing.', { exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'Generate key pair' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).click()
  await page.getByText(/Ready\. The certificate with its private key was set/).waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download certificate' }).click(),
  ])
  const certificate = new X509Certificate(await readFile(await download.path()))
  expect(certificate.subject).toBe('CN=Anteroom Badge readers')
  expect(await page.content()).not.toContain('PRIVATE KEY')
  await examine(page, 'credential-certificate')
})

test('an OAuth app with two secrets and a certificate', async () => {
  await openRecord('oauth-apps', 'Microsoft Exchange Online_personalAuth')
  await page.getByRole('tab', { name: /Client Secrets/ }).click()
  await page.getByRole('button', { name: 'Add another' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Label' }).fill('from 2027')
  await dialog.getByLabel(/^Client Secret/).fill('the-second-secret-of-contoso')
  await dialog.getByRole('textbox', { name: 'Expires on' }).fill('2027-11-30')
  await examine(page, 'add-client-secret')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await page.getByText('Takes the place of all 2 under Client Secrets.', { exact: false }).waitFor()
  await page.getByRole('cell', { name: 'from 2027', exact: true }).waitFor()
  await examine(page, 'client-secrets')

  await page.getByRole('tab', { name: /Certificates/ }).click()
  await page.getByRole('button', { name: 'Generate key pair' }).click()
  await dialog.getByRole('textbox', { name: 'Label' }).fill('Autumn')
  await dialog.getByRole('button', { name: 'Generate' }).click()
  await page.getByRole('cell', { name: 'Autumn', exact: true }).waitFor()
  await choose('Client authentication', 'With a certificate (private_key_jwt)')
  await page.getByRole('combobox', { name: 'Assertions are for' }).waitFor()
  await page.getByRole('button', { name: 'Update' }).click()
  await page.getByText('is saved.').waitFor()
  await examine(page, 'client-certificates')
  await page.getByRole('button', { name: 'Remove Autumn' }).click()
  await page.getByText('Its private key is destroyed with it').waitFor()
  await page.getByRole('button', { name: 'Keep it as it is' }).click()
})

test('a stored password is possible, and said to be better left alone wherever it is chosen', async () => {
  await page.getByRole('tab', { name: /OAuth Entity Profiles/ }).click()
  await page.getByRole('button', { name: 'New profile' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('with a password')
  await choose('Grant type', 'Resource Owner Password')
  await dialog.getByText('Not recommended:', { exact: false }).waitFor()
  await dialog.getByRole('button', { name: 'Submit' }).click()
  await page.getByRole('heading', { name: 'with a password' }).waitFor()
  await openRecord('credentials', 'Ms Graph 2')
  await page.getByRole('combobox', { name: 'OAuth Entity Profile' }).click()
  await page.getByRole('option', { name: 'with a password' }).click()
  await page.getByRole('button', { name: 'Update' }).click()
  await box('User name').waitFor()
  await page.getByText('Not recommended:', { exact: false }).waitFor()
  await examine(page, 'credential-password')
})

test('an alias of type Credential names one, and resolves without a connection', async () => {
  await page.goto(`${story.anteroom.origin}/console/aliases/new`)
  await box('Name').fill('Weather_key')
  await choose('Type', 'Credential')
  await page.getByRole('combobox', { name: 'Credential' }).click()
  await page.getByRole('option', { name: 'Weather (API key)' }).click()
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByText('goes with every call as it is', { exact: false }).first().waitFor()
  await page.getByRole('button', { name: 'How this was found' }).click()
  await examine(page, 'alias-of-a-credential')
})

test('the lists: types and states of credentials, and the calendar of what expires', async () => {
  await page.goto(`${story.anteroom.origin}/console/credentials`)
  await page.getByRole('link', { name: 'Badge readers' }).waitFor()
  await examine(page, 'credentials')
  await page.goto(`${story.anteroom.origin}/console/expiry`)
  await page.getByText('Microsoft Exchange Online_personalAuth: Autumn').waitFor()
  await page.getByRole('link', { name: 'Badge readers' }).waitFor()
  await examine(page, 'expiry')
})

test('a person is sent to give permission, and the page says which is asked for', async () => {
  await openRecord('credentials', 'Ms Graph Personal')
  const id = page.url().split('/').at(-1)?.split('?')[0]
  const phone = await story.signIn('alice.meyer@contoso.example', {
    phone: true,
    path: `/my-connections?authorise=${id}`,
  })
  await phone.getByText('Your permission is asked for').waitFor()
  await examine(phone, 'phone-authorise')
  await phone.goto(`${story.anteroom.origin}/my-connections?authorise=nothing`)
  await phone.getByText('Nothing to authorise').waitFor()
})

test('on a phone, the forms are as usable', async () => {
  const phone = await story.signIn('ada.admin@contoso.example', { phone: true, path: '/console/credentials' })
  await phone.getByRole('link', { name: 'Badge readers' }).click()
  await phone.getByRole('button', { name: 'Download certificate' }).waitFor()
  await examine(phone, 'phone-credential')
  await phone.goto(`${story.anteroom.origin}/console/oauth-apps`)
  await phone.getByRole('link', { name: 'Microsoft Exchange Online_personalAuth' }).click()
  await phone.getByRole('tab', { name: /Certificates/ }).click()
  await phone.getByText('Autumn').waitFor()
  await examine(phone, 'phone-certificates')
})

test('no browser complained, but for the one address refused on purpose', () => {
  expect(story.complaints.filter((complaint) => !complaint.includes('409'))).toEqual([])
})
