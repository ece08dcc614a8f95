import type { Context } from 'hono'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import type { Tenant } from '../tenant.ts'

/** A refusal of Entra: what OAuth calls it, Microsoft's number for it, and the sentence. */
export type EntraProblem = {
  number: number
  error: string
  say: string
  status: 400 | 401 | 429 | 503
  suberror?: string
  claims?: string
}

type Known = Pick<EntraProblem, 'error' | 'say'> & Partial<EntraProblem>

/**
 * The refusals this tenant knows, by AADSTS number (Microsoft's "reference-error-codes" page). Clients must look at `error` and
 * `suberror` only; numbers and sentences are for people.
 */
const known = {
  16000: {
    error: 'interaction_required',
    say: 'More than one account is signed in to this browser, or the account must be chosen.',
  },
  50011: {
    error: 'invalid_request',
    say: 'The redirect URI of the request does not match one registered for the application.',
  },
  50012: { error: 'invalid_client', status: 401, say: 'The client assertion is invalid.' },
  50013: { error: 'invalid_grant', say: 'Assertion failed signature validation.' },
  50034: { error: 'invalid_grant', say: 'The user account does not exist in this directory.' },
  50057: { error: 'invalid_grant', say: 'The user account is disabled.' },
  50058: { error: 'login_required', say: 'A silent sign-in request was sent but no user is signed in.' },
  50126: { error: 'invalid_grant', say: 'Invalid username or password.' },
  50173: { error: 'invalid_grant', say: 'The grant was revoked, a fresh sign-in is needed.' },
  50194: {
    error: 'invalid_request',
    say: 'The application is not configured as a multi-tenant application. Use a tenant-specific endpoint.',
  },
  54005: { error: 'invalid_grant', say: 'The authorization code was already redeemed. Start a new sign-in.' },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    say: 'The user or administrator has not consented to use the application.',
  },
  65004: { error: 'access_denied', say: 'The user declined to consent to access the app.' },
  70000: { error: 'invalid_grant', suberror: 'bad_token', say: 'The provided grant is invalid or malformed.' },
  70003: { error: 'unsupported_grant_type', say: 'The grant type is not supported.' },
  70008: { error: 'invalid_grant', say: 'The provided authorization code has expired.' },
  70011: { error: 'invalid_scope', say: 'The provided value for the scope is not valid.' },
  90002: { error: 'invalid_request', say: 'The tenant was not found.' },
  90023: { error: 'invalid_request', say: 'A parameter of the request is invalid.' },
  90094: { error: 'access_denied', say: 'An administrator must grant consent for this application.' },
  500011: { error: 'invalid_resource', say: 'The resource was not found in the tenant.' },
  500112: { error: 'invalid_grant', say: 'The reply address does not match the one of the authorization request.' },
  501481: {
    error: 'invalid_grant',
    say: 'The code_verifier does not match the code_challenge of the authorization request.',
  },
  501491: { error: 'invalid_request', say: 'The code_challenge must be 43 to 128 characters of the unreserved set.' },
  700016: { error: 'unauthorized_client', say: 'The application was not found in the directory.' },
  700025: {
    error: 'invalid_client',
    status: 401,
    say: 'A public client must not present a client_secret or client_assertion.',
  },
  700027: { error: 'invalid_client', status: 401, say: 'The client assertion failed signature validation.' },
  700054: {
    error: 'unsupported_response_type',
    say: "The response_type is not enabled for the application; use 'code'.",
  },
  700082: { error: 'invalid_grant', say: 'The refresh token has expired because it was not used for 90 days.' },
  900144: { error: 'invalid_request', say: 'The request must contain a parameter that is missing.' },
  1002012: {
    error: 'invalid_scope',
    say: 'Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
  },
  7000112: { error: 'unauthorized_client', say: 'The application is disabled.' },
  7000215: { error: 'invalid_client', status: 401, say: 'Invalid client secret provided.' },
  7000218: {
    error: 'invalid_client',
    status: 401,
    say: "The request must contain 'client_assertion' or 'client_secret'.",
  },
  7000222: { error: 'invalid_client', status: 401, say: 'The provided client secret keys are expired.' },
  9001023: {
    error: 'invalid_request',
    say: 'The grant type is not supported over the /common or /consumers endpoints.',
  },
  9002313: { error: 'invalid_request', say: 'The request is malformed or invalid.' },
} as const satisfies Record<number, Known>

/** A refusal by its number; `detail` follows the sentence. */
export function refusal(number: keyof typeof known, detail = ''): EntraProblem {
  const one: Known = known[number]
  return { status: 400, ...one, number, say: detail === '' ? one.say : `${one.say} ${detail}` }
}

/** The JSON body of a refused token request, and of Microsoft's other endpoints. */
export function problemBody(
  tenant: Tenant,
  problem: EntraProblem,
  ids: { traceId: string; correlationId: string },
): object {
  const timestamp = `${tenant.now().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    error: problem.error,
    error_description: describe(problem, ids, timestamp),
    error_codes: [problem.number],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${problem.number}`,
    ...(problem.suberror === undefined ? {} : { suberror: problem.suberror }),
    ...(problem.claims === undefined ? {} : { claims: problem.claims }),
  }
}

/** Answers with the refusal as JSON and notes it in the ledger. */
export function answerProblem(c: Context<TenantEnv>, tenant: Tenant, problem: EntraProblem): Response {
  annotate(c, { errorCode: `AADSTS${problem.number}` })
  return c.json(problemBody(tenant, problem, idsOf(c)), problem.status)
}

/** `error_description` as a redirect carries it. */
export function descriptionOf(c: Context<TenantEnv>, tenant: Tenant, problem: EntraProblem): string {
  const timestamp = `${tenant.now().toISOString().slice(0, 19).replace('T', ' ')}Z`
  return describe(problem, idsOf(c), timestamp)
}

export function idsOf(c: Context<TenantEnv>): { traceId: string; correlationId: string } {
  return {
    traceId: c.get('requestId'),
    correlationId: c.req.header('client-request-id') ?? c.get('requestId'),
  }
}

function describe(problem: EntraProblem, ids: { traceId: string; correlationId: string }, timestamp: string): string {
  const head = `AADSTS${problem.number}: ${problem.say}`
  return `${head}\r\nTrace ID: ${ids.traceId}\r\nCorrelation ID: ${ids.correlationId}\r\nTimestamp: ${timestamp}`
}
