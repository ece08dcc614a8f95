import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import type { Seams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import type { Account } from './account-match.ts'
import { signAssertion } from './assertion.ts'
import { inTurn, type Try, withEachProof } from './client-authentication.ts'
import type { Discovered } from './discover.ts'
import { refused } from './errors.ts'
import { type OAuthClient, tokenCallTimeoutMs } from './oauth-client.ts'
import { callOut } from './outbound.ts'
import { passwordRefusal, refusalOf, refusesClient, refusesGrant, type TokenRefusal } from './token-refusal.ts'

/** What a token endpoint gave. `account` only where an id token was verified. */
export type TokenSet = {
  accessToken: Secret
  refreshToken: Secret | null
  expiresInSeconds: number
  scope: string | undefined
  account: Account | null
}

export type TokenAnswer = { is: 'tokens'; tokens: TokenSet } | { is: 'refused'; refusal: TokenRefusal }

const tokenAnswerBytesMax = 256 * 1024

/** RFC 7519 leaves the allowed clock difference open; five minutes is what the large providers' own libraries allow. */
const clockToleranceSeconds = 300

/** An id token is made for the answer it comes in and ends within hours; as it has not ended, one made longer ago was made for another. */
const idTokenLifeSecondsMax = 24 * 3600

export type CodeExchange = {
  discovered: Discovered
  code: string
  redirectUri: string
  verifier: Secret
  nonce: Secret
}

/** Exchanges a code (RFC 6749 section 4.1.3, RFC 7636) and verifies the id token that came with the tokens. */
export async function exchangeCode(seams: Seams, client: OAuthClient, exchange: CodeExchange): Promise<TokenAnswer> {
  return answerOf(() =>
    withEachProof(seams, client, async (one) => {
      const server = serverOf(client, exchange.discovered)
      const received = new URLSearchParams({ code: exchange.code })
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        clientOf(client),
        one.authentication,
        oauth.validateAuthResponse(server, clientOf(client), received, oauth.expectNoState),
        exchange.redirectUri,
        exchange.verifier.open('exchange'),
        { [oauth.customFetch]: fetchOf(seams, one) },
      )
      return readCodeAnswer(seams, client, exchange, response)
    }),
  )
}

/** Spends a refresh token (RFC 6749 section 6). */
export async function askForRefresh(seams: Seams, client: OAuthClient, refreshToken: Secret): Promise<TokenAnswer> {
  return answerOf(() =>
    withEachProof(seams, client, async (one) => {
      const server = serverOf(client)
      const secret = refreshToken.open('refresh')
      const options = { [oauth.customFetch]: fetchOf(seams, one) }
      const response = await oauth.refreshTokenGrantRequest(
        server,
        clientOf(client),
        one.authentication,
        secret,
        options,
      )
      return readTokens(client, response)
    }),
  )
}

/** A token for the application itself (RFC 6749 section 4.4). */
export async function askAsApplication(
  seams: Seams,
  client: OAuthClient,
  scopes: readonly string[],
): Promise<TokenAnswer> {
  return askWith(seams, client, 'client_credentials', { scope: scopes.join(' ') })
}

/** A token for a person's name and password (RFC 6749 section 4.3, which RFC 9700 section 2.4 forbids for anything new). */
export async function askWithPassword(
  seams: Seams,
  client: OAuthClient,
  { username, password, scopes }: { username: string; password: Secret; scopes: readonly string[] },
): Promise<TokenAnswer> {
  const answer = await askWith(seams, client, 'password', {
    username,
    password: password.open('exchange'),
    scope: scopes.join(' '),
  })
  return answer.is === 'refused' && answer.refusal.kind === 'person_needed'
    ? { is: 'refused', refusal: passwordRefusal(answer.refusal) }
    : answer
}

/** A token for whomever an assertion of ours names (RFC 7523 section 2.1). With several keys, the next is tried when one is not accepted. */
export async function askWithAssertion(
  seams: Seams,
  client: OAuthClient,
  { subject, scopes }: { subject: string; scopes: readonly string[] },
): Promise<TokenAnswer> {
  return answerOf(() =>
    inTurn(seams, client, {
      from: client.signers,
      goesOn: (problem) => refusesClient(problem) || refusesGrant(problem),
      ask: async (signer, timeoutMs) => {
        const claims = { issuer: client.clientId, subject, audience: client.audience, scopes }
        const assertion = await signAssertion(seams, signer, { ...claims, algorithm: 'RS256' })
        const parameters = { assertion, ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) }
        return grant(seams, { ...client, timeoutMs }, jwtBearer, parameters)
      },
    }),
  )
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * Revokes a refresh token (RFC 7009), at the token endpoint's own origin and nowhere else. A provider that does not answer well leaves the
 * sentence that says so.
 */
export async function askToRevoke(
  seams: Seams,
  { client, url, secret }: { client: OAuthClient; url: string; secret: Secret },
): Promise<{ is: 'revoked' } | { is: 'not_revoked'; say: string }> {
  const host = URL.parse(url)?.host ?? url
  if (URL.parse(url)?.origin !== new URL(client.tokenUrl).origin) {
    return {
      is: 'not_revoked',
      say: `The token was not sent to ${host}, because that is not the host of the Token URL.`,
    }
  }
  const server = { ...serverOf(client), revocation_endpoint: url }
  try {
    await withEachProof(seams, client, async (one) => {
      const options = {
        [oauth.customFetch]: fetchOf(seams, one),
        additionalParameters: { token_type_hint: 'refresh_token' },
      }
      const text = secret.open('refresh')
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, clientOf(client), one.authentication, text, options),
      )
    })
    return { is: 'revoked' }
  } catch (problem) {
    const refusal = refusalOf(problem)
    if (refusal === null) throw problem
    return { is: 'not_revoked', say: `${host} did not confirm it. ${refusal.say}` }
  }
}

function askWith(
  seams: Seams,
  client: OAuthClient,
  grantType: string,
  parameters: Record<string, string>,
): Promise<TokenAnswer> {
  return answerOf(() => grant(seams, client, grantType, parameters))
}

function grant(
  seams: Seams,
  client: OAuthClient,
  grantType: string,
  parameters: Record<string, string>,
): Promise<TokenSet> {
  return withEachProof(seams, client, async (one) => {
    const options = { [oauth.customFetch]: fetchOf(seams, one) }
    const response = await oauth.genericTokenEndpointRequest(
      serverOf(client),
      clientOf(client),
      one.authentication,
      grantType,
      parameters,
      options,
    )
    return readTokens(client, response)
  })
}

/** An id token that comes along is nobody's proof here, so it is not read: some providers repeat one at every refresh. */
async function readTokens(client: OAuthClient, response: Response): Promise<TokenSet> {
  const answer = await withoutIdToken(response)
  const read = await oauth.processGenericTokenEndpointResponse(serverOf(client), clientOf(client), answer)
  return tokensOf(client, read, null)
}

async function readCodeAnswer(
  seams: Seams,
  client: OAuthClient,
  { discovered, nonce }: CodeExchange,
  response: Response,
): Promise<TokenSet> {
  const server = serverOf(client, { ...discovered, issuer: await issuerIn(response, discovered) })
  const answer = await oauth.processAuthorizationCodeResponse(server, clientOf(client), response, {
    expectedNonce: nonce.open('compare'),
    requireIdToken: true,
  })
  // TLS already authenticates the answer (OpenID Connect Core 3.1.3.7); the signature is checked all the same.
  await oauth.validateApplicationLevelSignature(server, response, { [oauth.customFetch]: fetchOf(seams, client) })
  const claims = oauth.getValidatedIdTokenClaims(answer)
  const account = claims === undefined ? null : discovered.provider.accountOf(claims)
  const madeForThis = claims !== undefined && claims.exp - claims.iat <= idTokenLifeSecondsMax
  if (account === null || !madeForThis) throw refused('connections.identity_not_proven')
  return tokensOf(client, answer, account)
}

/** The issuer to hold the id token to: the authority's, in the directory that the token itself names. */
async function issuerIn(response: Response, { issuer, provider }: Discovered): Promise<string> {
  const body = z.object({ id_token: z.string() }).safeParse(await jsonOf(response.clone()))
  const payload = body.success ? body.data.id_token.split('.')[1] : undefined
  const claims = z.object({ tid: z.string() }).safeParse(parseJson(Buffer.from(payload ?? '', 'base64url').toString()))
  return (claims.success ? provider.issuerFor(issuer, claims.data.tid) : null) ?? issuer
}

async function withoutIdToken(response: Response): Promise<Response> {
  const body = await jsonOf(response.clone())
  if (response.status !== 200 || typeof body !== 'object' || body === null || !('id_token' in body)) return response
  const { id_token: _unread, ...rest } = body
  return Response.json(rest)
}

function tokensOf(client: OAuthClient, answer: oauth.TokenEndpointResponse, account: Account | null): TokenSet {
  return {
    accessToken: new Secret(answer.access_token),
    refreshToken: answer.refresh_token === undefined ? null : new Secret(answer.refresh_token),
    expiresInSeconds: Math.min(Math.max(answer.expires_in ?? client.accessTokenSeconds, 1), 86_400 * 2),
    scope: answer.scope,
    account,
  }
}

/** The only exceptions that leave are our bugs: what the provider or the network did is an answer. */
async function answerOf(ask: () => Promise<TokenSet>): Promise<TokenAnswer> {
  try {
    return { is: 'tokens', tokens: await ask() }
  } catch (problem) {
    const refusal = refusalOf(problem)
    if (refusal === null) throw problem
    return { is: 'refused', refusal }
  }
}

function serverOf(client: OAuthClient, discovered?: Discovered): oauth.AuthorizationServer {
  return {
    issuer: discovered?.issuer ?? new URL(client.tokenUrl).origin,
    token_endpoint: client.tokenUrl,
    ...(discovered === undefined ? {} : { jwks_uri: discovered.jwksUri }),
    id_token_signing_alg_values_supported: [...(discovered?.provider.idTokenAlgorithms ?? ['RS256'])],
  }
}

function clientOf(client: OAuthClient): oauth.Client {
  return { client_id: client.clientId, [oauth.clockTolerance]: clockToleranceSeconds }
}

/** What a 401 is about is said in its body; the challenge that goes with it (RFC 6749 section 5.2) would hide it from the library. */
function fetchOf(seams: Seams, { timeoutMs = tokenCallTimeoutMs }: Partial<Pick<Try, 'timeoutMs'>>) {
  return async (
    url: string,
    { body, headers, method }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
  ) => {
    const response = await callOut(seams, url, {
      init: { method, headers, ...(body === undefined ? {} : { body }) },
      limits: { timeoutMs, bodyBytesMax: tokenAnswerBytesMax },
    })
    response.headers.delete('www-authenticate')
    return response
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  return parseJson(await response.text())
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
