import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
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

export type ServeOptions = { tenant: Tenant; port: number; host?: string; tls?: { key: string; cert: string } }
export type ServedTenant = { origin: string; close: () => Promise<void> }

/** Serves a tenant: the paths of login.microsoftonline.com and graph.microsoft.com, Outlook and the control, all on one origin. */
export async function serveTenant(options: ServeOptions): Promise<ServedTenant> {
  const { tenant, tls } = options
  const host = options.host ?? '127.0.0.1'
  const app = tenantApp(tenant)
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: host,
    ...(tls === undefined ? {} : { createServer: createTlsServer, serverOptions: tls }),
  })
  await listening(server, options.port, host)
  const { port } = server.address() as AddressInfo
  return { origin: `${tls === undefined ? 'http' : 'https'}://localhost:${port}`, close: () => closing(server) }
}

/** Graph's routes are mounted below `/v1.0` with the ledger and the faults in front; `c.req.path` is the whole path. */
function tenantApp(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.route('/_tenant', controlRoutes(tenant))
  app.get('/', (c) => c.html(indexPage(tenant)))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.route('/outlook', outlookRoutes(tenant))
  app.use('/v1.0/*', recordRequests(tenant, 'graph'), applyFaults(tenant))
  app.route('/v1.0', graphRoutes(tenant))
  app.route('/', entraRoutes(tenant))
  return app
}

function listening(server: ServerType, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}

function closing(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
