import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listCredentials, updateCredential } from '#connections/credential.ts'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { listApps, updateApp } from '#connections/oauth-app.ts'
import type { Editor } from '#connections/record.ts'
import { Secret } from '#kit/secret.ts'
import { ensurePerson } from '#people/known-people.ts'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'

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

/** Fills an empty service with Contoso. Safe at every start: what somebody changed since stays changed. */
export async function plantDemo(deps: ConnectionsDeps, demo: Demo): Promise<void> {
  await plantRooms(deps, demo)
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

async function plantRooms({ db, seams }: ConnectionsDeps, demo: Demo): Promise<void> {
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
