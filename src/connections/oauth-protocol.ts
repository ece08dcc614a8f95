import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import type { Seams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import type { Account } from './account-match.ts'
import {
  accountOfClaims,
  discoveryUrlOf,
  issuerForTenant,
  kindOfProblem,
  type ProblemKind,
  type ProviderProblem,
  sentenceFor,
  subjectOfProblem,
  tenantOfIssuer,
} from './entra.ts'
import { type ConnectionErrorCode, connectionErrors, refused } from './errors.ts'
import { callOut } from './outbound.ts'

/** The part of an OAuth app that speaks to the token endpoint. */
export type OAuthClient = {
  clientId: string
  clientSecret: Secret
  clientAuthentication: 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt'
  tokenUrl: string
  /** Deadline of one call, body included; tokenCallTimeoutMs unless told. */
  timeoutMs?: number
}

/** What a token endpoint gave. `account` only where an id token was verified. */
export type TokenSet = {
  accessToken: Secret
  refreshToken: Secret | null
  expiresInSeconds: number
  scope: string | undefined
  account: Account | null
}

/** A token request that ended without tokens, for a reason that is stored and shown. */
export type TokenRefusal = { kind: ProblemKind; code: ConnectionErrorCode; say: string }
export type TokenAnswer = { is: 'tokens'; tokens: TokenSet } | { is: 'refused'; refusal: TokenRefusal }

/** How long one call may take. */
export const tokenCallTimeoutMs = 20_000
const tokenAnswerBytesMax = 256 * 1024

/** RFC 7519 leaves the allowed clock difference open; five minutes is what Entra's own libraries allow. */
const clockToleranceSeconds = 300

/** An id token is made for the answer it comes in and ends within hours; as it has not ended, one made longer ago was made for another. */
const idTokenLifeSecondsMax = 24 * 3600

export type Discovered = { issuer: string; tenantId: string; jwksUri: string }

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url(), token_endpoint: z.url() })

/**
 * Discovers the issuer behind a token URL (OpenID Connect Discovery 1.0). Its keys must live on the same origin as the token endpoint.
 * @throws `connections.oauth_app_incomplete` when the tenant does not exist, `connections.provider_trouble`
 */
export async function discover(seams: Seams, tokenUrl: string): Promise<Discovered> {
  const url = discoveryUrlOf(tokenUrl)
  const response = await callOut(seams, url, { init: {}, limits: limits() })
  if (response.status === 400 || response.status === 404) {
    throw refused('connections.oauth_app_incomplete', { say: sayNoTenant, fields: { tokenUrl: sayNoTenant } })
  }
  const document = discoveryDocument.safeParse(await jsonOf(response))
  const tenantId = document.success ? tenantOfIssuer(document.data.issuer) : null
  if (response.status !== 200 || !document.success || tenantId === null) throw refused('connections.provider_trouble')
  const { issuer, jwks_uri: jwksUri, token_endpoint: tokenEndpoint } = document.data
  const origin = new URL(tokenUrl).origin
  if (new URL(jwksUri).origin !== origin || new URL(tokenEndpoint).origin !== origin) {
    throw refused('connections.provider_trouble', {
      say: `The discovery document at ${url} names other hosts than its own.`,
    })
  }
  return { issuer, tenantId, jwksUri }
}

export type CodeExchange = {
  discovered: Discovered
  code: string
  redirectUri: string
  verifier: Secret
  nonce: Secret
}

/** Exchanges a code (RFC 6749 section 4.1.3, RFC 7636) and verifies the id token that came with the tokens. */
export async function exchangeCode(seams: Seams, client: OAuthClient, exchange: CodeExchange): Promise<TokenAnswer> {
  return answerOf(async () => {
    const server = serverOf(client, exchange.discovered)
    const received = new URLSearchParams({ code: exchange.code })
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      clientOf(client),
      authenticationOf(client),
      oauth.validateAuthResponse(server, clientOf(client), received, oauth.expectNoState),
      exchange.redirectUri,
      exchange.verifier.open('exchange'),
      { [oauth.customFetch]: fetchOf(seams, client) },
    )
    return readCodeAnswer(seams, client, exchange, response)
  })
}

/** Spends a refresh token (RFC 6749 section 6). */
export async function askForRefresh(seams: Seams, client: OAuthClient, refreshToken: Secret): Promise<TokenAnswer> {
  return answerOf(async () => {
    const server = serverOf(client)
    const options = { [oauth.customFetch]: fetchOf(seams, client) }
    const secret = refreshToken.open('refresh')
    const response = await oauth.refreshTokenGrantRequest(
      server,
      clientOf(client),
      authenticationOf(client),
      secret,
      options,
    )
    // Entra repeats an id token when openid was asked for; it is nobody's proof here, so it is not read.
    return tokensOf(
      await oauth.processRefreshTokenResponse(server, clientOf(client), await withoutIdToken(response)),
      null,
    )
  })
}

/** A token for the application itself (RFC 6749 section 4.4). */
export async function askAsApplication(
  seams: Seams,
  client: OAuthClient,
  scopes: readonly string[],
): Promise<TokenAnswer> {
  return answerOf(async () => {
    const server = serverOf(client)
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      clientOf(client),
      authenticationOf(client),
      { scope: scopes.join(' ') },
      { [oauth.customFetch]: fetchOf(seams, client) },
    )
    return tokensOf(await oauth.processClientCredentialsResponse(server, clientOf(client), response), null)
  })
}

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
    const options = {
      [oauth.customFetch]: fetchOf(seams, client),
      additionalParameters: { token_type_hint: 'refresh_token' },
    }
    const text = secret.open('refresh')
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, clientOf(client), authenticationOf(client), text, options),
    )
    return { is: 'revoked' }
  } catch (problem) {
    const refusal = refusalOf(problem)
    if (refusal === null) throw problem
    return { is: 'not_revoked', say: `${host} did not confirm it. ${refusal.say}` }
  }
}

async function readCodeAnswer(
  seams: Seams,
  client: OAuthClient,
  { discovered, nonce }: CodeExchange,
  response: Response,
) {
  const server = serverOf(client, { ...discovered, issuer: await issuerIn(response, discovered.issuer) })
  const answer = await oauth.processAuthorizationCodeResponse(server, clientOf(client), response, {
    expectedNonce: nonce.open('compare'),
    requireIdToken: true,
  })
  // TLS already authenticates the answer (OpenID Connect Core 3.1.3.7); the signature is checked all the same.
  await oauth.validateApplicationLevelSignature(server, response, { [oauth.customFetch]: fetchOf(seams, client) })
  const claims = oauth.getValidatedIdTokenClaims(answer)
  const account = claims === undefined ? null : accountOfClaims(claims)
  const madeForThis = claims !== undefined && claims.exp - claims.iat <= idTokenLifeSecondsMax
  if (account === null || !madeForThis) throw refused('connections.identity_not_proven')
  return tokensOf(answer, account)
}

/** The issuer to hold the id token to: the authority's, in the directory that the token itself names. */
async function issuerIn(response: Response, issuer: string): Promise<string> {
  const body = z.object({ id_token: z.string() }).safeParse(await jsonOf(response.clone()))
  const payload = body.success ? body.data.id_token.split('.')[1] : undefined
  const claims = z.object({ tid: z.string() }).safeParse(parseJson(Buffer.from(payload ?? '', 'base64url').toString()))
  return (claims.success ? issuerForTenant(issuer, claims.data.tid) : null) ?? issuer
}

async function withoutIdToken(response: Response): Promise<Response> {
  const body = await jsonOf(response.clone())
  if (response.status !== 200 || typeof body !== 'object' || body === null || !('id_token' in body)) return response
  const { id_token: _unread, ...rest } = body
  return Response.json(rest)
}

function tokensOf(answer: oauth.TokenEndpointResponse, account: Account | null): TokenSet {
  return {
    accessToken: new Secret(answer.access_token),
    refreshToken: answer.refresh_token === undefined ? null : new Secret(answer.refresh_token),
    // Without expires_in nothing is known (RFC 6749, 5.1): treat it as soon over rather than as endless.
    expiresInSeconds: Math.min(Math.max(answer.expires_in ?? 300, 1), 86_400 * 2),
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

const codeOfKind = {
  person_needed: 'connections.refresh_refused',
  client_refused: 'connections.client_refused',
  denied: 'connections.sign_in_denied',
  passing: 'connections.provider_trouble',
  refused: 'connections.provider_refused',
} as const satisfies Record<ProblemKind, ConnectionErrorCode>

function refusalOf(problem: unknown): TokenRefusal | null {
  if (problem instanceof oauth.ResponseBodyError) {
    const fault = problemIn(problem)
    const kind = problem.status >= 500 || problem.status === 429 ? 'passing' : kindOfProblem(fault)
    const subject = kind === 'passing' ? null : subjectOfProblem(fault)
    const code = subject === null ? codeOfKind[kind] : (`connections.${subject}` as const)
    return { kind, code, say: sentenceFor(fault) ?? connectionErrors[code].say }
  }
  if (problem instanceof oauth.OperationProcessingError || problem instanceof oauth.UnsupportedOperationError) {
    const status = problem.cause instanceof Response ? problem.cause.status : 200
    const code = status >= 400 ? 'connections.provider_trouble' : 'connections.identity_not_proven'
    return { kind: 'passing', code, say: connectionErrors[code].say }
  }
  if (problem instanceof Error && 'code' in problem && String(problem.code) in connectionErrors) {
    return { kind: 'passing', code: problem.code as ConnectionErrorCode, say: problem.message }
  }
  return null
}

const problemBody = z.object({
  suberror: z.string().optional(),
  error_codes: z.array(z.number()).catch([]).default([]),
})

function problemIn(problem: oauth.ResponseBodyError): ProviderProblem {
  const body = problemBody.parse(problem.cause)
  return {
    error: problem.error,
    numbers: body.error_codes,
    ...(body.suberror === undefined ? {} : { suberror: body.suberror }),
  }
}

function serverOf(client: OAuthClient, discovered?: Discovered): oauth.AuthorizationServer {
  return {
    issuer: discovered?.issuer ?? new URL(client.tokenUrl).origin,
    token_endpoint: client.tokenUrl,
    ...(discovered === undefined ? {} : { jwks_uri: discovered.jwksUri }),
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function clientOf(client: OAuthClient): oauth.Client {
  return {
    client_id: client.clientId,
    id_token_signed_response_alg: 'RS256',
    [oauth.clockTolerance]: clockToleranceSeconds,
  }
}

function authenticationOf({ clientAuthentication, clientSecret }: OAuthClient): oauth.ClientAuth {
  const secret = clientSecret.open('client_authentication')
  return clientAuthentication === 'client_secret_basic'
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret)
}

function fetchOf(seams: Seams, { timeoutMs }: OAuthClient) {
  return (url: string, { body, headers, method }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>) =>
    callOut(seams, url, {
      init: { method, headers, ...(body === undefined ? {} : { body }) },
      limits: limits(timeoutMs),
    })
}

function limits(timeoutMs = tokenCallTimeoutMs) {
  return { timeoutMs, bodyBytesMax: tokenAnswerBytesMax }
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

const sayNoTenant = 'The tenant in the Token URL does not exist. Compare it with your Directory (tenant) ID.'
