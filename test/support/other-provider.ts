import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { freePort } from './free-port.ts'

export type OtherAccount = { sub: string; email: string; emailVerified: boolean; name: string; password: string }

export type OtherProvider = {
  origin: string
  /** Who is signed in at its pages. */
  account: OtherAccount
  clients: { id: string; secrets: string[]; publicKeyPem: string | null }[]
  /** Token requests, in order: which grant, how the client proved itself, and what came of it. */
  asked: { grant: string; by: string; status: number }[]
  now: () => Date
  /** Fields of the discovery document that lie. */
  lies: Record<string, unknown>
  close: () => Promise<void>
}

export const otherIssuer = 'https://login.fabrikam.example'

type Started = { account: OtherAccount; clientId: string; challenge: string; nonce: string; redirectUri: string }
type Asked = { form: URLSearchParams; authorization: string | undefined }
type Client = OtherProvider['clients'][number]
type Answer = { status: 200 | 400 | 401; body: Record<string, unknown> }

/**
 * A sign-in service that is not Entra: OpenID Connect with ES256, refresh tokens of one use, client secrets as Basic with the challenge that RFC
 * 6749 section 5.2 asks for, private_key_jwt whose audience is the issuer, and the grants that Entra does not have. It shares no line with src.
 */
export async function startOtherProvider(account: OtherAccount): Promise<OtherProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const codes = new Map<string, Started>()
  const refreshTokens = new Map<string, Started>()
  const usedIds = new Set<string>()
  const port = await freePort()
  const provider: OtherProvider = {
    origin: `http://localhost:${port}`,
    account,
    clients: [],
    asked: [],
    now: () => new Date(),
    lies: {},
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
  const app = new Hono()
  app.get('/.well-known/openid-configuration', (c) =>
    c.json({
      issuer: otherIssuer,
      authorization_endpoint: `${otherIssuer}/authorize`,
      token_endpoint: `${otherIssuer}/token`,
      jwks_uri: `${otherIssuer}/keys`,
      ...provider.lies,
    }),
  )
  app.get('/keys', async (c) => c.json({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] }))
  app.get('/authorize', (c) => {
    const code = randomBytes(16).toString('hex')
    const asked = (name: string) => c.req.query(name) ?? ''
    codes.set(code, {
      account: provider.account,
      clientId: asked('client_id'),
      challenge: asked('code_challenge'),
      nonce: asked('nonce'),
      redirectUri: asked('redirect_uri'),
    })
    return c.redirect(`${asked('redirect_uri')}?${new URLSearchParams({ code, state: asked('state') })}`, 302)
  })
  app.post('/token', async (c) => answerToken(c, await tokenFor(await askedIn(c))))

  async function tokenFor(asked: Asked): Promise<Answer> {
    const grant = asked.form.get('grant_type') ?? ''
    const { client, by } = await authenticated(provider, usedIds, asked)
    const answer =
      client === null && !grant.endsWith('jwt-bearer')
        ? refused(401, 'invalid_client')
        : await granted(asked.form, client)
    provider.asked.push({ grant: grant.split(':').at(-1) ?? '', by, status: answer.status })
    return answer
  }

  async function granted(form: URLSearchParams, client: Client | null): Promise<Answer> {
    const grant = form.get('grant_type')
    if (grant === 'authorization_code') return redeem(codes, form, client)
    if (grant === 'refresh_token') return redeem(refreshTokens, form, client)
    if (grant === 'client_credentials') return { status: 200, body: tokens() }
    if (grant === 'password') {
      const { sub, password } = provider.account
      const right = form.get('username') === sub && form.get('password') === password
      return right ? { status: 200, body: { ...tokens(), refresh_token: 'never kept' } } : refused(400, 'invalid_grant')
    }
    const claims = await assertionIn(provider, usedIds, form.get('assertion') ?? '', `${otherIssuer}/token`)
    return claims?.sub === provider.account.sub ? { status: 200, body: tokens() } : refused(400, 'invalid_grant')
  }

  async function redeem(from: Map<string, Started>, form: URLSearchParams, client: Client | null): Promise<Answer> {
    const key = form.get('code') ?? form.get('refresh_token') ?? ''
    const started = from.get(key)
    from.delete(key)
    if (started === undefined || started.clientId !== client?.id) return refused(400, 'invalid_grant')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (form.has('code') && challenge !== started.challenge) return refused(400, 'invalid_grant')
    const refresh_token = randomBytes(16).toString('hex')
    refreshTokens.set(refresh_token, started)
    return { status: 200, body: { ...tokens(), refresh_token, id_token: await idToken(started) } }
  }

  function idToken({ account: who, clientId, nonce }: Started): Promise<string> {
    return new SignJWT({ nonce, name: who.name, email: who.email, email_verified: who.emailVerified })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(otherIssuer)
      .setAudience(clientId)
      .setSubject(who.sub)
      .setIssuedAt(Math.floor(provider.now().getTime() / 1000))
      .setExpirationTime(Math.floor(provider.now().getTime() / 1000) + 3600)
      .sign(privateKey)
  }

  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const listening = serve({ fetch: app.fetch, hostname: 'localhost', port }, () => resolve(listening))
  })
  return provider
}

async function askedIn(c: Context): Promise<Asked> {
  return { form: new URLSearchParams(await c.req.text()), authorization: c.req.header('authorization') }
}

function answerToken(c: Context, { status, body }: Answer) {
  if (status === 401) c.header('www-authenticate', 'Basic realm="fabrikam"')
  return c.json(body, status)
}

const refused = (status: 400 | 401, error: string): Answer => ({ status, body: { error } })
const tokens = () => ({ token_type: 'Bearer', expires_in: 3600, access_token: `at-${randomBytes(12).toString('hex')}` })

async function authenticated(
  provider: OtherProvider,
  usedIds: Set<string>,
  { form, authorization }: Asked,
): Promise<{ client: Client | null; by: string }> {
  const { clients } = provider
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    const claims = await assertionIn(provider, usedIds, assertion, otherIssuer)
    return { client: clients.find(({ id }) => id === claims?.sub) ?? null, by: 'assertion' }
  }
  const [id = '', secret = ''] = Buffer.from(authorization?.replace(/^Basic /, '') ?? '', 'base64')
    .toString()
    .split(':')
    .map((half) => decodeURIComponent(half.replaceAll('+', ' ')))
  const known = clients.find((client) => client.id === id && client.secrets.includes(secret))
  return { client: known ?? null, by: authorization === undefined ? 'nothing' : 'Basic' }
}

/** Signed by a registered key, for this audience, still good, and not seen before. */
async function assertionIn(
  { clients, now }: OtherProvider,
  usedIds: Set<string>,
  assertion: string,
  audience: string,
): Promise<JWTPayload | null> {
  for (const { id, publicKeyPem } of clients) {
    if (publicKeyPem === null) continue
    const options = {
      issuer: id,
      audience,
      algorithms: ['PS256', 'RS256'],
      requiredClaims: ['exp', 'jti', 'sub'],
      currentDate: now(),
    }
    const verified = await jwtVerify(assertion, createPublicKey(publicKeyPem), options).catch(() => null)
    const jti = verified?.payload.jti
    if (!verified || jti === undefined || usedIds.has(jti)) continue
    usedIds.add(jti)
    return verified.payload
  }
  return null
}
