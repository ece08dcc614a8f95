import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { silentLog } from '#kit/log.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { type OpenIdClient, openIdClient } from './oidc.ts'

/*
 * An issuer that answers whatever a test makes up, over real HTTP, in Microsoft's place: the local tenant does not sign
 * wrong tokens, and these must all be refused.
 */
const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'
const clientId = 'c98fa05d-cce2-50ee-b868-ae393ade32c0'
const authority = 'https://login.microsoftonline.com'
const secrets = { state: 'state', nonce: 'nonce', codeVerifier: 'v'.repeat(43) }
const now = Math.floor(realSeams.now().getTime() / 1000)
const good: JWTPayload = {
  iss: `${authority}/${tenantId}/v2.0`,
  aud: clientId,
  sub: 'pairwise',
  nonce: 'nonce',
  iat: now,
  nbf: now,
  exp: now + 3600,
  tid: tenantId,
  oid: '7C2D199A-7c4f-508c-9b5c-efe40169116e',
  name: 'Alice Meyer',
  preferred_username: 'alice.meyer@contoso.example',
}

const ours = await generateKeyPair('RS256')
const foreign = await generateKeyPair('RS256')
const elliptic = await generateKeyPair('ES256')

let server: Server
let origin = ''
let client: OpenIdClient
let token: { status: number; body: object }

beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] }
  server = createServer((request, response) => {
    const { status, body } = request.url?.endsWith('/token')
      ? token
      : { status: 200, body: request.url?.endsWith('/keys') ? jwks : metadata }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  origin = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

beforeEach(() => {
  client = clientAgainst(origin)
})

const metadata = {
  issuer: good.iss,
  authorization_endpoint: `${authority}/${tenantId}/oauth2/v2.0/authorize`,
  token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
  jwks_uri: `${authority}/${tenantId}/discovery/v2.0/keys`,
  id_token_signing_alg_values_supported: ['RS256', 'ES256', 'none'],
}

function clientAgainst(target: string): OpenIdClient {
  const standIns = parseStandIns(`login.microsoftonline.com=${target}`)
  const seams: Seams = { ...realSeams, fetch: standIns.wrap(realSeams.fetch) }
  const signIn = { tenantId, clientId, clientSecret: new Secret('secret'), authority }
  return openIdClient({ seams, log: silentLog, publicUrl: 'http://localhost:4400' }, signIn)
}

function answers(idToken: string | undefined): void {
  token = { status: 200, body: { access_token: 'a', token_type: 'Bearer', expires_in: 3600, id_token: idToken } }
}

function signed(claims: JWTPayload, key = ours.privateKey, header = { alg: 'RS256', kid: 'k1' }): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key)
}

const identify = () => client.identify(new URLSearchParams({ code: 'c', state: 'state' }), secrets)

test('a good token says who signed in', async () => {
  answers(await signed(good))
  expect(await identify()).toEqual({
    authenticatedAt: null,
    tenantId,
    objectId: '7c2d199a-7c4f-508c-9b5c-efe40169116e',
    email: 'alice.meyer@contoso.example',
    displayName: 'Alice Meyer',
  })
})

const otherTenant = '9188040d-6c67-4c5b-b112-36a304b66dad'

test.for<[string, JWTPayload, string]>([
  ['another audience', { aud: 'another-app' }, 'people.sign_in_not_verified'],
  ['several audiences without azp', { aud: [clientId, 'another-app'] }, 'people.sign_in_not_verified'],
  ['another nonce', { nonce: 'other' }, 'people.sign_in_not_verified'],
  ['no nonce', { nonce: undefined }, 'people.sign_in_not_verified'],
  ['an end long ago', { exp: now - 301 }, 'people.sign_in_not_verified'],
  ['no end', { exp: undefined }, 'people.sign_in_not_verified'],
  ['no time of issue', { iat: undefined }, 'people.sign_in_not_verified'],
  ['a beginning far ahead', { nbf: now + 400 }, 'people.sign_in_not_verified'],
  ['no subject', { sub: undefined }, 'people.sign_in_not_verified'],
  ['no object id', { oid: undefined }, 'people.sign_in_not_verified'],
  ['no tenant id', { tid: undefined }, 'people.sign_in_not_verified'],
  ['no address', { preferred_username: undefined }, 'people.sign_in_not_verified'],
  [
    'the issuer of another tenant',
    { iss: `${authority}/${otherTenant}/v2.0`, tid: otherTenant },
    'people.sign_in_wrong_tenant',
  ],
  ['another tenant id under our issuer', { tid: otherTenant }, 'people.sign_in_wrong_tenant'],
  [
    'an issuer that looks like ours',
    { iss: `${authority}.evil.example/${tenantId}/v2.0` },
    'people.sign_in_wrong_tenant',
  ],
])('a token with %s is refused', async ([, claims, code]) => {
  answers(await signed({ ...good, ...claims }))
  await expect(identify()).rejects.toMatchObject({ code })
})

test.for<[string, () => Promise<string | undefined>]>([
  ['signed by another key', () => signed(good, foreign.privateKey)],
  ['signed by a key that is not published', () => signed(good, foreign.privateKey, { alg: 'RS256', kid: 'k2' })],
  ['signed with another algorithm', () => signed(good, elliptic.privateKey, { alg: 'ES256', kid: 'k1' })],
  ['not signed', async () => `${encoded({ alg: 'none' })}.${encoded(good)}.`],
  ['changed after signing', async () => withClaims(await signed(good), { ...good, oid: 'somebody-else' })],
  ['that is not a token', async () => 'not a token'],
  ['that is missing', async () => undefined],
])('a token %s is refused', async ([, make]) => {
  answers(await make())
  await expect(identify()).rejects.toMatchObject({ code: 'people.sign_in_not_verified' })
})

test.for<[string, { status: number; body: object }, string]>([
  ['refuses our secret', { status: 401, body: { error: 'invalid_client' } }, 'people.sign_in_secret_refused'],
  ['refuses the code', { status: 400, body: { error: 'invalid_grant' } }, 'people.sign_in_not_verified'],
  ['is in trouble', { status: 503, body: { error: 'temporarily_unavailable' } }, 'people.microsoft_unreachable'],
  ['is an error page', { status: 502, body: {} }, 'people.microsoft_unreachable'],
])('a token endpoint that %s', async ([, answer, code]) => {
  token = answer
  await expect(identify()).rejects.toMatchObject({ code })
})

const wish = { is: 'sign_in' } as const

test.for([undefined, ['plain'], []])(
  'metadata that offers %j for PKCE does not talk us out of S256',
  async (methods) => {
    Object.assign(metadata, { code_challenge_methods_supported: methods })
    const url = await client.authorizationUrl(secrets, wish)
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
  },
)

test('a service that does not answer is not remembered as one', async () => {
  const lost = clientAgainst('http://localhost:1')
  await expect(lost.authorizationUrl(secrets, wish)).rejects.toMatchObject({ code: 'people.microsoft_unreachable' })
  expect((await client.authorizationUrl(secrets, wish)).origin).toBe(authority)
})

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function withClaims(jwt: string, claims: object): string {
  const [header, , signature] = jwt.split('.')
  return `${header}.${encoded(claims)}.${signature}`
}
