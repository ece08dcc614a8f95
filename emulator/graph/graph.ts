import { Hono } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'

/** The REST surface of Graph, mounted below `/v1.0`. */
export const graphRoutes = (_tenant: Tenant): Hono<TenantEnv> => new Hono<TenantEnv>()
