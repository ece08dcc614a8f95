import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { realSeams, type Seams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { startTenant, type TestTenant } from '../../test/support/tenant.ts'
import { type Discovered, discover } from './discover.ts'
import type { OAuthClient } from './oauth-client.ts'
import { exchangeCode } from './oauth-protocol.ts'

const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'
const tokenUrl = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`
const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
const nonce = new Secret('n'.repeat(43))
const client: OAuthClient = {
  clientId: '44d8e95c-ba5b-50be-9b21-ee8c84cff148',
  authentication: 'client_secret_post',
  proofs: [{ is: 'secret', id: 'only', secret: new Secret('secret'), workedAt: null }],
  signers: [],
  audience: tokenUrl,
  tokenUrl,
  accessTokenSeconds: 1_200,
}

const app = { issuer: '', authorization_url: tokenUrl.replace('/token', '/authorize'), token_url: tokenUrl }

let tenant: TestTenant
let seams: Seams
let discovered: Discovered
beforeAll(async () => {
  tenant = await startTenant()
  const standIns = parseStandIns(`login.microsoftonline.com=${tenant.origin}`)
  seams = { ...realSeams, fetch: standIns.wrap(realSeams.fetch) }
  discovered = await discover(seams, app)
})
afterAll(() => tenant.close())

type Claims = Record<string, unknown>
const now = () => Math.floor(Date.now() / 1000)
const claims = (changes: Claims = {}): Claims => ({
  iss: issuer,
  aud: client.clientId,
  sub: 'pairwise',
  tid: tenantId,
  oid: '7c2d199a-7c4f-508c-9b5c-efe40169116e',
  name: 'Alice',
  preferred_username: 'alice@contoso.example',
  nonce: nonce.open('compare'),
  iat: now(),
  nbf: now(),
  exp: now() + 3600,
  ...changes,
})

async function signed(
  payload: Claims,
  { alg = 'RS256', kid, key }: { alg?: string; kid?: string; key?: KeyObject | Uint8Array } = {},
) {
  const own = tenant.tenant.signingKey
  const signer = key ?? (await importJWK(own, 'RS256'))
  const known = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
  return new SignJWT(known).setProtectedHeader({ alg, typ: 'JWT', kid: kid ?? own.kid ?? '' }).sign(signer)
}

/** The token endpoint answers with exactly this; the code is exchanged; what came out of it. */
async function exchangeWith(body: unknown, status = 200) {
  tenant.tenant.faults.clear()
  tenant.tenant.faults.put({
    id: 'answer',
    match: 'POST /*/oauth2/v2.0/token',
    times: 1,
    status,
    headers: {},
    body,
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  const answer = await exchangeCode(seams, client, {
    discovered,
    code: 'a-code',
    redirectUri: 'http://localhost/oauth/callback/x',
    verifier: new Secret('v'.repeat(43)),
    nonce,
  })
  return answer.is === 'tokens' ? 'accepted' : answer.refusal.code
}

const tokens = (more: object) => ({ token_type: 'Bearer', access_token: 'access', expires_in: 3600, ...more })

test('an id token that says everything right, and is signed by the authority, is accepted', async () => {
  expect(await exchangeWith(tokens({ id_token: await signed(claims()) }))).toBe('accepted')
})

test('a difference of clocks of a few minutes is forgiven', async () => {
  const late = claims({ iat: now() + 200, nbf: now() + 200, exp: now() - 200 })
  expect(await exchangeWith(tokens({ id_token: await signed(late) }))).toBe('accepted')
})

const { privateKey: strangersKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

const { privateKey: strangersCurve } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

function withHeader(token: string, header: object): string {
  const [, payload, signature] = token.split('.')
  return [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.')
}

test('every id token that lies, or proves nothing, is refused', async () => {
  const lies: Record<string, string | undefined> = {
    'no id token': undefined,
    'not a JWT': 'nothing',
    'alg none': new UnsecuredJWT(claims()).encode(),
    'HS256 with the client secret': await signed(claims(), {
      alg: 'HS256',
      key: Buffer.from('secret'.padEnd(32, '0')),
    }),
    'another algorithm': await signed(claims(), { alg: 'PS256', key: strangersKey }),
    'a stranger’s key': await signed(claims(), { key: strangersKey }),
    'an unknown key id': await signed(claims(), { kid: 'unknown' }),
    'a broken signature': `${(await signed(claims())).slice(0, -4)}AAAA`,
    'another audience': await signed(claims({ aud: 'another-app' })),
    'several audiences without azp': await signed(claims({ aud: [client.clientId, 'another-app'] })),
    'another issuer': await signed(claims({ iss: 'https://login.microsoftonline.com/elsewhere/v2.0' })),
    'issuer and tid of different tenants': await signed(claims({ tid: '11111111-2222-4333-8444-555555555555' })),
    'a tid that is no tenant id': await signed(claims({ tid: '../../evil' })),
    'another nonce': await signed(claims({ nonce: 'another' })),
    'no nonce': await signed(claims({ nonce: undefined })),
    expired: await signed(claims({ exp: now() - 3600, iat: now() - 7200 })),
    'not yet valid': await signed(claims({ nbf: now() + 3600 })),
    'made a week ago': await signed(claims({ iat: now() - 7 * 86_400 })),
    'no algorithm at all': withHeader(await signed(claims()), { typ: 'JWT' }),
    'algorithm null': withHeader(await signed(claims()), { alg: null, typ: 'JWT' }),
    'ES256 of a stranger': await signed(claims(), { alg: 'ES256', key: strangersCurve }),
    'no key id, and a signature of nobody’s': withHeader(await signed(claims(), { key: strangersKey }), {
      alg: 'RS256',
    }),
    'an empty nonce': await signed(claims({ nonce: '' })),
    'no exp': await signed(claims({ exp: undefined })),
    'no iat': await signed(claims({ iat: undefined })),
    'no aud': await signed(claims({ aud: undefined })),
    'no iss': await signed(claims({ iss: undefined })),
    'no sub': await signed(claims({ sub: undefined })),
    'no oid': await signed(claims({ oid: undefined })),
    'no tid': await signed(claims({ tid: undefined })),
  }
  for (const [lie, id_token] of Object.entries(lies)) {
    expect(await exchangeWith(tokens({ id_token })), lie).toBe('connections.identity_not_proven')
  }
})

test('answers of a token endpoint that are no tokens are refused, and say whose move it is', async () => {
  const id_token = await signed(claims())
  const cases: [unknown, number, string][] = [
    ['<html>', 200, 'connections.identity_not_proven'],
    [{ error: 'invalid_grant' }, 200, 'connections.identity_not_proven'],
    [{ ...tokens({ id_token }), access_token: undefined }, 200, 'connections.identity_not_proven'],
    [{ ...tokens({ id_token }), token_type: 'mac' }, 200, 'connections.identity_not_proven'],
    [{ error: 'invalid_client', error_codes: [7000215] }, 401, 'connections.client_refused'],
    [{ error: 'invalid_grant', error_codes: [54005] }, 400, 'connections.refresh_refused'],
    [{ error: 'invalid_scope' }, 400, 'connections.provider_refused'],
    [{ error: 'temporarily_unavailable' }, 400, 'connections.provider_trouble'],
    ['busy', 503, 'connections.provider_trouble'],
    ['', 307, 'connections.redirect_refused'],
    [tokens({ id_token, padding: 'x'.repeat(300_000) }), 200, 'connections.provider_trouble'],
  ]
  for (const [body, status, code] of cases) {
    expect(await exchangeWith(body, status), `${status} ${JSON.stringify(body).slice(0, 60)}`).toBe(code)
  }
})

test('a token_type in odd case and an expiry as text are understood; without an expiry the token is short-lived', async () => {
  const id_token = await signed(claims())
  expect(await exchangeWith(tokens({ id_token, token_type: 'bEaReR', expires_in: '3599' }))).toBe('accepted')
  expect(await exchangeWith({ ...tokens({ id_token }), expires_in: undefined })).toBe('accepted')
})

test('keys that cannot be fetched mean nobody is believed', async () => {
  const id_token = await signed(claims())
  const answer = exchangeWith(tokens({ id_token }))
  tenant.tenant.faults.put({
    id: 'keys',
    match: 'GET /*/discovery/v2.0/keys',
    times: 1,
    status: 503,
    headers: {},
    body: {},
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
  })
  expect(await answer).not.toBe('accepted')
})

const serve = (match: string, answer: { status: number; body: unknown }) =>
  tenant.tenant.faults.put({
    id: match,
    match,
    times: 1,
    headers: {},
    delayMs: 0,
    dropAfter: false,
    dropBefore: false,
    ...answer,
  })
const keysPath = 'GET /*/discovery/v2.0/keys'

test('an answer of 50 MB is cut off, a redirect is not followed, and an answer without a refresh token is one without', async () => {
  const id_token = await signed(claims())
  expect(await exchangeWith(tokens({ id_token, padding: 'x'.repeat(50_000_000) }))).toBe('connections.provider_trouble')
  const before = tenant.ledger().length
  for (const status of [301, 302, 303, 307, 308])
    expect(await exchangeWith('', status)).toBe('connections.redirect_refused')
  expect(
    tenant
      .ledger()
      .slice(before)
      .every(({ path }) => path.endsWith('/token')),
  ).toBe(true)
  expect(await exchangeWith(tokens({ id_token, refresh_token: undefined }))).toBe('accepted')
  expect(await exchangeWith(tokens({ id_token, refresh_token: 7 }))).not.toBe('accepted')
  expect(await exchangeWith(tokens({ id_token, expires_in: 'soon' }))).not.toBe('accepted')
})

test('rotated keys: only those published now count, and a key set that is nonsense means nobody is believed', async () => {
  const { publicKey: others } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rotated = {
    keys: [{ ...(await exportJWK(others)), kid: tenant.tenant.signingKey.kid, use: 'sig', alg: 'RS256' }],
  }
  const id_token = await signed(claims())
  for (const body of [rotated, { keys: [] }, { keys: 'none' }, 'not json']) {
    const answer = exchangeWith(tokens({ id_token }))
    serve(keysPath, { status: 200, body })
    expect(await answer, JSON.stringify(body).slice(0, 40)).not.toBe('accepted')
  }
  expect(await exchangeWith(tokens({ id_token }))).toBe('accepted')
})

test('a discovery document of another issuer, of other hosts or of none is not followed', async () => {
  const good = { issuer, jwks_uri: `${issuer}/keys`, token_endpoint: tokenUrl }
  const lies = [
    { ...good, issuer: 'https://evil.example/v2.0' },
    { ...good, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' },
    { ...good, jwks_uri: 'https://evil.example/keys' },
    { ...good, token_endpoint: 'https://evil.example/token' },
    { issuer },
    'not json',
  ]
  for (const body of lies) {
    serve('GET /*/v2.0/.well-known/openid-configuration', { status: 200, body })
    await expect(discover(seams, app), JSON.stringify(body)).rejects.toMatchObject({
      code: 'connections.provider_trouble',
    })
  }
})
