import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import { alice, application, json, openEntra, password, personal } from '../support/entra-client.ts'

const { served, signIn, post, redeem, refresh } = await openEntra()
const days = 24 * 60 * 60 * 1000

afterAll(() => served.close())
beforeEach(async () => {
  await served.control('POST', '/reset')
})

describe('refresh tokens', () => {
  test('every use gives a new one and leaves the old one good', async () => {
    const first = await redeem(await signIn({}))
    const second = await refresh(first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(await refresh(first.refresh_token)).toHaveProperty('access_token')
    expect(await refresh(second.refresh_token)).toHaveProperty('access_token')
  })

  test('with the switch each is good once', async () => {
    await served.control('PUT', '/switches', { singleUseRefreshTokens: true })
    const first = await redeem(await signIn({}))
    const second = await refresh(first.refresh_token)
    expect(await refresh(first.refresh_token)).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
    expect(await refresh(second.refresh_token)).toHaveProperty('access_token')
  })

  test('ninety days without use end it', async () => {
    const { refresh_token } = await redeem(await signIn({}))
    await served.control('POST', '/clock/advance', { ms: 89 * days })
    expect(await refresh(refresh_token)).toHaveProperty('access_token')
    await served.control('POST', '/clock/advance', { ms: 89 * days })
    expect(await refresh(refresh_token)).toHaveProperty('access_token')
    await served.control('POST', '/clock/advance', { ms: 91 * days })
    expect(await refresh(refresh_token)).toMatchObject({ error: 'invalid_grant', error_codes: [700082] })
  })

  test('revoking sessions ends refresh tokens and browser sessions, not access tokens; signing in again heals', async () => {
    const jar = new CookieJar()
    const tokens = await redeem(await signIn({}, { jar }))
    await served.control('POST', `/users/${alice}/revoke-sessions`)
    expect(await refresh(tokens.refresh_token)).toMatchObject({ error: 'invalid_grant', error_codes: [50173] })
    const info = await fetch(`${served.origin}/oidc/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(info.status).toBe(200)
    const pages: string[] = []
    const again = await redeem(await signIn({ login_hint: alice }, { jar, onPage: (title) => pages.push(title) }))
    expect(pages).toEqual(['Enter password'])
    expect(await refresh(again.refresh_token)).toHaveProperty('access_token')
  })

  test('a changed password leaves a confidential client alone; withdrawn consent does not', async () => {
    const { refresh_token } = await redeem(await signIn({}))
    await served.control('PATCH', `/users/${alice}`, { password: 'another' })
    expect(await refresh(refresh_token)).toHaveProperty('access_token')
    await served.control('DELETE', `/consents/${personal.client_id}`)
    expect(await refresh(refresh_token)).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required' })
  })

  test('another app cannot use it, and a narrower scope narrows the token', async () => {
    const { refresh_token } = await redeem(await signIn({}))
    const stranger = await json(await post({ ...application, grant_type: 'refresh_token', refresh_token }))
    expect(stranger).toMatchObject({ error: 'invalid_grant' })
    const narrowed = await refresh(refresh_token, { scope: 'openid' })
    expect(narrowed.scope).toBe('openid')
  })
})

describe('the ledger', () => {
  test('names app, account and outcome of token requests, and no secret', async () => {
    const tokens = await redeem(await signIn({}))
    await refresh(tokens.refresh_token)
    await post({ ...personal, client_secret: 'wrong', grant_type: 'refresh_token', refresh_token: 'x' })
    const entries = served.ledger().filter((entry) => entry.path.endsWith('/token'))
    expect(
      entries.map(({ grantType, accountName, status, errorCode }) => [grantType, accountName, status, errorCode]),
    ).toEqual([
      ['authorization_code', alice, 200, null],
      ['refresh_token', alice, 200, null],
      ['refresh_token', null, 401, 'AADSTS7000215'],
    ])
    const text = JSON.stringify(served.ledger())
    for (const secret of [tokens.refresh_token, tokens.access_token, personal.client_secret, password]) {
      expect(text).not.toContain(secret)
    }
  })
})
