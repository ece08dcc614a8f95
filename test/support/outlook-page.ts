import type { Page } from 'playwright-core'
import { signInInBrowser } from './sign-in-in-browser.ts'
import type { Story } from './story.ts'

type Times = { date: string; from: string; to: string }

/** The tenant's Outlook in a browser of somebody's own, used as a person does. */
export class OutlookPage {
  readonly page: Page
  readonly #origin: string

  private constructor(page: Page, origin: string) {
    this.page = page
    this.#origin = origin
  }

  static async open({ openProfile, tenant }: Story, upn: string): Promise<OutlookPage> {
    const page = await (await openProfile()).newPage()
    await page.goto(`${tenant.origin}/outlook`)
    await signInInBrowser(page, tenant.origin, { upn })
    return new OutlookPage(page, tenant.origin)
  }

  /** Leaves the new meeting open. */
  async meet({ subject, room, ...times }: Times & { subject: string; room: string }): Promise<void> {
    await this.page.getByRole('link', { name: 'New meeting' }).click()
    await this.page.getByLabel('Subject').fill(subject)
    await this.#fillTimes(times)
    await this.page.getByLabel('Room').selectOption(room)
    await this.page.getByRole('button', { name: /Send|Save/ }).click()
    await this.page.getByRole('heading', { name: subject }).waitFor()
  }

  /** Of the meeting that is open. */
  async move(times: Times): Promise<void> {
    await this.page.getByRole('link', { name: 'Change' }).click()
    await this.#fillTimes(times)
    await this.#send()
  }

  async rename(subject: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Change' }).click()
    await this.page.getByLabel('Subject').fill(subject)
    await this.#send()
  }

  /** Accepts what waits in a room's calendar on a day, as whoever looks after the room. */
  async approve(room: string, date: string): Promise<void> {
    await this.page.goto(`${this.#origin}/outlook?mailbox=${room}&view=day&date=${date}`)
    await this.page.getByRole('link', { name: /Tentative/ }).click()
    await this.page.getByRole('button', { name: 'Accept' }).click()
    await this.page.getByText('Accepted. The organizer is told.').waitFor()
  }

  async #fillTimes({ date, from, to }: Times): Promise<void> {
    await this.page.getByLabel('Start (').fill(`${date}T${from}`)
    await this.page.getByLabel('End (').fill(`${date}T${to}`)
  }

  async #send(): Promise<void> {
    await this.page.getByRole('button', { name: 'Send' }).click()
    await this.page.getByText('Changed and sent.').waitFor()
  }
}
