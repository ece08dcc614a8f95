import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCredential, updateCredential } from '#connections/credential.contract.ts'
import { listOAuthApps, readOAuthApp, updateOAuthApp } from '#connections/oauth-app.contract.ts'
import { getOAuthToken, listPersonalConnections } from '#connections/token.contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { readFindings, readSetup } from '#scan/contract.ts'
import { type Anteroom, startAnteroom } from '../support/anteroom.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { personal } from '../support/entra-client.ts'
import { credentialNamed, delegatedUser, getToken, giveProfile } from '../support/founding-page.ts'
import { freePort } from '../support/free-port.ts'
import { Person } from '../support/person.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'

/** What an administrator of a real organisation finds: shipped records, no demo data, and a one-time code in the log. */
describe('an installation without demo data', () => {
  let database: TestDatabase
  let tenant: TestTenant
  let anteroom: Anteroom
  let administrator: Person

  beforeAll(async () => {
    const port = await freePort()
    database = await freshDatabase()
    tenant = await startTenant({ callbackBases: [`http://localhost:${port}`] })
    anteroom = await startAnteroom({
      databaseUrl: database.url,
      tenantOrigin: tenant.origin,
      port,
      env: { ANTEROOM_DEMO: 'off' },
    })
    administrator = await Person.setUp(anteroom.origin, anteroom.setupCode())
  })
  afterAll(async () => {
    await anteroom?.stop()
    await tenant?.close()
    await database?.drop()
  })

  test('the one-time code makes one administrator, and then no other', async () => {
    await expect(Person.setUp(anteroom.origin, anteroom.setupCode())).rejects.toThrow(/people\.setup_done/)
    expect((await administrator.call(listRooms)).rooms).toEqual([])
  })

  test('no calendar provider is shipped; set-up and scan say that one comes next', async () => {
    const { afterwards } = await administrator.call(readSetup)
    expect(afterwards.map(({ key, state, link }) => [key, state, link])).toEqual([
      ['calendar-provider', 'next', '/console/calendar-providers/new'],
      ['rooms', 'waiting', '/console/rooms/new'],
      ['sync-configurations', 'waiting', '/console/sync-configurations'],
    ])
    const { findings } = await administrator.call(readFindings)
    expect(findings).toMatchObject([{ check: 'no-active-provider', link: '/console/calendar-providers/new' }])
  })

  test('before the application registry is filled in, Get OAuth Token says what is missing and calls nobody', async () => {
    const { id } = await credentialNamed(administrator, 'Ms Graph 1')
    const pressed = administrator.call(getOAuthToken, { params: { id }, body: {} })
    await expect(pressed).rejects.toThrow(/connections\.profile_missing/)
    expect(tenant.ledger()).toEqual([])
    expect(await openSteps()).toEqual([
      'application-registry next',
      'personal-credential waiting',
      'token-ms-graph-1 waiting',
      'token-ms-graph-2 waiting',
      'proof waiting',
    ])
  })

  test('saving the registry generates its default profile, and the founding page can be followed to its end', async () => {
    await saveRegistry()
    for (const name of ['Ms Graph Personal', 'Ms Graph 1', 'Ms Graph 2']) await giveProfile(administrator, name)
    for (const name of ['Ms Graph 1', 'Ms Graph 2']) {
      await nameDelegatedUser(name)
      const { token } = await getToken(administrator, name, delegatedUser)
      expect(token).toMatchObject({
        state: 'ready',
        account: { email: delegatedUser, matchesExpected: true },
        probe: { ok: true },
      })
    }
    expect(await openSteps()).toEqual([])
  })

  test('a local administrator has no Microsoft account, and is told so instead of being sent to sign in', async () => {
    const { connections } = await administrator.call(listPersonalConnections)
    expect(connections.map(({ credential }) => credential.name)).toEqual(['Ms Graph Personal'])
    await expect(administrator.authorise()).rejects.toThrow(/connections\.no_microsoft_account/)
  })

  async function openSteps(): Promise<string[]> {
    const { steps } = await administrator.call(readSetup, { query: { applicationScopeKey: 'workplace_calendar_sync' } })
    return steps.filter(({ state }) => state !== 'done').map(({ key, state }) => `${key} ${state}`)
  }

  /** What the administrator copies from the app registration of their tenant. */
  async function saveRegistry(): Promise<void> {
    const { rows } = await administrator.call(listOAuthApps, { query: { q: 'personalAuth' } })
    const app = await administrator.call(readOAuthApp, { params: { id: rows[0]?.id ?? '' } })
    expect(app.profiles, 'no profile before the first save').toEqual([])
    const addresses = `https://login.microsoftonline.com/${tenant.tenant.directory.tenantId}/oauth2/v2.0`
    const body = {
      clientId: personal.client_id,
      clientSecret: personal.client_secret,
      authorizationUrl: `${addresses}/authorize`,
      tokenUrl: `${addresses}/token`,
      version: app.version,
    }
    const saved = await administrator.call(updateOAuthApp, { params: { id: app.id }, body })
    expect(saved.profiles.map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['Microsoft Exchange Online_personalAuth default_profile', true],
    ])
    expect(JSON.stringify(saved)).not.toContain(personal.client_secret)
  }

  async function nameDelegatedUser(name: string): Promise<void> {
    const { id } = await credentialNamed(administrator, name)
    const { version } = await administrator.call(readCredential, { params: { id } })
    await administrator.call(updateCredential, { params: { id }, body: { expectedAccount: delegatedUser, version } })
  }
})
