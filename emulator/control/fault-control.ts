import { Hono } from 'hono'
import { z } from 'zod'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'
import { readBody } from './read-body.ts'

const faultShape = z.strictObject({
  match: z.string().regex(/^\S+ \/\S*$/, 'say "METHOD /path", for example "POST /v1.0/me/events"'),
  times: z.number().int().positive().default(1),
  status: z.number().int().min(200).max(599).nullable().default(null),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().default(null),
  delayMs: z.number().nonnegative().default(0),
  dropAfter: z.boolean().default(false),
  dropBefore: z.boolean().default(false),
})

/** Faults wait for the next requests that match them. */
export function faultControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.get('/faults', (c) => c.json(tenant.faults.list()))
  app.post('/faults', async (c) => {
    const body = await readBody(c, faultShape)
    return body.ok ? c.json(tenant.faults.put({ id: tenant.chance.uuid(), ...body.value }), 201) : body.answer
  })
  app.delete('/faults', (c) => {
    tenant.faults.clear()
    return c.body(null, 204)
  })
  app.delete('/faults/:id', (c) => c.body(null, tenant.faults.delete(c.req.param('id')) ? 204 : 404))
  return app
}
