import { Hono } from 'hono'
import { z } from 'zod'
import { moveItem } from '../exchange/move-items.ts'
import type { TenantEnv } from '../http.ts'
import type { EventItem } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { readBody } from './read-body.ts'

const moveShape = z.strictObject({
  ms: z.number().nonnegative().default(0),
  retryAfter: z.string().nullable().default(null),
  /** Whether every item keeps its ids, keeps only the immutable one, or keeps none. */
  items: z.enum(['stay', 'move', 'are imported']).default('stay'),
})
const itemMoveShape = z.strictObject({ keeps: z.enum(['immutableId', 'nothing']).default('immutableId') })
const noSuchUser = { problem: 'No such user.' }
const noSuchItem = { problem: 'No such item.' }

/** What happens to mailboxes behind everybody's back. */
export function itemControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.post('/mailboxes/:mailbox/evict-delta', (c) => {
    const mailbox = tenant.findUser(c.req.param('mailbox'))
    if (mailbox === undefined) return c.json(noSuchUser, 404)
    tenant.changes.evict(mailbox.id)
    return c.body(null, 204)
  })
  app.post('/mailboxes/:mailbox/move', async (c) => {
    const mailbox = tenant.findUser(c.req.param('mailbox'))
    if (mailbox === undefined) return c.json(noSuchUser, 404)
    const body = await readBody(c, moveShape)
    if (!body.ok) return body.answer
    const { ms, retryAfter, items } = body.value
    const until = new Date(tenant.now().getTime() + ms).toISOString()
    const keeps = items === 'move' ? 'immutableId' : 'nothing'
    const shown = tenant.events.listBy(mailbox.id).filter((item) => items !== 'stay' && item.deletedAt === null)
    for (const item of shown) moveItem(tenant, item, keeps)
    return c.json(tenant.mailboxMoves.put({ id: mailbox.id, until, retryAfter }))
  })
  app.post('/events/:id/move', async (c) => {
    const item = tenant.events.get(c.req.param('id'))
    if (item === undefined) return c.json(noSuchItem, 404)
    const body = await readBody(c, itemMoveShape)
    return body.ok ? c.json(moveItem(tenant, item, body.value.keeps)) : body.answer
  })
  app.patch('/events/:id', async (c) => {
    const item = tenant.events.get(c.req.param('id'))
    if (item === undefined) return c.json(noSuchItem, 404)
    const body = await readBody(c, z.record(z.string(), z.unknown()))
    if (!body.ok) return body.answer
    return c.json(tenant.events.put({ ...item, ...(body.value as Partial<EventItem>), mailboxId: item.mailboxId }))
  })
  return app
}
