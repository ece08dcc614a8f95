import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Secret } from '#kit/secret.ts'

/** Contoso, the organisation of the rehearsal: the same file seeds the local tenant, so both sides know the same people and rooms. */
const demoFile = z.object({
  tenant: z.object({ id: z.string(), displayName: z.string(), domain: z.string() }),
  password: z.string(),
  people: z.array(
    z.object({
      id: z.string(),
      userPrincipalName: z.string(),
      displayName: z.string(),
      roles: z.array(z.enum(['admin', 'credential_admin', 'connection_admin', 'oauth_admin', 'rsvsync_admin', 'approver'])),
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
  apps: z.array(z.object({ key: z.enum(['signIn', 'personalAuth', 'clientCredentials']), clientId: z.string(), secret: z.string() })),
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
