import { type AuthenticationResult, ConfidentialClientApplication, type Configuration } from '@azure/msal-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signInAtTenant } from '../support/sign-in-at-tenant.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'

/** Microsoft's own client, unchanged, over https as it insists; the tenant's discovery names this server instead of Microsoft's. */

const alice = 'alice.meyer@contoso.example'
const redirectUri = 'http://localhost:4400/oauth/callback/exchange-online-personal-auth'
const scopes = ['https://graph.microsoft.com/Calendars.ReadWrite']

let served: TestTenant

beforeAll(async () => {
  served = await startTenant({ tls: true, switches: { endpointsOn: 'self', accessTokenLifetimeSeconds: 3600 } })
})
afterAll(() => served.close())

describe('@azure/msal-node', () => {
  test('signs a person in by authorization code and refreshes silently', async () => {
    const client = personalClient()
    const tokens = await signIn(client)
    expect(tokens.account).toMatchObject({
      username: alice,
      tenantId: served.tenant.directory.tenantId,
      name: 'Alice Meyer',
    })
    expect(tokens.uniqueId).toBe(served.tenant.findUser(alice)?.id)
    expect(tokens.scopes.join(' ')).toContain('Calendars.ReadWrite')

    const cached = await client.acquireTokenSilent({ account: accountOf(tokens), scopes })
    expect(cached.fromCache).toBe(true)
    const refreshed = await client.acquireTokenSilent({ account: accountOf(tokens), scopes, forceRefresh: true })
    expect(refreshed.fromCache).toBe(false)
    expect(refreshed.accessToken).not.toBe(tokens.accessToken)
    expect(served.ledger().at(-1)).toMatchObject({ grantType: 'refresh_token', accountName: alice, status: 200 })
  })

  test('says that a person is needed when the sessions were revoked', async () => {
    const client = personalClient()
    const tokens = await signIn(client)
    await served.control('POST', `/users/${alice}/revoke-sessions`)
    const silent = client.acquireTokenSilent({ account: accountOf(tokens), scopes, forceRefresh: true })
    await expect(silent).rejects.toMatchObject({
      errorCode: 'invalid_grant',
      errorMessage: expect.stringContaining('AADSTS50173'),
    })
  })

  test('gets an application token by client credentials, once', async () => {
    const client = new ConfidentialClientApplication(
      configurationOf('a9ad7f7d-4618-5e0b-8855-9589ea44b233', 'local-client-credentials-secret-for-rehearsal-only'),
    )
    const asked = { scopes: ['https://graph.microsoft.com/.default'] }
    const first = await client.acquireTokenByClientCredential(asked)
    const second = await client.acquireTokenByClientCredential(asked)
    expect(first?.tokenType).toBe('Bearer')
    expect(second).toMatchObject({ fromCache: true, accessToken: first?.accessToken })
  })

  test('reports a wrong secret as Microsoft does', async () => {
    const client = new ConfidentialClientApplication(configurationOf('a9ad7f7d-4618-5e0b-8855-9589ea44b233', 'wrong'))
    const asked = client.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] })
    await expect(asked).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorMessage: expect.stringContaining('AADSTS7000215'),
    })
  })
})

function personalClient(): ConfidentialClientApplication {
  return new ConfidentialClientApplication(
    configurationOf('44d8e95c-ba5b-50be-9b21-ee8c84cff148', 'local-personal-auth-secret-for-rehearsal-only'),
  )
}

function configurationOf(clientId: string, clientSecret: string): Configuration {
  const authority = `${served.origin}/${served.tenant.directory.tenantId}`
  return { auth: { clientId, clientSecret, authority, knownAuthorities: [new URL(served.origin).host] } }
}

async function signIn(client: ConfidentialClientApplication): Promise<AuthenticationResult> {
  const authorizeUrl = await client.getAuthCodeUrl({ scopes, redirectUri, state: 'the state' })
  const back = new URL(await signInAtTenant({ authorizeUrl, upn: alice, password: 'Rehearsal-2026' }))
  expect(back.searchParams.get('state')).toBe('the state')
  return client.acquireTokenByCode({ code: back.searchParams.get('code') ?? '', scopes, redirectUri })
}

function accountOf({ account }: AuthenticationResult) {
  if (account === null) throw new Error('MSAL made no account of the answer.')
  return account
}
