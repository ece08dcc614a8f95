import { Hono } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'

export const outlookRoutes = (_tenant: Tenant): Hono<TenantEnv> => new Hono<TenantEnv>()
