import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { revokeSignInSessions } from '../entra/revoke-sessions.ts'
import type { TenantEnv } from '../http.ts'
import { switchShape } from '../switches.ts'
import type { Tenant } from '../tenant.ts'
import { directoryControl } from './directory-control.ts'
import { faultControl } from './fault-control.ts'
import { itemControl } from './item-control.ts'
import { ledgerControl } from './ledger-control.ts'
import { mailboxControl } from './mailbox-control.ts'
import { readBody } from './read-body.ts'
import { subscriptionControl } from './subscription-control.ts'

const switchChanges = switchShape.partial()

/** `/_tenant`: what tests and the console of a rehearsal do to the tenant. JSON, from this computer only; see emulator/README.md. */
export function controlRoutes(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.use('*', loopbackOnly)
  app.get('/', (c) => c.json(summaryOf(tenant)))
  app.post('/reset', (c) => {
    tenant.reset()
    return c.json(summaryOf(tenant))
  })
  app.get('/clock', (c) => c.json(clockOf(tenant)))
  app.post('/clock/advance', async (c) => {
    const body = await readBody(c, z.strictObject({ ms: z.number().nonnegative() }))
    if (!body.ok) return body.answer
    await tenant.advance(body.value.ms)
    return c.json(clockOf(tenant))
  })
  app.get('/switches', (c) => c.json(tenant.switches))
  app.put('/switches', async (c) => {
    const body = await readBody(c, switchChanges)
    return body.ok ? c.json(tenant.turnSwitches(body.value)) : body.answer
  })
  app.post('/users/:user/revoke-sessions', (c) => {
    const user = tenant.findUser(c.req.param('user'))
    if (user === undefined) return c.json({ problem: 'No such user.' }, 404)
    revokeSignInSessions(tenant, user.id)
    return c.body(null, 204)
  })
  app.route('/', directoryControl(tenant))
  app.route('/', faultControl(tenant))
  app.route('/', ledgerControl(tenant))
  app.route('/', mailboxControl(tenant))
  app.route('/', itemControl(tenant))
  app.route('/', subscriptionControl(tenant))
  app.notFound((c) => c.json({ problem: 'No such control; see emulator/README.md.' }, 404))
  return app
}

const localNames = ['localhost', '127.0.0.1', '[::1]']

const loopbackOnly = createMiddleware<TenantEnv>(async (c, next) => {
  // In one process there is nobody else.
  if (c.env.incoming === undefined) return next()
  const from = c.env.incoming.socket.remoteAddress ?? ''
  const local = from === '::1' || from.replace(/^::ffff:/, '').startsWith('127.')
  // A web page elsewhere can make a browser on this computer ask us; browsers say so in Origin.
  const origin = c.req.header('origin')
  const foreign = origin !== undefined && !localNames.includes(hostOf(origin))
  // And a name of theirs may be made to point here (DNS rebinding); browsers say that in Host.
  const misnamed = !localNames.includes(new URL(c.req.url).hostname)
  if (!local || foreign || misnamed) return c.json({ problem: 'The control answers only to this computer.' }, 403)
  await next()
})

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

function clockOf(tenant: Tenant) {
  return { now: tenant.now().toISOString(), aheadMs: tenant.clock.offsetMs, waiting: tenant.clock.waiting() }
}

function summaryOf(tenant: Tenant) {
  const { users, apps, rooms, events, refreshTokens, consents, faults, subscriptions, notifications } = tenant
  return {
    directory: tenant.directory,
    dataFile: tenant.dataFile,
    now: tenant.now().toISOString(),
    switches: tenant.switches,
    accounts: users
      .list()
      .map(({ id, userPrincipalName, displayName, kind }) => ({ id, userPrincipalName, displayName, kind })),
    apps: apps.list().map(({ clientId, displayName, redirectUris }) => ({ clientId, displayName, redirectUris })),
    counts: {
      rooms: rooms.size,
      events: events.size,
      refreshTokens: refreshTokens.size,
      consents: consents.size,
      faults: faults.size,
      subscriptions: subscriptions.size,
      notifications: notifications.size,
      ledger: tenant.ledger.since().length,
      waitingTasks: tenant.clock.waiting().length,
    },
  }
}
