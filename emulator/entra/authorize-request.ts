import type { Code } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { findClient } from './authority.ts'
import { type EntraProblem, refusal } from './problem.ts'
import { readScopes } from './scopes.ts'

export type ResponseMode = 'query' | 'fragment' | 'form_post'
/** Where and how the answer of an authorize request goes. */
export type ReplyTo = { redirectUri: string; responseMode: ResponseMode; state: string | null }
export type Prompt = 'login' | 'none' | 'consent' | 'select_account'

export type AuthorizeRequest = ReplyTo & {
  app: AppRecord
  scopes: string[]
  prompt: Prompt | null
  loginHint: string | null
  nonce: string | null
  /** OpenID Connect Core, 3.1.2.1: the person must have given their password within so many seconds. */
  maxAgeSeconds: number | null
  codeChallenge: string | null
  codeChallengeMethod: Code['codeChallengeMethod']
}

/** A refused request is shown on the page as long as the redirect URI cannot be trusted, and sent back to the app afterwards. */
export type ReadAuthorizeRequest =
  | { ok: true; request: AuthorizeRequest }
  | { ok: false; problem: EntraProblem; replyTo: ReplyTo | null }

/** Reads the parameters of `GET /{tenant}/oauth2/v2.0/authorize` (entra-docs, v2-oauth2-auth-code-flow). */
export function readAuthorizeRequest(tenant: Tenant, segment: string, query: URLSearchParams): ReadAuthorizeRequest {
  const client = findClient(tenant, query.get('client_id') ?? undefined, segment)
  if (!client.ok) return { ok: false, problem: client.problem, replyTo: null }
  const redirectUri = query.get('redirect_uri')
  if (redirectUri === null) return { ok: false, problem: refusal(900144, "Missing: 'redirect_uri'."), replyTo: null }
  if (!client.app.redirectUris.includes(redirectUri)) {
    const detail = `Redirect URI '${redirectUri}', application '${client.app.clientId}'.`
    return { ok: false, problem: refusal(50011, detail), replyTo: null }
  }
  const replyTo = { redirectUri, responseMode: responseModeOf(query), state: query.get('state') }
  const problem = problemIn(query)
  if (problem !== null) return { ok: false, problem, replyTo }
  const scopes = readScopes(query.get('scope') ?? '')
  if (!scopes.ok) return { ok: false, problem: scopes.problem, replyTo }
  return { ok: true, request: { ...replyTo, ...optionsOf(query), app: client.app, scopes: scopes.scopes } }
}

const prompts: readonly string[] = ['login', 'none', 'consent', 'select_account'] satisfies Prompt[]
const responseModes: readonly string[] = ['query', 'fragment', 'form_post'] satisfies ResponseMode[]

function optionsOf(query: URLSearchParams): Omit<AuthorizeRequest, keyof ReplyTo | 'app' | 'scopes'> {
  const codeChallenge = query.get('code_challenge')
  // RFC 7636, 4.3: a challenge without a method is a plain one.
  const method = codeChallenge === null ? null : query.get('code_challenge_method') === 'S256' ? 'S256' : 'plain'
  return {
    prompt: query.get('prompt') as Prompt | null,
    loginHint: query.get('login_hint'),
    nonce: query.get('nonce'),
    maxAgeSeconds: query.has('max_age') ? Number(query.get('max_age')) : null,
    codeChallenge,
    codeChallengeMethod: method,
  }
}

function responseModeOf(query: URLSearchParams): ResponseMode {
  const asked = query.get('response_mode') ?? 'query'
  return responseModes.includes(asked) ? (asked as ResponseMode) : 'query'
}

function problemIn(query: URLSearchParams): EntraProblem | null {
  const prompt = query.get('prompt')
  if (query.get('response_type') === null) return refusal(900144, "Missing: 'response_type'.")
  if (query.get('response_type') !== 'code') return refusal(700054)
  if ((query.get('scope') ?? '').trim() === '') return refusal(900144, "Missing: 'scope'.")
  if (prompt !== null && !prompts.includes(prompt)) return refusal(90023, `Unsupported prompt value '${prompt}'.`)
  if (prompt === 'select_account' && query.has('login_hint')) {
    return refusal(90023, "'login_hint' cannot be combined with prompt 'select_account'.")
  }
  if (!/^\d{1,9}$/.test(query.get('max_age') ?? '0')) return refusal(90023, 'Unsupported max_age value.')
  const mode = query.get('response_mode')
  if (mode !== null && !responseModes.includes(mode)) return refusal(90023, `Unsupported response_mode '${mode}'.`)
  return challengeProblem(query)
}

function challengeProblem(query: URLSearchParams): EntraProblem | null {
  const challenge = query.get('code_challenge')
  const method = query.get('code_challenge_method')
  if (method !== null && method !== 'S256' && method !== 'plain') {
    return refusal(90023, `Unsupported code_challenge_method '${method}'.`)
  }
  if (challenge === null) return method === null ? null : refusal(900144, "Missing: 'code_challenge'.")
  return /^[A-Za-z0-9._~-]{43,128}$/.test(challenge) ? null : refusal(501491)
}
