import { createHash, randomBytes } from 'node:crypto'
import { createRemoteJWKSet, decodeJwt, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import { alice, application, json, openEntra, password, personal, scope } from '../support/entra-client.ts'
import { signInAtTenant } from '../support/sign-in-at-tenant.ts'

const { served, authority, signIn, pagesOf, post, redeem } = await openEntra()
const [ada, bob] = ['ada.admin@contoso.example', 'bob.tanaka@contoso.example']

afterAll(() => served.close())
beforeEach(async () => {
  await served.control('POST', '/reset')
})

describe('signing in', () => {
  test('a session is reused silently; prompt and login_hint say otherwise', async () => {
    const jar = new CookieJar()
    await signIn({}, { jar })
    expect(await pagesOf({}, { jar })).toEqual([])
    expect(await pagesOf({ prompt: 'select_account' }, { jar })).toEqual(['Pick an account'])
    expect(await pagesOf({ prompt: 'login', login_hint: alice }, { jar })).toEqual(['Enter password'])
    expect(await pagesOf({ login_hint: bob }, { jar, upn: bob })).toEqual(['Enter password', 'Permissions requested'])
    expect(await pagesOf({}, { jar }), 'two accounts lead to the picker').toEqual(['Pick an account'])
    expect(await pagesOf({ login_hint: alice }, { jar }), 'a hint chooses').toEqual([])
  })

  test('a picked account is the one in the token', async () => {
    const jar = new CookieJar()
    await signIn({}, { jar })
    const back = await signIn({ prompt: 'select_account' }, { jar, upn: bob })
    const tokens = await redeem(back)
    expect(decodeJwt(tokens.id_token)).toMatchObject({ preferred_username: bob, tid: served.tenant.directory.tenantId })
  })

  test('consent is asked once, can be denied, and grows', async () => {
    const denied = await signIn({}, { consent: false })
    expect(denied.searchParams.get('error')).toBe('access_denied')
    expect(denied.searchParams.get('state')).toBe('the state')
    expect(await pagesOf({})).toContain('Permissions requested')
    expect(await pagesOf({})).not.toContain('Permissions requested')
    expect(await pagesOf({ scope: `${scope} Calendars.ReadWrite.Shared` })).toContain('Permissions requested')
    expect(await pagesOf({ prompt: 'consent' })).toContain('Permissions requested')
  })

  test('what only an administrator may allow needs one', async () => {
    const asked = { scope: 'openid Place.Read.All' }
    expect(await pagesOf(asked)).toContain('Need admin approval')
    expect(await pagesOf(asked, { upn: ada })).toContain('Permissions requested')
  })

  test('the administrator consents for everybody', async () => {
    const query = new URLSearchParams({
      client_id: personal.client_id,
      redirect_uri: personal.redirect_uri,
      scope: '.default',
    })
    const authorizeUrl = `${authority}/v2.0/adminconsent?${query}`
    const back = new URL(await signInAtTenant({ authorizeUrl, upn: ada, password }))
    expect(back.searchParams.get('admin_consent')).toBe('True')
    expect(await pagesOf({})).not.toContain('Permissions requested')
    const denied = new URL(await signInAtTenant({ authorizeUrl, upn: alice, password }))
    expect(denied.searchParams.get('error')).toBe('consent_required')
  })

  test('prompt=none never shows a page', async () => {
    const jar = new CookieJar()
    const silent = async (more = {}) => (await signIn({ prompt: 'none', ...more }, { jar })).searchParams.get('error')
    expect(await silent()).toBe('login_required')
    await signIn({}, { jar })
    expect(await silent()).toBeNull()
    expect(await silent({ login_hint: bob })).toBe('login_required')
    expect(await silent({ scope: 'openid Calendars.Read' })).toBe('consent_required')
    await signIn({ prompt: 'select_account' }, { jar, upn: bob })
    expect(await silent()).toBe('interaction_required')
  })

  test('an unknown app or redirect URI is told to the person, never redirected', async () => {
    await expect(signIn({ client_id: crypto.randomUUID() })).rejects.toThrow('AADSTS700016')
    await expect(signIn({ redirect_uri: 'https://elsewhere.example/' })).rejects.toThrow('AADSTS50011')
    await expect(signIn({}, { password: 'wrong' })).rejects.toThrow('password is incorrect')
  })

  test.for([
    ['response_type', 'token', 'unsupported_response_type'],
    ['scope', 'openid Calendars.Destroy', 'invalid_scope'],
    ['scope', 'https://elsewhere.example/Read', 'invalid_resource'],
    ['prompt', 'maybe', 'invalid_request'],
    ['code_challenge', 'short', 'invalid_request'],
  ])('%s=%s is sent back as %s', async ([name, value, error]) => {
    expect((await signIn({ [name as string]: value as string })).searchParams.get('error')).toBe(error)
  })

  test('the answer comes in the query, the fragment or a posted form', async () => {
    expect((await signIn({ response_mode: 'fragment' })).hash).toMatch(/^#code=.*state=the\+state/)
    expect((await signIn({ response_mode: 'form_post' })).searchParams.get('code')).toBeTruthy()
  })

  test('signing out ends the browser session and goes only to a registered address', async () => {
    const jar = new CookieJar()
    await signIn({}, { jar })
    const cookie = jar.header(authority)
    const logout = (uri: string) =>
      fetch(`${authority}/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent(uri)}`, {
        headers: { cookie },
        redirect: 'manual',
      })
    expect((await logout('https://elsewhere.example/')).status).toBe(200)
    expect((await logout(personal.redirect_uri)).headers.get('location')).toBe(personal.redirect_uri)
    expect(await pagesOf({}, { jar })).toContain('Sign in to your account')
  })
})

describe('the token endpoint', () => {
  test('a code gives tokens whose id token is right by discovery', async () => {
    const tokens = await redeem(await signIn({ nonce: 'n-1' }))
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid profile Calendars.ReadWrite' })
    expect(tokens.expires_in).toBeGreaterThanOrEqual(3600)
    expect(tokens.expires_in).toBeLessThanOrEqual(5400)
    expect(tokens.refresh_token).toBeTruthy()
    const discovery = await json(await fetch(`${authority}/v2.0/.well-known/openid-configuration`))
    expect(discovery.token_endpoint).toBe(
      `https://login.microsoftonline.com/${served.tenant.directory.tenantId}/oauth2/v2.0/token`,
    )
    const keys = createRemoteJWKSet(new URL(`${authority}/discovery/v2.0/keys`))
    const { payload } = await jwtVerify(tokens.id_token, keys, {
      issuer: discovery.issuer,
      audience: personal.client_id,
      currentDate: served.tenant.now(),
    })
    expect(payload).toMatchObject({ nonce: 'n-1', preferred_username: alice, name: 'Alice Meyer', ver: '2.0' })
    expect(payload.oid).toBe(served.tenant.findUser(alice)?.id)
  })

  test("a guest's id token names its home tenant", async () => {
    await served.control('PATCH', `/users/${bob}`, { homeTenantId: 'b0b00000-0000-4000-8000-000000000000' })
    const tokens = await redeem(await signIn({}, { upn: bob }))
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      tid: 'b0b00000-0000-4000-8000-000000000000',
      iss: 'https://login.microsoftonline.com/b0b00000-0000-4000-8000-000000000000/v2.0',
      oid: served.tenant.findUser(bob)?.id,
    })
  })

  test('another tenant is not found, and the shared authorities refuse a single-tenant app', async () => {
    const asked = { ...personal, grant_type: 'refresh_token', refresh_token: 'x' }
    expect(await json(await post(asked, 'fabrikam.example'))).toMatchObject({
      error: 'invalid_request',
      error_codes: [90002],
    })
    expect(await json(await post(asked, 'common'))).toMatchObject({ error: 'invalid_request', error_codes: [50194] })
    expect(await json(await post(asked, 'contoso.example'))).toMatchObject({
      error: 'invalid_grant',
      error_codes: [70000],
    })
  })

  test('userinfo knows the person, with the same subject as the id token', async () => {
    const tokens = await redeem(await signIn({}))
    const info = await fetch(`${served.origin}/oidc/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect(await json(info)).toMatchObject({ sub: decodeJwt(tokens.id_token).sub, email: alice })
  })

  test('without offline_access and openid there is neither refresh nor id token', async () => {
    const tokens = await redeem(await signIn({ scope: 'Calendars.ReadWrite' }))
    expect(tokens.refresh_token).toBeUndefined()
    expect(tokens.id_token).toBeUndefined()
  })

  test('a code is good once, for ten minutes, for its redirect URI', async () => {
    const back = await signIn({})
    expect(await redeem(back, { redirect_uri: 'http://localhost:4400/other' })).toMatchObject({ error_codes: [500112] })
    expect(await redeem(back)).toHaveProperty('access_token')
    expect(await redeem(back)).toMatchObject({ error: 'invalid_grant', error_codes: [54005] })
    const late = await signIn({})
    await served.control('POST', '/clock/advance', { ms: 11 * 60 * 1000 })
    expect(await redeem(late)).toMatchObject({ error: 'invalid_grant', error_codes: [70008] })
  })

  test('PKCE: S256 and plain fit, anything else does not', async () => {
    const verifier = randomBytes(32).toString('base64url')
    const s256 = {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }
    expect(await redeem(await signIn(s256), { code_verifier: verifier })).toHaveProperty('access_token')
    expect(await redeem(await signIn({ code_challenge: verifier }), { code_verifier: verifier })).toHaveProperty(
      'access_token',
    )
    const mismatch = { error: 'invalid_grant', error_codes: [501481] }
    expect(await redeem(await signIn(s256), { code_verifier: `${verifier}x` })).toMatchObject(mismatch)
    expect(await redeem(await signIn(s256)), 'verifier left out').toMatchObject(mismatch)
    expect(await redeem(await signIn({}), { code_verifier: verifier }), 'challenge stripped').toMatchObject(mismatch)
  })

  test.for([
    [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [{ client_secret: '' }, 401, 'invalid_client', 7000218],
    [{ client_id: '00000000-0000-0000-0000-000000000000' }, 400, 'unauthorized_client', 700016],
    [{ client_id: '' }, 400, 'invalid_request', 900144],
    [{ grant_type: 'device_code' }, 400, 'unsupported_grant_type', 70003],
    [{ code: 'made-up' }, 400, 'invalid_grant', 70000],
  ] as const)('%o is refused', async ([change, status, error, number]) => {
    const answer = await post({ ...personal, grant_type: 'authorization_code', code: 'x', ...change })
    expect(answer.status).toBe(status)
    const body = await json(answer)
    expect(body).toMatchObject({ error, error_codes: [number] })
    expect(body.error_description).toMatch(
      new RegExp(`^AADSTS${number}: .*\r\nTrace ID: .*\r\nCorrelation ID: .*\r\nTimestamp: .*Z$`, 's'),
    )
  })

  test('a secret may expire, an app may be disabled', async () => {
    const secrets = [{ value: 'old', expiresAt: served.tenant.now().toISOString() }]
    await served.control('PATCH', `/apps/${application.client_id}`, { secrets })
    const asked = { ...application, grant_type: 'client_credentials', scope: '.default' }
    expect(await json(await post({ ...asked, client_secret: 'old' }))).toMatchObject({ error_codes: [7000222] })
    await served.control('PATCH', `/apps/${application.client_id}`, { enabled: false })
    expect(await json(await post(asked))).toMatchObject({ error_codes: [7000112] })
  })

  test('client credentials: only .default, never a refresh token, the roles of the app', async () => {
    const asked = { ...application, grant_type: 'client_credentials' }
    const tokens = await json(await post({ ...asked, scope: 'https://graph.microsoft.com/.default' }))
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type'])
    expect(decodeJwt(tokens.access_token).roles).toContain('Calendars.ReadWrite')
    expect(await json(await post({ ...asked, scope: 'Calendars.ReadWrite' }))).toMatchObject({ error: 'invalid_scope' })
    expect(await json(await post({ ...asked, scope: 'https://graph.microsoft.com/.default' }, 'common'))).toMatchObject(
      {
        error: 'invalid_request',
      },
    )
  })

  test('the app may prove itself by Basic or by a signed assertion', async () => {
    const asked = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' }
    const basic = Buffer.from(`${application.client_id}:${application.client_secret}`).toString('base64')
    expect((await post(asked, undefined, { authorization: `Basic ${basic}` })).status).toBe(200)
    const pair = await generateKeyPair('PS256', { extractable: true })
    const certificates = [{ thumbprintS256: 'thumb', publicJwk: await exportJWK(pair.publicKey) }]
    await served.control('PATCH', `/apps/${application.client_id}`, { certificates })
    const assertion = (audience: string) =>
      new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': 'thumb' })
        .setIssuer(application.client_id)
        .setSubject(application.client_id)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(pair.privateKey)
    const proof = async (audience: string) => ({
      ...asked,
      client_id: application.client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(audience),
    })
    const microsoft = `https://login.microsoftonline.com/${served.tenant.directory.tenantId}/oauth2/v2.0/token`
    expect((await post(await proof(microsoft))).status).toBe(200)
    expect(await json(await post(await proof('https://elsewhere.example/')))).toMatchObject({ error_codes: [700027] })
  })

  test('the password grant needs consent and a tenant', async () => {
    const asked = { ...personal, grant_type: 'password', username: alice, password, scope: 'Calendars.ReadWrite' }
    expect(await json(await post(asked))).toMatchObject({ error: 'invalid_grant', suberror: 'consent_required' })
    await served.control('POST', '/consents', {
      clientId: personal.client_id,
      user: alice,
      scopes: ['Calendars.ReadWrite'],
    })
    expect(await json(await post(asked))).toHaveProperty('access_token')
    expect(await json(await post({ ...asked, password: 'wrong' }))).toMatchObject({ error_codes: [50126] })
  })

  test('an assertion of one’s own making is not accepted: JWT bearer is for acting on somebody’s behalf', async () => {
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
    const asked = { ...personal, grant_type, assertion: 'a.b.c', scope: 'Calendars.ReadWrite' }
    expect(await json(await post(asked))).toMatchObject({ error_codes: [900144] })
    expect(await json(await post({ ...asked, requested_token_use: 'on_behalf_of' }))).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50013],
    })
  })
})
