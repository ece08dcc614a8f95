import { Hono } from 'hono'
import { z } from 'zod'
import type { TenantEnv } from '../http.ts'
import { queueLifecycle } from '../notifications/lifecycle.ts'
import { queue } from '../notifications/outbox.ts'
import type { Tenant } from '../tenant.ts'
import { readBody } from './read-body.ts'

const lifecycleShape = z.strictObject({ event: z.string() })
const itemShape = z.strictObject({ item: z.record(z.string(), z.unknown()).default({}) })
const noSuch = { problem: 'No such subscription.' }

/** Everybody's subscriptions, and what may happen to them besides what mailboxes do. */
export function subscriptionControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.get('/subscriptions', (c) => c.json({ subscriptions: tenant.subscriptions.list() }))
  app.delete('/subscriptions/:id', (c) => c.body(null, tenant.subscriptions.delete(c.req.param('id')) ? 204 : 404))
  app.post('/subscriptions/:id/lifecycle', async (c) => {
    const subscription = tenant.subscriptions.get(c.req.param('id'))
    if (subscription === undefined) return c.json(noSuch, 404)
    const body = await readBody(c, lifecycleShape)
    if (!body.ok) return body.answer
    if (body.value.event === 'subscriptionRemoved') tenant.subscriptions.delete(subscription.id)
    queueLifecycle(tenant, subscription, body.value.event)
    return c.json({ waiting: tenant.notifications.size }, 202)
  })
  app.post('/subscriptions/:id/notify', async (c) => {
    const one = tenant.subscriptions.get(c.req.param('id'))
    if (one === undefined) return c.json(noSuch, 404)
    const body = await readBody(c, itemShape)
    if (!body.ok) return body.answer
    const plain = {
      id: tenant.chance.uuid(),
      subscriptionId: one.id,
      clientState: one.clientState,
      changeType: 'updated',
    }
    const known = { subscriptionExpirationDateTime: one.expiresAt, tenantId: tenant.directory.tenantId }
    const payload = { ...plain, ...known, ...body.value.item }
    queue(tenant, { url: one.notificationUrl, subscriptionId: one.id, isLifecycle: false, payload }, 0)
    return c.json({ waiting: tenant.notifications.size }, 202)
  })
  app.get('/notifications', (c) => c.json({ notifications: tenant.notifications.list() }))
  app.delete('/notifications', (c) => {
    tenant.notifications.clear()
    return c.body(null, 204)
  })
  return app
}
