import { Hono } from 'hono'
import { z } from 'zod'
import { grantConsent } from '../entra/consent.ts'
import { revokeSignInSessions } from '../entra/revoke-sessions.ts'
import { scopeApp } from '../graph/app-scope.ts'
import type { TenantEnv } from '../http.ts'
import { plantSeed, seedShape } from '../seed.ts'
import type { Tenant } from '../tenant.ts'
import { removeUser, renameUser } from './change-user.ts'
import { readBody } from './read-body.ts'

const seedChanges = z.strictObject({
  ...seedShape.omit({ tenant: true, password: true }).shape,
  password: z.string().optional(),
  /** Removes the users, apps and rooms there were before. */
  replace: z.boolean().default(false),
})

const userChanges = z
  .strictObject({
    displayName: z.string(),
    enabled: z.boolean(),
    isTenantAdmin: z.boolean(),
    homeTenantId: z.string().nullable(),
    timeZone: z.string(),
    password: z.string().nullable(),
    /** A reset by an administrator also revokes what was signed in; a change by the person leaves confidential clients alone. */
    passwordSetBy: z.enum(['person', 'administrator']),
    /** A new address; mail to the one before still arrives. */
    mail: z.string(),
    userPrincipalName: z.string(),
  })
  .partial()

const appChanges = z
  .strictObject({
    displayName: z.string(),
    enabled: z.boolean(),
    secrets: z.array(z.strictObject({ value: z.string(), expiresAt: z.iso.datetime().nullable() })),
    certificates: z.array(
      z.strictObject({
        thumbprintS256: z.string(),
        thumbprintS1: z.string().optional(),
        publicJwk: z.record(z.string(), z.unknown()),
      }),
    ),
    redirectUris: z.array(z.string()),
    delegatedScopes: z.array(z.string()),
    appRoles: z.array(z.string()),
    multiTenant: z.boolean(),
  })
  .partial()

const scopeShape = z.strictObject({
  mailboxes: z.array(z.string()).nullable(),
  effectiveInMs: z.number().nonnegative().optional(),
})

const consentShape = z.strictObject({ clientId: z.string(), user: z.string().nullable(), scopes: z.array(z.string()) })

/** What Entra's administrator would do: users, apps and consents. */
export function directoryControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.post('/seed', async (c) => {
    const body = await readBody(c, seedChanges)
    if (!body.ok) return body.answer
    const { replace, password, ...records } = body.value
    const { tenantId, ...directory } = tenant.directory
    tenant.store.atomically(() => {
      if (replace) for (const old of [tenant.users, tenant.apps, tenant.rooms, tenant.roomLists]) old.clear()
      plantSeed(tenant, {
        ...records,
        tenant: { id: tenantId, ...directory },
        password: password ?? tenant.demoPassword ?? '',
      })
      tenant.registerCallbacks()
    })
    return c.json({ users: tenant.users.size, apps: tenant.apps.size, rooms: tenant.rooms.size })
  })
  app.patch('/users/:user', async (c) => {
    const user = tenant.findUser(c.req.param('user'))
    if (user === undefined) return c.json({ problem: 'No such user.' }, 404)
    const body = await readBody(c, userChanges)
    if (!body.ok) return body.answer
    const { passwordSetBy, ...changes } = body.value
    renameUser(tenant, user, changes)
    if (passwordSetBy === 'administrator') revokeSignInSessions(tenant, user.id)
    return c.json({ id: user.id })
  })
  app.delete('/users/:user', (c) => {
    const user = tenant.findUser(c.req.param('user'))
    if (user === undefined) return c.json({ problem: 'No such user.' }, 404)
    removeUser(tenant, user)
    return c.body(null, 204)
  })
  app.put('/apps/:clientId/mailboxes', async (c) => {
    const one = tenant.findApp(c.req.param('clientId'))
    if (one === undefined) return c.json({ problem: 'No such app.' }, 404)
    const body = await readBody(c, scopeShape)
    if (!body.ok) return body.answer
    const named = body.value.mailboxes?.map((name) => tenant.findUser(name)) ?? null
    if (named?.includes(undefined)) return c.json({ problem: 'No such user.' }, 404)
    scopeApp(tenant, one.clientId, named?.flatMap((user) => user?.id ?? []) ?? null, body.value.effectiveInMs)
    return c.json(tenant.appScopes.get(one.clientId))
  })
  app.patch('/apps/:clientId', async (c) => {
    const one = tenant.findApp(c.req.param('clientId'))
    if (one === undefined) return c.json({ problem: 'No such app.' }, 404)
    const body = await readBody(c, appChanges)
    if (!body.ok) return body.answer
    tenant.apps.put({ ...one, ...body.value })
    return c.json({ clientId: one.clientId })
  })
  app.post('/consents', async (c) => {
    const body = await readBody(c, consentShape)
    if (!body.ok) return body.answer
    const { clientId, user, scopes } = body.value
    const person = user === null ? null : tenant.findUser(user)
    if (person === undefined || tenant.findApp(clientId) === undefined)
      return c.json({ problem: 'No such user or app.' }, 404)
    grantConsent(tenant, clientId, person?.id ?? null, scopes)
    return c.json({ consents: tenant.consents.listBy(clientId) })
  })
  app.delete('/consents/:clientId', (c) => {
    for (const consent of tenant.consents.listBy(c.req.param('clientId'))) tenant.consents.delete(consent.id)
    return c.body(null, 204)
  })
  return app
}
