import { problemBody } from './graph/graph-problem.ts'
import type { Fault } from './model.ts'
import type { Tenant } from './tenant.ts'

/** Answers by name, so that scripts need not know Graph's words for them. */
export const faultNames = [
  'throttled',
  'unavailable',
  'mailboxMove',
  'gatewayTimeout',
  'serverError',
  'claimsChallenge',
  'htmlError',
  'emptyError',
  'truncated',
  'errorIn200',
  'notJson',
  'endlessBody',
] as const

export type FaultName = (typeof faultNames)[number]
type Answer = { status: number; code?: string; message?: string; headers?: Record<string, string>; text?: string }

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"'

const answers: Record<FaultName, Answer> = {
  throttled: {
    status: 429,
    code: 'ApplicationThrottled',
    message: 'Application is over its MailboxConcurrency limit.',
  },
  unavailable: { status: 503, code: 'ServiceUnavailable', message: 'The service is unavailable.' },
  mailboxMove: {
    status: 503,
    code: 'ErrorMailboxMoveInProgress',
    message: 'Mailbox move in progress. Try again later.',
  },
  gatewayTimeout: { status: 504, code: 'UnknownError', message: 'The server did not answer in time.' },
  serverError: {
    status: 500,
    code: 'ErrorInternalServerTransientError',
    message: 'An internal server error occurred. Try again later.',
  },
  claimsChallenge: {
    status: 401,
    code: 'InvalidAuthenticationToken',
    message:
      'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
  },
  htmlError: {
    status: 502,
    text: '<html><body><h1>502 Bad Gateway</h1></body></html>',
    headers: { 'content-type': 'text/html' },
  },
  emptyError: { status: 500, text: '', headers: { 'content-length': '0' } },
  truncated: {
    status: 200,
    text: '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#events","value":[{"id":"AAMk',
  },
  errorIn200: { status: 200, code: 'ErrorInternalServerError', message: 'An internal server error occurred.' },
  notJson: { status: 200, text: 'OK', headers: { 'content-type': 'text/plain' } },
  endlessBody: { status: 200, text: '{"value":[' },
}

/** Whether a fault answers by itself, instead of letting the request through. */
export function hasAnswer(fault: Fault): boolean {
  return fault.status !== null || fault.answer !== undefined
}

/** The answer of a fault that has one. */
export function faultResponse(tenant: Tenant, fault: Fault): Response {
  const named = fault.answer === undefined ? null : answers[fault.answer]
  const headers = {
    'content-type': 'application/json',
    ...named?.headers,
    ...(fault.answer === 'claimsChallenge' ? { 'www-authenticate': claimsChallenge(tenant) } : {}),
    ...retryAfter(tenant, fault),
    ...fault.headers,
  }
  const text = fault.body === null || fault.body === undefined ? namedText(tenant, named) : textOf(fault.body)
  const body = fault.answer === 'endlessBody' ? endless(text) : text
  return new Response(body, { status: fault.status ?? named?.status ?? 500, headers })
}

function namedText(tenant: Tenant, named: Answer | null): string {
  if (named?.code === undefined) return named?.text ?? '{}'
  const requestId = tenant.chance.uuid()
  const stamp = { requestId, clientRequestId: requestId, at: tenant.now() }
  return JSON.stringify(problemBody({ code: named.code, message: named.message ?? '' }, stamp))
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** Word for word, or as the HTTP date so many milliseconds from now. */
function retryAfter(tenant: Tenant, { retryAfter: asked }: Fault): Record<string, string> {
  if (asked === undefined) return {}
  if (typeof asked === 'string') return { 'retry-after': asked }
  return { 'retry-after': new Date(tenant.now().getTime() + asked.dateInMs).toUTCString() }
}

/** Continuous access evaluation: the claims go back on the next sign-in or token request. */
function claimsChallenge(tenant: Tenant): string {
  const value = String(Math.floor(tenant.now().getTime() / 1000))
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value } } })
  return `${challenge}, error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`
}

/** A body that begins and never ends. */
function endless(beginning: string): ReadableStream {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(beginning)) })
}
