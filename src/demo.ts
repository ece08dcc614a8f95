import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listCredentials, updateCredential } from '#connections/credential.ts'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { listApps, updateApp } from '#connections/oauth-app.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import { Secret } from '#kit/secret.ts'
import { ensurePerson } from '#people/known-people.ts'
import { setActive } from '#providers/activate.ts'
import { createProvider, listProviders } from '#providers/calendar-provider.ts'
import type { ConfiguringDeps } from '#providers/deps.ts'
import { createForBuilding } from '#providers/sync-configuration.ts'
import { ensureBuilding, ensureRoom, findRooms } from '#rooms/room.ts'
import { listRooms } from '#rooms/room-record.ts'

/** Contoso, the organisation of the rehearsal: the same file seeds the local tenant, so both sides know the same people and rooms. */
const demoFile = z.object({
  tenant: z.object({ id: z.string(), displayName: z.string(), domain: z.string() }),
  password: z.string(),
  people: z.array(
    z.object({
      id: z.string(),
      userPrincipalName: z.string(),
      displayName: z.string(),
      roles: z.array(
        z.enum(['admin', 'credential_admin', 'connection_admin', 'oauth_admin', 'rsvsync_admin', 'approver']),
      ),
      timeZone: z.string(),
    }),
  ),
  serviceMailbox: z.object({ userPrincipalName: z.string(), displayName: z.string() }),
  buildings: z.array(z.object({ key: z.string(), name: z.string(), city: z.string(), timeZone: z.string() })),
  rooms: z.array(
    z.object({
      name: z.string(),
      emailAddress: z.string(),
      building: z.string(),
      floor: z.number(),
      capacity: z.number(),
      equipment: z.array(z.string()),
      policy: z.enum(['auto', 'approval']),
    }),
  ),
  apps: z.array(
    z.object({
      key: z.enum(['signIn', 'personalAuth', 'clientCredentials']),
      clientId: z.string(),
      secret: z.string(),
    }),
  ),
})
export type Demo = z.infer<typeof demoFile>

export function readDemo(projectDir: string): Demo {
  return demoFile.parse(JSON.parse(readFileSync(join(projectDir, 'demo', 'contoso.json'), 'utf8')))
}

export type DemoApp = { clientId: string; clientSecret: Secret }

export function demoApp(demo: Demo, key: Demo['apps'][number]['key']): DemoApp {
  const app = demo.apps.find((candidate) => candidate.key === key)
  if (app === undefined) throw new Error(`demo/contoso.json has no app "${key}"`)
  return { clientId: app.clientId, clientSecret: new Secret(app.secret) }
}

export type DemoDeps = ConnectionsDeps & ConfiguringDeps

/** Fills an empty service with Contoso. Safe at every start: what somebody changed since stays changed. */
export async function plantDemo(deps: DemoDeps, demo: Demo): Promise<void> {
  await plantRooms(deps, demo)
  await plantProvider(deps, demo)
  await plantPeople(deps, demo)
  if (deps.vault.state().is === 'sealed') return
  await registerApp(deps, { demo, key: 'personalAuth', name: 'Microsoft Exchange Online_personalAuth' })
  await registerApp(deps, { demo, key: 'clientCredentials', name: 'Microsoft Exchange Online_clientCredentials' })
  for (const name of ['Ms Graph 1', 'Ms Graph 2']) await nameDelegatedUser(deps, { demo, name })
}

/** Nobody of Contoso did this, and the trail must not say so: an actor of its own, with the nil UUID (RFC 9562 section 5.9). */
const editor: Editor = {
  actor: {
    userId: '00000000-0000-0000-0000-000000000000',
    displayName: 'demo data',
    email: '',
    roles: new Set(['admin']),
    microsoft: null,
    via: 'cli',
    sessionId: null,
  },
  requestId: 'demo',
}

/** All of them or none, and only into a service without rooms: what was changed or left out since is somebody's wish. */
async function plantRooms({ db: store, seams }: DemoDeps, demo: Demo): Promise<void> {
  await transaction(store, async (db) => {
    if ((await listRooms({ db }, { page: 1, pageSize: 1 })).total > 0) return
    const buildings = new Map<string, string>()
    for (const { key, ...building } of demo.buildings) {
      buildings.set(key, await ensureBuilding(db, { ...building, id: seams.newId() }))
    }
    for (const { name, emailAddress, building, policy, ...room } of demo.rooms) {
      const buildingId = buildings.get(building)
      if (buildingId === undefined) throw new Error(`demo/contoso.json: ${name} is in the unknown building ${building}`)
      const needsApproval = policy === 'approval'
      await ensureRoom(db, { ...room, id: seams.newId(), name, mailbox: emailAddress, buildingId, needsApproval })
    }
  })
}

/** One calendar provider, and every room kept in step by it: once, and never again after somebody made something else of it. */
async function plantProvider(deps: DemoDeps, demo: Demo): Promise<void> {
  await transaction(deps.db, async (db) => {
    // Whoever watches rooms looks at every configuration when it starts, which is after this is committed.
    const inside = { ...deps, db, changed: async () => undefined }
    const { total } = await listProviders(inside, { page: 1, pageSize: 1 })
    if (total > 0) return
    const { id: providerId } = await createProvider(
      inside,
      {
        name: 'Microsoft Exchange Online',
        description: 'Contoso’s rooms, looked after by Room Service.',
        delegatedUserEmail: demo.serviceMailbox.userPrincipalName,
      },
      editor,
    )
    const rooms = await findRooms(db, {})
    for (const buildingId of new Set(rooms.map(({ building }) => building.id))) {
      const { outcomes } = await createForBuilding(inside, { buildingId, providerId }, editor)
      await setActive(inside, { ids: outcomes.map(({ id }) => id), active: true }, editor)
    }
  })
}

async function plantPeople(deps: ConnectionsDeps, demo: Demo): Promise<void> {
  for (const { id, userPrincipalName, displayName, roles, timeZone } of demo.people) {
    const identity = { tenantId: demo.tenant.id, objectId: id }
    await ensurePerson(deps, {
      ...identity,
      email: userPrincipalName,
      displayName,
      roles: [...roles, 'employee' as const],
      timeZone,
    })
  }
}

type App = { demo: Demo; key: Demo['apps'][number]['key']; name: string }

/** What the administrator would type from the tenant's app registration, through the same verb as the form's Save. */
async function registerApp(deps: ConnectionsDeps, { demo, key, name }: App): Promise<void> {
  const { rows } = await listApps(deps, { q: name, page: 1, pageSize: 10 })
  const app = rows.find((row) => row.name === name)
  if (app === undefined || app.clientId !== '') return
  const { clientId, clientSecret } = demoApp(demo, key)
  const addresses = `https://login.microsoftonline.com/${demo.tenant.id}/oauth2/v2.0`
  const fields = { clientId, authorizationUrl: `${addresses}/authorize`, tokenUrl: `${addresses}/token` }
  await updateApp(deps, app.id, { ...fields, clientSecret: clientSecret.open('seal'), version: app.version }, editor)
}

async function nameDelegatedUser(deps: ConnectionsDeps, { demo, name }: { demo: Demo; name: string }): Promise<void> {
  const { rows } = await listCredentials(deps, { q: name, page: 1, pageSize: 10 })
  const row = rows.find((candidate) => candidate.name === name)
  if (row === undefined || row.version !== 1) return
  await updateCredential(
    deps,
    row.id,
    { expectedAccount: demo.serviceMailbox.userPrincipalName, version: row.version },
    editor,
  )
}
