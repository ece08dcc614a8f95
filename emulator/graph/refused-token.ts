import type { Context } from 'hono'
import type { BearerProblem } from '../access-token.ts'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import type { Tenant } from '../tenant.ts'
import { stampOf } from './dispatch.ts'
import { problemBody } from './graph-problem.ts'

const messages: Record<BearerProblem, string> = {
  missing: 'Access token is empty.',
  malformed: 'CompactToken parsing failed with error code: 80049217',
  wrong_audience: 'Access token validation failure. Invalid audience.',
  expired: 'Lifetime validation failed, the token is expired.',
}

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"'

/** Without a good token nothing is looked at. The challenge is the one Graph sends (RFC 6750 section 3). */
export function refuseToken(tenant: Tenant, c: Context<TenantEnv>, problem: BearerProblem): Response {
  const code = 'InvalidAuthenticationToken'
  annotate(c, { errorCode: code })
  const stamp = stampOf({ headers: c.req.raw.headers, requestId: c.get('requestId') })
  const body = problemBody({ code, message: messages[problem] }, { ...stamp, at: tenant.now() })
  return c.json(body, 401, {
    'www-authenticate': challenge,
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
  })
}
