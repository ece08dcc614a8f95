import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { book, readReservation } from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { examine } from '../support/browser.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { openStory, type Story } from '../support/story.ts'
import { until } from '../support/until.ts'

/** What goes to Outlook is seen, understood and repeated in the console; and what waits for an approver is decided in the portal. */

const [ada, alice, carla] = ['ada.admin', 'alice.meyer', 'carla.rossi'].map((name) => `${name}@contoso.example`) as [
  string,
  string,
  string,
]
let story: Story
let employee: Person
let rooms: Map<string, string>

beforeAll(async () => {
  story = await openStory({ switches: { deliveryDelayMs: 20 } })
  await followFoundingPage(await Person.signIn(story.anteroom.origin, ada))
  employee = await Person.signIn(story.anteroom.origin, alice)
  await employee.authorise()
  rooms = new Map((await employee.call(listRooms)).rooms.map(({ name, id }) => [name, id]))
})
afterAll(async () => {
  await story?.close()
})

let hours = 30
async function reserve(room: string, subject: string): Promise<string> {
  const startsAt = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + hours++ * 3_600_000)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 3_600_000).toISOString() }
  return (await employee.call(book, { body: { roomId: rooms.get(room) ?? '', subject, ...times } })).id
}

function becomes(id: string, state: string) {
  const reached = async () => (await employee.call(readReservation, { params: { id } })).reservation.state === state
  return until(reached, { what: `the reservation is ${state}`, timeoutMs: 20_000 })
}

test('one that Microsoft refused says why, is chosen with the keyboard, and goes through once it is re-processed', async () => {
  const match = { match: 'POST /v1.0/me/events', status: 403, body: { error: { code: 'ErrorAccessDenied' } } }
  await story.tenant.control('POST', '/faults', { times: 1, ...match })
  const failed = await reserve('Mercury', 'Refused at first')
  await becomes(failed, 'failed')
  await becomes(await reserve('Venus', 'At once'), 'confirmed')
  const page = await story.signIn(ada, { path: '/console/sync-events?state=error' })
  await page.getByRole('link', { name: 'Refused at first' }).click()
  await page.getByText('Microsoft does not allow Anteroom to write').first().waitFor()
  await page.getByRole('tab', { name: 'Sent to Graph' }).click()
  await page.getByRole('region', { name: 'Sent to Graph' }).getByText('"transactionId"').waitFor()
  await examine(page, 'sync-event')
  await page.goBack()
  await page.getByRole('checkbox', { name: /^Choose Refused at first/ }).press('Space')
  await examine(page)
  await page.getByRole('button', { name: 'Re-process 1' }).press('Enter')
  await page.getByText('1 re-processed.').waitFor()
  await page.getByText('The room is reserved anew and asked again.').waitFor()
  await examine(page, 'sync-events')
  await becomes(failed, 'confirmed')
})

test('health is one sentence, and every room a square with its word', async () => {
  const page = await story.signIn(ada, { path: '/console/health' })
  await page.getByText(/^All is well\. 12 rooms agree with Outlook\./).waitFor()
  await page.getByRole('link', { name: 'Mercury In step' }).waitFor()
  await examine(page, 'health')
})

test('an approver decides many at once, and whoever asked sees both answers', async () => {
  await story.database.db.updateTable('rooms').set({ own_approval: true }).where('name', '=', 'Saturn').execute()
  const [one, other] = [await reserve('Saturn', 'Board'), await reserve('Saturn', 'Town hall')]
  const approver = await story.signIn(carla, { path: '/approvals' })
  await approver.getByRole('checkbox', { name: 'Choose Board' }).press('Space')
  await approver.getByRole('checkbox', { name: 'Choose Town hall' }).press('Space')
  await examine(approver, 'approvals')
  await approver.getByRole('button', { name: 'Approve 2' }).click()
  await approver.getByRole('textbox', { name: 'A word to whoever asked' }).fill('Enjoy')
  await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await approver.getByText('All 2 approved.').waitFor()
  await approver.getByText('Nothing waits for you').waitFor()
  await Promise.all([becomes(one, 'confirmed'), becomes(other, 'confirmed')])
  const page = await story.signIn(alice, { path: `/reservations/${one}` })
  await page.getByText('Carla Rossi approved it. Enjoy').waitFor()
  await page.getByText('Here: approved').waitFor()
  await openStoryOf(page)
  await examine(page, 'what-each-copy-says')
})

async function openStoryOf(page: Page): Promise<void> {
  await page.getByText('What each copy says', { exact: true }).click()
  await page.getByText('What went to Outlook').waitFor()
}

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})
