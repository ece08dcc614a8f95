import { type Context, Hono } from 'hono'
import { runMailboxes } from '../exchange/inbox.ts'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import { runNotifications } from '../notifications/run-notifications.ts'
import type { Tenant } from '../tenant.ts'
import { answerBatch } from './batch.ts'
import { calendarPermissionRoutes } from './calendar-permissions.ts'
import { calendarViewRoutes } from './calendar-view.ts'
import { calendarRoutes } from './calendars.ts'
import { deltaRoutes } from './delta.ts'
import { dispatch, type GraphService } from './dispatch.ts'
import { eventAnswerRoutes } from './event-answers.ts'
import { eventRoutes } from './events.ts'
import type { GraphAnswer } from './graph-call.ts'
import { mailboxSettingsRoutes } from './mailbox-settings.ts'
import { placeRoutes } from './places.ts'
import { refuseToken } from './refused-token.ts'
import { type Route, route } from './router.ts'
import { scheduleRoutes } from './schedule.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { MailboxThrottle } from './throttle.ts'
import { userRoutes } from './users.ts'

const resources: Route[] = [
  ...eventRoutes,
  ...eventAnswerRoutes,
  ...calendarViewRoutes,
  ...deltaRoutes,
  ...scheduleRoutes,
  ...calendarRoutes,
  ...calendarPermissionRoutes,
  ...placeRoutes,
  ...userRoutes,
  ...mailboxSettingsRoutes,
  ...subscriptionRoutes,
]

/** The REST surface of Graph, mounted below `/v1.0`, and behind it the mailboxes at work. */
export function graphRoutes(tenant: Tenant): Hono<TenantEnv> {
  runMailboxes(tenant)
  runNotifications(tenant)
  const service: GraphService = { tenant, throttle: new MailboxThrottle(tenant), routes: resources }
  const batch = route('POST', '/$batch', async ({ request }) => ({
    status: 200,
    body: await answerBatch(service, request),
  }))
  const served = { ...service, routes: [batch, ...resources] }
  const app = new Hono<TenantEnv>()
  app.all('*', (c) => answer(served, c))
  return app
}

async function answer(service: GraphService, c: Context<TenantEnv>): Promise<Response> {
  const bearer = c.get('bearer')
  if (!bearer.ok) return refuseToken(service.tenant, c, bearer.problem)
  const url = new URL(c.req.url)
  url.pathname = url.pathname.replace(/^\/v1\.0/i, '')
  const outcome = await dispatch(service, {
    method: c.req.method,
    url,
    headers: c.req.raw.headers,
    body: await c.req.text(),
    requestId: c.get('requestId'),
    token: bearer.token,
    fault: c.get('fault') ?? null,
  })
  annotate(c, { mailbox: outcome.mailbox, errorCode: outcome.errorCode })
  return asResponse(outcome)
}

function asResponse({ status, body, headers }: GraphAnswer): Response {
  const text = typeof body === 'string' || body === undefined ? (body ?? null) : JSON.stringify(body)
  return new Response(text, { status, headers })
}
