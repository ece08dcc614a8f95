import { Hono } from 'hono'
import { controlRoutes } from './control/control.ts'
import { entraRoutes } from './entra/entra.ts'
import { applyFaults } from './faults.ts'
import { graphRoutes } from './graph/graph.ts'
import type { TenantEnv } from './http.ts'
import { recordRequests } from './ledger.ts'
import { indexPage } from './outlook/index-page.ts'
import { outlookRoutes } from './outlook/outlook.ts'
import type { Tenant } from './tenant.ts'

export type TenantApp = { fetch: (request: Request) => Promise<Response> }

/**
 * The tenant without a socket, for whoever runs it in the same process: any origin will do, only the path counts. As with the real
 * `fetch`, a dropped connection rejects with a TypeError and an aborted signal with its reason; redirects are answers and not followed.
 */
export function tenantApp(tenant: Tenant): TenantApp {
  const routes = tenantRoutes(tenant)
  return {
    fetch: async (request) => {
      let isDropped = false
      const drop = () => {
        isDropped = true
      }
      const response = await unlessAborted(request.signal, Promise.resolve(routes.fetch(request, { drop })))
      if (isDropped) throw new TypeError('fetch failed', { cause: new Error('The connection was dropped.') })
      return response
    },
  }
}

const served = new WeakMap<Tenant, Hono<TenantEnv>>()

/**
 * Every path of a tenant: those of login.microsoftonline.com and graph.microsoft.com, Outlook and the control. Made once for each tenant,
 * since the mailboxes work and the limits are counted behind them. Graph is mounted below `/v1.0` with the ledger and the faults in front;
 * `c.req.path` is the whole path.
 */
export function tenantRoutes(tenant: Tenant): Hono<TenantEnv> {
  const known = served.get(tenant)
  if (known !== undefined) return known
  const app = new Hono<TenantEnv>()
  app.route('/_tenant', controlRoutes(tenant))
  app.get('/', (c) => c.html(indexPage(tenant)))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.route('/outlook', outlookRoutes(tenant))
  app.use('/v1.0/*', recordRequests(tenant, 'graph'), applyFaults(tenant))
  app.route('/v1.0', graphRoutes(tenant))
  app.route('/', entraRoutes(tenant))
  served.set(tenant, app)
  return app
}

/** The work goes on when its caller has gone, as it would behind a socket. */
function unlessAborted<R>(signal: AbortSignal, work: Promise<R>): Promise<R> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
