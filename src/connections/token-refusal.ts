import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import {
  kindOfProblem,
  type ProblemKind,
  type ProviderProblem,
  passwordSentenceFor,
  sentenceFor,
  subjectOfProblem,
} from './entra.ts'
import { type ConnectionErrorCode, connectionErrors } from './errors.ts'

/** A token request that ended without tokens, for a reason that is stored and shown. */
export type TokenRefusal = {
  kind: ProblemKind
  code: ConnectionErrorCode
  say: string
  /** The provider's own numbers for it, where it has any: for better words, never for a decision. */
  numbers?: readonly number[]
}

const codeOfKind = {
  person_needed: 'connections.refresh_refused',
  client_refused: 'connections.client_refused',
  denied: 'connections.sign_in_denied',
  passing: 'connections.provider_trouble',
  refused: 'connections.provider_refused',
} as const satisfies Record<ProblemKind, ConnectionErrorCode>

/** What the provider or the network did, in our words; null for anything else, which is a bug of ours. */
export function refusalOf(problem: unknown): TokenRefusal | null {
  if (problem instanceof oauth.ResponseBodyError) return refusalIn(problem)
  if (problem instanceof oauth.OperationProcessingError || problem instanceof oauth.UnsupportedOperationError) {
    const status = problem.cause instanceof Response ? problem.cause.status : 200
    if (status === 401) return refusal('client_refused', 'connections.client_refused')
    return refusal('passing', status >= 400 ? 'connections.provider_trouble' : 'connections.identity_not_proven')
  }
  if (problem instanceof Error && 'code' in problem && String(problem.code) in connectionErrors) {
    return { kind: 'passing', code: problem.code as ConnectionErrorCode, say: problem.message }
  }
  return null
}

/** Was the client itself refused, and nothing it brought even looked at (RFC 6749 section 5.2)? Then another proof may be tried. */
export function refusesClient(problem: unknown): boolean {
  if (problem instanceof oauth.ResponseBodyError) return problem.error === 'invalid_client'
  return (
    problem instanceof oauth.OperationProcessingError &&
    problem.cause instanceof Response &&
    problem.cause.status === 401
  )
}

/** Was the grant itself refused: the code, the refresh token, the assertion? */
export function refusesGrant(problem: unknown): boolean {
  return problem instanceof oauth.ResponseBodyError && problem.error === 'invalid_grant'
}

/** With the password grant nobody can be asked to sign in again: who must act is whoever looks after the credential. */
export function passwordRefusal({ kind, numbers = [] }: TokenRefusal): TokenRefusal {
  const code = 'connections.password_refused'
  return { kind, code, numbers, say: passwordSentenceFor(numbers) ?? connectionErrors[code].say }
}

function refusalIn(problem: oauth.ResponseBodyError): TokenRefusal {
  const fault = problemIn(problem)
  const kind = problem.status >= 500 || problem.status === 429 ? 'passing' : kindOfProblem(fault)
  const subject = kind === 'passing' ? null : subjectOfProblem(fault)
  const code = subject === null ? codeOfKind[kind] : (`connections.${subject}` as const)
  return { ...refusal(kind, code), say: sentenceFor(fault) ?? connectionErrors[code].say, numbers: fault.numbers }
}

function refusal(kind: ProblemKind, code: ConnectionErrorCode): TokenRefusal {
  return { kind, code, say: connectionErrors[code].say }
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
