import type { Page } from 'playwright-core'
import { demoPassword } from './person.ts'
import { until } from './until.ts'

export type BrowserSignIn = {
  upn: string
  /** Accept (the default) or cancel, should the tenant ask. */
  consent?: boolean
  /** Called on every page of the tenant before it is filled in. */
  onPage?: (page: Page, step: string) => Promise<void>
}

const mostSteps = 8

/**
 * Signs somebody in on the tenant's pages that this browser window is on, or is about to be sent to, by reading and clicking as a person
 * does. Ends when the window has left those pages again, or has closed.
 */
export async function signInInBrowser(page: Page, tenantOrigin: string, signIn: BrowserSignIn): Promise<void> {
  await until(() => page.isClosed() || isAt(page, tenantOrigin), {
    what: 'the window has gone on to the tenant',
  })
  for (let count = 0; count < mostSteps; count++) {
    const step = await stepOf(page, tenantOrigin)
    if (step === null) return
    await signIn.onPage?.(page, step)
    await answer(page, step, signIn)
    await until(async () => (await stepOf(page, tenantOrigin)) !== step, { what: `the tenant has taken "${step}"` })
  }
  throw new Error(`The sign-in of ${signIn.upn} did not end within ${mostSteps} pages.`)
}

function isAt(page: Page, origin: string): boolean {
  return page.url().startsWith(origin)
}

/** The hidden field that says which of the tenant's pages this is; null when the window has left them or is closed. */
async function stepOf(page: Page, tenantOrigin: string): Promise<string | null> {
  const look = async () => {
    if (page.isClosed() || !isAt(page, tenantOrigin)) return { step: null }
    // The tenant's own Outlook is a place that a sign-in leads to.
    if ((await page.getByRole('link', { name: 'Switch account' }).count()) > 0) return { step: null }
    return { step: await page.locator('input[name="step"]').first().inputValue({ timeout: 250 }) }
  }
  const { step } = await until(look, { what: 'the tenant shows a form' })
  return step
}

async function answer(page: Page, step: string, { upn, consent = true }: BrowserSignIn): Promise<void> {
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
  if (step === 'username') {
    await page.getByLabel('Email address').fill(upn)
    return press('Next')
  }
  if (step === 'password') {
    const asked = await page.locator('input[type="hidden"][name="username"]').inputValue()
    if (asked.toLowerCase() !== upn) return press('Back')
    await page.getByLabel('Password').fill(demoPassword)
    return press('Sign in')
  }
  if (step === 'pick') {
    const known = page.getByRole('button', { name: upn })
    return (await known.count()) > 0 ? known.click() : press('Use another account')
  }
  return press(consent ? 'Accept' : 'Cancel')
}
