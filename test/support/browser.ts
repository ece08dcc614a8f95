import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { until } from './until.ts'

/** Where distributions put Chromium; ANTEROOM_BROWSER may name another one. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

export function findChromium(): string | null {
  const named = process.env.ANTEROOM_BROWSER
  if (named?.startsWith('/')) return named
  return places.find((place) => existsSync(place)) ?? null
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null)
    throw new Error(
      'Chromium was not found. Install it (apt-get install chromium) or set ANTEROOM_BROWSER=/path/to/chromium.',
    )
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** One person's own browser profile: own cookies, so that people are told apart as on real machines. */
export function openProfile(browser: Browser, { phone = false, dark = false } = {}): Promise<BrowserContext> {
  return browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  })
}

/** Pictures for docs are kept only when asked for, so that a test run leaves the tree as it was. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.ANTEROOM_TEST_PICTURES
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/** Accessible in light and in dark, with a picture of the light one if it has a name. Waits until nothing on the page is loading. */
export async function examine(page: Page, name?: string): Promise<void> {
  await until(async () => (await page.locator('main [aria-busy=true]').count()) === 0, { what: 'nothing is loading' })
  if (name !== undefined) await picture(page, name)
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await until(async () => ((await schemeOf(page)) ?? scheme) === scheme, { what: `the page is ${scheme}` })
    await expectAccessible(page)
  }
}

/** What a page of ours shows now; null on the tenant's pages, which leave it to the browser. */
function schemeOf(page: Page): Promise<string | null> {
  return page.locator('html').getAttribute('data-mantine-color-scheme')
}

const require = createRequire(import.meta.url)
let axeSource: string | null = null

type AxeViolation = { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }

/** No violation of WCAG 2 A and AA that axe can see on this page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  axeSource ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
  // Evaluated as an expression by the debugger: the page's own policy forbids script elements and eval, as it should.
  await page.evaluate(axeSource)
  const violations = (await page.evaluate(
    'axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then((result) => result.violations)',
  )) as AxeViolation[]
  const readable = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
  }))
  expect(readable, `accessibility of ${page.url()}`).toEqual([])
}
