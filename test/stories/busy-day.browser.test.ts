import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { book } from '#reservations/contract.ts'
import { listRooms, type Room } from '#rooms/contract.ts'
import { examine, picture } from '../support/browser.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { signInInBrowser } from '../support/sign-in-in-browser.ts'
import { openStory, type Story } from '../support/story.ts'

/** A day on which many rooms are taken already: finding one that is free, and one that a person has to agree to. */

const upn = (name: string) => `${name}@contoso.example`
const [ada, alice, carla] = [upn('ada.admin'), upn('alice.meyer'), upn('carla.rossi')]
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

/** Who, which room, from and to by the clock in Berlin, what. */
const taken = [
  ['alice.meyer', 'Mars', '13:00', '13:30', 'One to one'],
  ['alice.meyer', 'Saturn', '15:30', '17:00', 'Roadmap review'],
  ['bob.tanaka', 'Mercury', '09:00', '10:30', 'Quarterly numbers'],
  ['bob.tanaka', 'Venus', '13:00', '14:30', 'Interview'],
  ['bob.tanaka', 'Neptune', '11:00', '11:30', 'Call'],
  ['carla.rossi', 'Saturn', '08:30', '12:00', 'Workshop'],
  ['carla.rossi', 'Mars', '09:30', '11:00', 'Budget'],
  ['carla.rossi', 'Mercury', '14:00', '15:30', 'Design critique'],
  ['david.stone', 'Venus', '10:00', '11:00', 'Stand-up'],
  ['david.stone', 'Neptune', '14:00', '15:00', 'Coaching'],
  ['emma.larsen', 'Mercury', '12:00', '13:00', 'Lunch and learn'],
  ['emma.larsen', 'Mars', '15:00', '16:30', 'Retrospective'],
  ['emma.larsen', 'Neptune', '08:00', '09:30', 'Focus'],
] as const

let story: Story

beforeAll(async () => {
  story = await openStory({ switches: { deliveryDelayMs: 20 } })
  await followFoundingPage(await Person.signIn(story.anteroom.origin, ada))
  await takeRooms()
})
afterAll(async () => {
  await story?.close()
})

test('what is taken and what is free is seen at a glance', async () => {
  const page = await story.signIn(alice, { path: wish('11:00', '12:00', 4) })
  await bookButton(page, 'Jupiter').waitFor()
  for (const [, room, , , subject] of taken.filter(([, room]) => room !== 'Neptune')) {
    await page.locator(`[data-room="${room}"]`).getByText(subject).waitFor()
  }
  await examine(page, 'find-a-room')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'find-a-room-dark')
})

test('a room that needs approval waits, and its delegate accepts it in Outlook', async () => {
  const page = await story.signIn(alice, { path: wish('10:00', '11:00', 14) })
  await bookButton(page, 'Jupiter').click()
  await page.getByRole('textbox', { name: 'Subject' }).fill('Board')
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await page.getByText(/^Jupiter, 10:00–11:00: waiting for approval$/).waitFor()
  await page.getByRole('link', { name: 'Details' }).click()
  await page.getByRole('heading', { name: 'Board' }).waitFor()
  await examine(page)

  await acceptInOutlook('jupiter@contoso.example')
  await page.getByRole('status').filter({ hasText: 'Confirmed' }).waitFor()
  await examine(page)
})

test('on a phone the same day fits, and nothing scrolls sideways', async () => {
  const page = await story.signIn(alice, { path: wish('17:00', '17:30', 4), phone: true })
  await bookButton(page, 'Jupiter').waitFor()
  await examine(page, 'phone-find-a-room')
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
})

test('no browser complained', () => {
  expect(story.complaints).toEqual([])
})

async function takeRooms(): Promise<void> {
  const people = new Map<string, Person>()
  for (const [who, room, from, to, subject] of taken) {
    const person = people.get(who) ?? (await authorised(who))
    people.set(who, person)
    const { rooms } = await person.call(listRooms)
    const body = { roomId: idOf(rooms, room), subject, startsAt: berlin(from), endsAt: berlin(to) }
    await person.call(book, { body })
  }
}

async function authorised(name: string): Promise<Person> {
  const person = await Person.signIn(story.anteroom.origin, upn(name))
  await person.authorise()
  return person
}

function idOf(rooms: readonly Room[], name: string): string {
  const room = rooms.find((candidate) => candidate.name === name)
  if (room === undefined) throw new Error(`there is no room ${name}`)
  return room.id
}

function berlin(clock: string): string {
  return Temporal.PlainDateTime.from(`${tomorrow}T${clock}`)
    .toZonedDateTime('Europe/Berlin')
    .toInstant()
    .toString({ fractionalSecondDigits: 3 })
}

function wish(from: string, to: string, people: number): string {
  return `/?date=${tomorrow}&from=${from}&to=${to}&people=${people}`
}

function bookButton(page: Page, room: string) {
  return page.getByRole('button', { name: new RegExp(`^(Book|Reserve) ${room},`) })
}

/** The person who looks after the room, in Outlook. */
async function acceptInOutlook(room: string): Promise<void> {
  const profile = await story.openProfile()
  const page = await profile.newPage()
  await page.goto(`${story.tenant.origin}/outlook`)
  await signInInBrowser(page, story.tenant.origin, { upn: carla })
  await page.goto(`${story.tenant.origin}/outlook?mailbox=${room}&view=day&date=${tomorrow}`)
  await page.getByRole('link', { name: /Tentative/ }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByText('Accepted. The organizer is told.').waitFor()
  await profile.close()
}
