import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import type { Log } from '#kit/log.ts'
import { visibleText } from '#kit/visible-text.ts'
import type { MicrosoftSignIn, PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { SignInSecrets } from './sign-in-secrets.ts'

/** Who Microsoft says signed in, from a verified id token. */
export type VerifiedPerson = {
  tenantId: string
  objectId: string
  email: string
  displayName: string
  /** When they gave their password there; null where the id token does not say. */
  authenticatedAt: Date | null
}

/**
 * What is asked of Microsoft: to let somebody choose an account, or to make the given one give their password again. The answer is judged
 * by the id token's `auth_time`, because both parameters pass through the browser and can be taken out there.
 */
export type SignInWish = { is: 'sign_in' } | { is: 'prove'; loginHint: string }

/** The OpenID Connect code flow with PKCE (OpenID Connect Core section 3.1, RFC 7636) for one tenant. */
export type OpenIdClient = {
  /** The address to send the browser to; stand-ins are not applied. */
  authorizationUrl: (secrets: SignInSecrets, wish: SignInWish) => Promise<URL>
  /** Redeems the code of a callback and verifies the id token: RS256, signature, issuer, audience, times, nonce, tenant. */
  identify: (callback: URLSearchParams, secrets: SignInSecrets) => Promise<VerifiedPerson>
}

const timeoutMs = 10_000
/** Entra's endpoints practically never move, but a wrong answer must not be kept until the next start. */
const discoveryLifeMs = 60 * 60_000
/** Clocks of two sites differ; more than this is a fault. */
const clockToleranceSeconds = 300

export function openIdClient(
  deps: Pick<PeopleDeps, 'seams' | 'log' | 'publicUrl'>,
  signIn: MicrosoftSignIn,
): OpenIdClient {
  const client: oauth.Client = {
    client_id: signIn.clientId,
    id_token_signed_response_alg: 'RS256',
    [oauth.clockTolerance]: clockToleranceSeconds,
  }
  const http = { [oauth.customFetch]: deps.seams.fetch, signal: () => AbortSignal.timeout(timeoutMs) }
  const redirectUri = `${deps.publicUrl}/api/people/sign-in/callback`
  const server = keptFor(discoveryLifeMs, deps.seams.now, () => discover(signIn, http))

  return {
    authorizationUrl: async (secrets, wish) => {
      const { authorization_endpoint: endpoint } = await reached(server, deps.log)
      if (endpoint === undefined) throw refused('people.microsoft_unreachable')
      const url = new URL(endpoint)
      url.search = new URLSearchParams({
        client_id: signIn.clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
        ...wishParameters(wish),
      }).toString()
      return url
    },
    identify: async (callback, secrets) => {
      const as = await reached(server, deps.log)
      const parameters = answered(as, client, callback, secrets.state)
      const claims = await verified(deps.log, async () => {
        const auth = oauth.ClientSecretPost(signIn.clientSecret.open('client_authentication'))
        const response = await oauth.authorizationCodeGrantRequest(
          as,
          client,
          auth,
          parameters,
          redirectUri,
          secrets.codeVerifier,
          http,
        )
        const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
          expectedNonce: secrets.nonce,
          requireIdToken: true,
        })
        await oauth.validateApplicationLevelSignature(as, response, http)
        return oauth.getValidatedIdTokenClaims(tokens)
      })
      return personIn(claims, signIn.tenantId)
    },
  }
}

/** OpenID Connect Core, section 3.1.2.1. `max_age` makes `auth_time` part of the id token; some providers end the id token with it, hence not 0. */
function wishParameters(wish: SignInWish): Record<string, string> {
  // A shared desk must not sign in whoever was there before.
  if (wish.is === 'sign_in') return { prompt: 'select_account' }
  return { prompt: 'login', max_age: '60', login_hint: wish.loginHint }
}

type Http = { [oauth.customFetch]: typeof globalThis.fetch; signal: () => AbortSignal }

async function discover(signIn: MicrosoftSignIn, http: Http): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${signIn.authority}/${signIn.tenantId}/v2.0`)
  const response = await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oidc' })
  return oauth.processDiscoveryResponse(issuer, response)
}

/** Keeps what `make` made for a while; failures are not kept. */
function keptFor<T>(lifeMs: number, now: () => Date, make: () => Promise<T>): () => Promise<T> {
  let kept: { value: Promise<T>; until: number } | null = null
  return async () => {
    const at = now().getTime()
    if (kept === null || kept.until <= at) kept = { value: make(), until: at + lifeMs }
    const mine = kept
    try {
      return await mine.value
    } catch (problem) {
      if (kept === mine) kept = null
      throw problem
    }
  }
}

async function reached(server: () => Promise<oauth.AuthorizationServer>, log: Log) {
  try {
    return await server()
  } catch (cause) {
    log.warn({ problem: String(cause) }, 'people.microsoft_unreachable')
    throw refused('people.microsoft_unreachable', { cause })
  }
}

/** The parameters of the callback, unless Microsoft says there that the person did not sign in. */
function answered(as: oauth.AuthorizationServer, client: oauth.Client, callback: URLSearchParams, state: string) {
  try {
    return oauth.validateAuthResponse(as, client, callback, state)
  } catch (cause) {
    if (!(cause instanceof oauth.AuthorizationResponseError)) throw refused('people.sign_in_not_verified', { cause })
    const trouble = ['server_error', 'temporarily_unavailable'].includes(cause.error)
    throw refused(trouble ? 'people.microsoft_unreachable' : 'people.sign_in_denied', { cause })
  }
}

/** Turns what can go wrong in the exchange into our conditions. Logged are names of errors, never a code or a token. */
async function verified<T>(log: Log, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = conditionOf(cause)
    log.warn({ problem: cause instanceof oauth.ResponseBodyError ? cause.error : String(cause) }, code)
    throw refused(code, { cause })
  }
}

function conditionOf(problem: unknown) {
  if (problem instanceof oauth.ResponseBodyError) {
    if (problem.status >= 500) return 'people.microsoft_unreachable'
    return problem.error === 'invalid_client' ? 'people.sign_in_secret_refused' : 'people.sign_in_not_verified'
  }
  if (problem instanceof oauth.OperationProcessingError) return conditionOfProcessing(problem)
  // What is left is fetch itself: refused, reset, or too slow.
  return 'people.microsoft_unreachable'
}

/** An error page of a proxy, or a status that the protocol does not have. */
const notTheProtocol: (string | undefined)[] = [oauth.RESPONSE_IS_NOT_JSON, oauth.RESPONSE_IS_NOT_CONFORM]

function conditionOfProcessing(problem: oauth.OperationProcessingError) {
  if (notTheProtocol.includes(problem.code)) return 'people.microsoft_unreachable'
  const about = problem.cause as { claim?: unknown } | undefined
  const otherIssuer = problem.code === oauth.JWT_CLAIM_COMPARISON && about?.claim === 'iss'
  return otherIssuer ? 'people.sign_in_wrong_tenant' : 'people.sign_in_not_verified'
}

/** `oid` needs the scope profile; `preferred_username` is the address people sign in with and may change (Entra, id token claims). */
const idTokenClaims = z.object({
  tid: z.string().min(1),
  oid: z.string().min(1),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  auth_time: z.number().optional(),
})

function personIn(claims: unknown, tenantId: string): VerifiedPerson {
  const read = idTokenClaims.safeParse(claims)
  if (!read.success) throw refused('people.sign_in_not_verified', { cause: read.error })
  const { tid, oid, name, preferred_username: username, email, auth_time: authTime } = read.data
  if (tid.toLowerCase() !== tenantId.toLowerCase()) throw refused('people.sign_in_wrong_tenant')
  const address = username ?? email
  if (address === undefined) throw refused('people.sign_in_not_verified')
  return {
    tenantId: tid.toLowerCase(),
    objectId: oid.toLowerCase(),
    email: address.slice(0, 320),
    displayName: visibleText(name || address).slice(0, 256),
    authenticatedAt: authTime === undefined ? null : new Date(authTime * 1000),
  }
}
