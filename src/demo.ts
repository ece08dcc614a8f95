import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
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

type Planting = { db: Database; seams: Seams; log: Log }

/** Fills an empty service with Contoso. Safe at every start: what somebody changed since stays changed. */
export async function plantDemo(deps: Planting, demo: Demo): Promise<void> {
  const buildings = new Map<string, string>()
  for (const { key, ...building } of demo.buildings) {
    buildings.set(key, await ensureBuilding(deps.db, { ...building, id: deps.seams.newId() }))
  }
  for (const { name, emailAddress, building, policy, ...room } of demo.rooms) {
    const buildingId = buildings.get(building)
    if (buildingId === undefined)
      throw new Error(`demo/contoso.json: the room ${name} is in the unknown building ${building}`)
    await ensureRoom(deps.db, {
      ...room,
      id: deps.seams.newId(),
      name,
      mailbox: emailAddress,
      buildingId,
      needsApproval: policy === 'approval',
    })
  }
  for (const { id, userPrincipalName, displayName, roles, timeZone } of demo.people) {
    const roleList = [...roles, 'employee' as const]
    await ensurePerson(deps, {
      tenantId: demo.tenant.id,
      objectId: id,
      email: userPrincipalName,
      displayName,
      roles: roleList,
      timeZone,
    })
  }
}
