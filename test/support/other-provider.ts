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

type Started = { account: OtherAccount; clientId: string; challenge: string; nonce: string }
type Asked = { form: URLSearchParams; authorization: string | undefined }
type Client = OtherProvider['clients'][number]
type Answer = { status: 200 | 400 | 401; body: Record<string, unknown> }

/**
 * A sign-in service that is not Entra: OpenID Connect with ES256, refresh tokens of one use, client secrets as Basic with the challenge that RFC
 * 6749 section 5.2 asks for, private_key_jwt whose audience is the issuer, and the grants that Entra does not have. It shares no line with src.
 */
export async function startOtherProvider(account: OtherAccount): Promise<OtherProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
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
  const memory: Memory = { provider, privateKey, codes: new Map(), refreshTokens: new Map(), usedIds: new Set() }
  const app = new Hono()
  app.get('/.well-known/openid-configuration', (c) => c.json({ ...discovery, ...provider.lies }))
  app.get('/keys', async (c) => c.json({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] }))
  app.get('/authorize', (c) =>
    c.redirect(
      codeFor(memory, (name) => c.req.query(name) ?? ''),
      302,
    ),
  )
  app.post('/token', async (c) => answerToken(c, await tokenFor(memory, await askedIn(c))))
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const listening = serve({ fetch: app.fetch, hostname: 'localhost', port }, () => resolve(listening))
  })
  return provider
}

const discovery = {
  issuer: otherIssuer,
  authorization_endpoint: `${otherIssuer}/authorize`,
  token_endpoint: `${otherIssuer}/token`,
  jwks_uri: `${otherIssuer}/keys`,
}

type Memory = {
  provider: OtherProvider
  privateKey: CryptoKey
  codes: Map<string, Started>
  refreshTokens: Map<string, Started>
  usedIds: Set<string>
}

/** Whoever is signed in agrees at once. */
function codeFor({ provider, codes }: Memory, asked: (name: string) => string): string {
  const code = randomBytes(16).toString('hex')
  codes.set(code, {
    account: provider.account,
    clientId: asked('client_id'),
    challenge: asked('code_challenge'),
    nonce: asked('nonce'),
  })
  return `${asked('redirect_uri')}?${new URLSearchParams({ code, state: asked('state') })}`
}

async function tokenFor(memory: Memory, asked: Asked): Promise<Answer> {
  const grant = asked.form.get('grant_type') ?? ''
  const { client, by } = await authenticated(memory, asked)
  const known = client !== null || grant.endsWith('jwt-bearer')
  const answer = known ? await granted(memory, asked.form, client) : refused(401, 'invalid_client')
  memory.provider.asked.push({ grant: grant.split(':').at(-1) ?? '', by, status: answer.status })
  return answer
}

async function granted(memory: Memory, form: URLSearchParams, client: Client | null): Promise<Answer> {
  const { codes, refreshTokens, provider } = memory
  const grant = form.get('grant_type')
  if (grant === 'authorization_code') return redeem(memory, { from: codes, form, client })
  if (grant === 'refresh_token') return redeem(memory, { from: refreshTokens, form, client })
  if (grant === 'client_credentials') return { status: 200, body: tokens() }
  if (grant === 'password') {
    const { sub, password } = provider.account
    const right = form.get('username') === sub && form.get('password') === password
    return right ? { status: 200, body: { ...tokens(), refresh_token: 'never kept' } } : refused(400, 'invalid_grant')
  }
  const claims = await assertionIn(memory, form.get('assertion') ?? '', `${otherIssuer}/token`)
  const saysTwice = claims?.scope === (form.get('scope') ?? undefined)
  return claims?.sub === provider.account.sub && saysTwice
    ? { status: 200, body: tokens() }
    : refused(400, 'invalid_grant')
}

type Redeeming = { from: Map<string, Started>; form: URLSearchParams; client: Client | null }

async function redeem(memory: Memory, { from, form, client }: Redeeming): Promise<Answer> {
  const key = form.get('code') ?? form.get('refresh_token') ?? ''
  const started = from.get(key)
  from.delete(key)
  if (started === undefined || started.clientId !== client?.id) return refused(400, 'invalid_grant')
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  if (form.has('code') && challenge !== started.challenge) return refused(400, 'invalid_grant')
  const refresh_token = randomBytes(16).toString('hex')
  memory.refreshTokens.set(refresh_token, started)
  return { status: 200, body: { ...tokens(), refresh_token, id_token: await idToken(memory, started) } }
}

function idToken({ provider, privateKey }: Memory, { account: who, clientId, nonce }: Started): Promise<string> {
  const now = Math.floor(provider.now().getTime() / 1000)
  return new SignJWT({ nonce, name: who.name, email: who.email, email_verified: who.emailVerified })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(otherIssuer)
    .setAudience(clientId)
    .setSubject(who.sub)
    .setIssuedAt(now)
    .setExpirationTime(now + 3600)
    .sign(privateKey)
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
  memory: Memory,
  { form, authorization }: Asked,
): Promise<{ client: Client | null; by: string }> {
  const { clients } = memory.provider
  const assertion = form.get('client_assertion')
  if (assertion !== null) {
    const claims = await assertionIn(memory, assertion, otherIssuer)
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
  { provider: { clients, now }, usedIds }: Memory,
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
