import { type Context, Hono } from 'hono'
import type { BearerProblem } from '../access-token.ts'
import { runMailboxes } from '../exchange/inbox.ts'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import type { Tenant } from '../tenant.ts'
import { dispatch, type GraphService, stampOf } from './dispatch.ts'
import { eventRoutes } from './events.ts'
import type { GraphAnswer } from './graph-call.ts'
import { problemBody } from './graph-problem.ts'
import { MailboxThrottle } from './throttle.ts'

/** The REST surface of Graph, mounted below `/v1.0`, and behind it the mailboxes at work. */
export function graphRoutes(tenant: Tenant): Hono<TenantEnv> {
  runMailboxes(tenant)
  const service: GraphService = { tenant, throttle: new MailboxThrottle(tenant), routes: eventRoutes }
  const app = new Hono<TenantEnv>()
  app.all('*', (c) => answer(service, c))
  return app
}

async function answer(service: GraphService, c: Context<TenantEnv>): Promise<Response> {
  const bearer = c.get('bearer')
  const requestId = c.get('requestId')
  if (!bearer.ok) return refuseToken(service.tenant, c, bearer.problem)
  const url = new URL(c.req.url)
  url.pathname = c.req.path.replace(/^\/v1\.0/i, '')
  const { headers } = c.req.raw
  const outcome = await dispatch(service, {
    method: c.req.method,
    url,
    headers,
    body: await c.req.text(),
    requestId,
    token: bearer.token,
  })
  annotate(c, { mailbox: outcome.mailbox, errorCode: outcome.errorCode })
  return asResponse(outcome)
}

const tokenProblems: Record<BearerProblem, string> = {
  missing: 'Access token is empty.',
  malformed: 'CompactToken parsing failed with error code: 80049217',
  wrong_audience: 'Access token validation failure. Invalid audience.',
  expired: 'Lifetime validation failed, the token is expired.',
}

/** Without a good token nothing is looked at. The challenge is the one Graph sends (RFC 6750 section 3). */
export function refuseToken(tenant: Tenant, c: Context<TenantEnv>, problem: BearerProblem): Response {
  const code = 'InvalidAuthenticationToken'
  annotate(c, { errorCode: code })
  const stamp = stampOf({ headers: c.req.raw.headers, requestId: c.get('requestId') })
  const body = problemBody({ code, message: tokenProblems[problem] }, { ...stamp, at: tenant.now() })
  const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`
  return asResponse({
    status: 401,
    body,
    headers: {
      'content-type': 'application/json',
      'www-authenticate': challenge,
      'request-id': stamp.requestId,
      'client-request-id': stamp.clientRequestId,
    },
  })
}

function asResponse({ status, body, headers }: GraphAnswer): Response {
  const text = typeof body === 'string' || body === undefined ? (body ?? null) : JSON.stringify(body)
  return new Response(text, { status, headers })
}
