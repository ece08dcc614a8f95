import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Tenant } from './tenant.ts'
import { tenantRoutes } from './tenant-app.ts'

export type ServeOptions = { tenant: Tenant; port: number; host?: string; tls?: { key: string; cert: string } }
export type ServedTenant = { origin: string; close: () => Promise<void> }

/** Serves a tenant: the paths of login.microsoftonline.com and graph.microsoft.com, Outlook and the control, all on one origin. */
export async function serveTenant(options: ServeOptions): Promise<ServedTenant> {
  const { tenant, tls } = options
  const host = options.host ?? '127.0.0.1'
  const app = tenantRoutes(tenant)
  const server = createAdaptorServer({
    fetch: app.fetch,
    hostname: host,
    ...(tls === undefined ? {} : { createServer: createTlsServer, serverOptions: tls }),
  })
  await listening(server, options.port, host)
  const { port } = server.address() as AddressInfo
  return { origin: `${tls === undefined ? 'http' : 'https'}://localhost:${port}`, close: () => closing(server) }
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
