import { Hono } from 'hono'
import { z } from 'zod'
import { faultNames } from '../fault-answers.ts'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'
import { readBody } from './read-body.ts'

const faultShape = z.strictObject({
  match: z.string().regex(/^\S+ \/\S*$/, 'say "METHOD /path", for example "POST /v1.0/me/events"'),
  times: z
    .union([z.number().int().positive(), z.literal('always').transform(() => Number.MAX_SAFE_INTEGER)])
    .default(1),
  status: z.number().int().min(200).max(599).nullable().default(null),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().default(null),
  delayMs: z.number().nonnegative().default(0),
  dropAfter: z.boolean().default(false),
  dropBefore: z.boolean().default(false),
  probability: z.number().min(0).max(1).default(1),
  mailbox: z.string().nullable().default(null),
  answer: z.enum(faultNames).optional(),
  retryAfter: z.union([z.string(), z.strictObject({ dateInMs: z.number() })]).optional(),
  emptyList: z.boolean().optional(),
  spoil: z.record(z.string(), z.unknown()).optional(),
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
