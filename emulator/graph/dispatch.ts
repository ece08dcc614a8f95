import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { refuseOutOfScope } from './app-scope.ts'
import { refuseOtherCalendar } from './calendars.ts'
import type { GraphAnswer, GraphCall, GraphRequest, Outcome } from './graph-call.ts'
import { badRequest, GraphProblem, problemBody, unknownSegment } from './graph-problem.ts'
import { preferenceApplied, readPreferences } from './preferences.ts'
import { readQuery } from './query-options.ts'
import { findRoute, type Match, type Route } from './router.ts'
import { spoiltAnswer } from './spoilt-answer.ts'
import type { MailboxThrottle } from './throttle.ts'

export type GraphService = { tenant: Tenant; throttle: MailboxThrottle; routes: Route[] }

/** Answers one request whose token is already known to be good. A refusal is an answer too; this never throws. */
export async function dispatch(service: GraphService, request: GraphRequest): Promise<Outcome> {
  const seen: { mailbox: User | null } = { mailbox: null }
  try {
    const answer = spoiltAnswer(await answerOf(service, request, seen), request.fault)
    return { ...answer, headers: stamped(request, answer), mailbox: seen.mailbox?.mail ?? null, errorCode: null }
  } catch (cause) {
    const problem = cause instanceof GraphProblem ? cause : ourFault(cause)
    const { status, code, headers } = problem
    const body = problemBody(problem, { ...stampOf(request), at: service.tenant.now() })
    const answer = { status, body, headers }
    return { ...answer, headers: stamped(request, answer), mailbox: seen.mailbox?.mail ?? null, errorCode: code }
  }
}

/** A surprise is a bug of the tenant: it is said loudly, and looks to the client as Graph's own do. */
function ourFault(cause: unknown): GraphProblem {
  process.stderr.write(`tenant: ${cause instanceof Error ? cause.stack : String(cause)}\n`)
  return new GraphProblem(500, 'ErrorInternalServerError', 'An internal server error occurred. The operation failed.')
}

/** Ids every answer carries; Graph makes up a client-request-id for those who send none. */
export function stampOf(request: Pick<GraphRequest, 'headers' | 'requestId'>) {
  const { requestId } = request
  return { requestId, clientRequestId: request.headers.get('client-request-id') ?? requestId }
}

async function answerOf(service: GraphService, request: GraphRequest, seen: { mailbox: User | null }) {
  const match = routeOf(service.routes, request)
  const { tenant } = service
  const call: GraphCall = {
    tenant,
    request,
    token: request.token,
    params: match.params,
    query: readQuery(request.url),
    preferences: readPreferences(request.headers.get('prefer')),
    root: `${tenant.switches.endpointsOn === 'self' ? request.url.origin : 'https://graph.microsoft.com'}/v1.0`,
  }
  if (match.route.of === 'directory') return withPreferences(call, await match.route.handle(call))
  const { handle } = match.route
  const mailbox = mailboxOf(call)
  seen.mailbox = mailbox
  refuseOutOfScope(tenant, request.token, mailbox)
  refuseMoving(tenant, mailbox)
  refuseOtherCalendar({ ...call, mailbox })
  const work = () => handle({ ...call, mailbox })
  return withPreferences(call, await service.throttle.run(request.token.clientId, mailbox.id, work))
}

function routeOf(routes: Route[], request: GraphRequest): Match {
  const { match, methods } = findRoute(routes, request.method, request.url.pathname)
  if (match !== null) return match
  if (methods.length === 0) throw unknownSegment(request.url.pathname.split('/').at(-1) ?? '')
  const message = `The OData request is not supported: ${request.method} is not allowed here.`
  throw new GraphProblem(405, 'Request_BadRequest', message, { allow: methods.join(', ') })
}

/** The mailbox a path names. There is no `/me` without a person in the token. */
function mailboxOf({ tenant, token, params }: GraphCall): User {
  const name = params.user ?? token.accountId
  if (name === null) throw badRequest('/me request is only valid with delegated authentication flow.')
  const user = tenant.findUser(name)
  if (user === undefined) throw new GraphProblem(404, 'ErrorInvalidUser', `The requested user '${name}' is invalid.`)
  if (user.homeTenantId === null) return user
  const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.'
  throw new GraphProblem(404, 'MailboxNotEnabledForRESTAPI', message)
}

/** While a mailbox moves to another server nothing reaches it. */
function refuseMoving(tenant: Tenant, mailbox: User): void {
  const move = tenant.mailboxMoves.get(mailbox.id)
  if (move === undefined || move.until <= tenant.now().toISOString()) return
  const headers: Record<string, string> = move.retryAfter === null ? {} : { 'retry-after': move.retryAfter }
  throw new GraphProblem(503, 'ErrorMailboxMoveInProgress', 'Mailbox move in progress. Try again later.', headers)
}

function withPreferences(call: GraphCall, answer: GraphAnswer): GraphAnswer {
  const applied = preferenceApplied(call.preferences)
  return applied === null ? answer : { ...answer, headers: { ...answer.headers, 'preference-applied': applied } }
}

function stamped(request: GraphRequest, answer: GraphAnswer): Record<string, string> {
  const { requestId, clientRequestId } = stampOf(request)
  return {
    'cache-control': 'private',
    'request-id': requestId,
    'client-request-id': clientRequestId,
    'x-ms-ags-diagnostic':
      '{"ServerInfo":{"DataCenter":"Local","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"TENANT"}}',
    ...(answer.body === undefined ? {} : { 'content-type': contentTypeOf(answer.body) }),
    ...answer.headers,
  }
}

function contentTypeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain'
  return 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'
}
