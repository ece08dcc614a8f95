import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Switches } from '../../emulator/model.ts'
import { type Anteroom, startAnteroom } from './anteroom.ts'
import { openBrowser, openProfile } from './browser.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { recordTokens } from './recording-proxy.ts'
import { signInInBrowser } from './sign-in-in-browser.ts'
import { startTenant, type TestTenant } from './tenant.ts'

const builtPages = resolve(import.meta.dirname, '../../.build/web')

/** Everything a browser story needs: the tenant, the service on an empty database, and a browser with a profile for each person. */
export type Story = {
  anteroom: Anteroom
  tenant: TestTenant
  /** Where the sign-in pages are for browsers: the tenant, or who reads along between it and Anteroom. */
  microsoft: string
  /** Every token that was issued, if the story reads along. */
  tokens: readonly { name: string; value: string }[]
  browser: Browser
  database: TestDatabase
  /** Somebody's own browser profile, not signed in anywhere yet. */
  openProfile: (options?: { phone?: boolean; dark?: boolean }) => Promise<BrowserContext>
  /** Opens the service in a profile of one's own and signs in with Microsoft; answers with the page that is then open. */
  signIn: (upn: string, options?: { phone?: boolean; path?: string }) => Promise<Page>
  /** What browsers complained about so far: errors in the console, refusals of the content policy, exceptions. */
  complaints: string[]
  close: () => Promise<void>
}

type StoryOptions = {
  switches?: Partial<Switches>
  hosts?: Record<string, string>
  /** Reads along between Anteroom and the tenant, and keeps every token that is issued. */
  readAlong?: boolean
}

export async function openStory({ switches = {}, hosts = {}, readAlong = false }: StoryOptions = {}): Promise<Story> {
  const browser = await openBrowser()
  const port = await freePort()
  const database = await freshDatabase()
  const tenant = await startTenant({ callbackBases: [`http://localhost:${port}`], switches })
  const proxy = readAlong ? await recordTokens(tenant.origin) : null
  const microsoft = proxy?.origin ?? tenant.origin
  const { anteroom, pages } = await startWithPages({ port, database, microsoft, hosts })
  const complaints: string[] = []
  const open: Story['openProfile'] = async (options) => {
    const profile = await openProfile(browser, options)
    profile.setDefaultTimeout(30_000)
    hearComplaints(profile, complaints)
    return profile
  }
  return {
    anteroom,
    tenant,
    microsoft,
    tokens: proxy?.tokens ?? [],
    browser,
    database,
    complaints,
    openProfile: open,
    signIn: async (upn, { phone = false, path = '/' } = {}) => {
      const page = await (await open({ phone })).newPage()
      await page.goto(`${anteroom.origin}${path}`)
      await page.getByRole('button', { name: 'Sign in with Microsoft' }).click()
      await signInInBrowser(page, microsoft, { upn })
      await page.getByRole('button', { name: /^Account of/ }).waitFor()
      return page
    },
    close: async () => {
      await browser.close()
      await anteroom.stop()
      await proxy?.close()
      await tenant.close()
      await database.drop()
      await rm(pages, { recursive: true, force: true })
    },
  }
}

type Parts = { port: number; database: TestDatabase; microsoft: string; hosts: Record<string, string> }

/** With a copy of the web pages: a build that runs meanwhile must not take them away under a story. */
async function startWithPages(parts: Parts) {
  if (!existsSync(builtPages)) throw new Error('The web pages are not built. Run `npm test` once, or `vite build`.')
  const pages = join(builtPages, `../test/web-${parts.port}`)
  await cp(builtPages, pages, { recursive: true })
  const anteroom = await startAnteroom({
    databaseUrl: parts.database.url,
    tenantOrigin: parts.microsoft,
    port: parts.port,
    hosts: parts.hosts,
    env: { ANTEROOM_WEB_DIR: pages },
  })
  return { anteroom, pages }
}

/** Chromium reports what the content policy refused as an error in the console too. */
function hearComplaints(profile: BrowserContext, complaints: string[]): void {
  profile.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.location().url}: ${message.text()}`)
  })
  profile.on('weberror', (problem) => complaints.push(`${problem.page()?.url()}: ${problem.error().stack}`))
}
