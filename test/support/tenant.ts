import type { LedgerEntry, Switches } from '../../emulator/model.ts'
import type { Seed } from '../../emulator/seed.ts'
import { serveTenant } from '../../emulator/server.ts'
import { openTenant, type Tenant } from '../../emulator/tenant.ts'
import { trustedCertificate } from './certificate.ts'

export type TenantChoices = {
  /** Over https, with a certificate this process trusts; Microsoft's clients want it. */
  tls?: boolean
  port?: number
  /** SQLite file, for tests of restarts. */
  file?: string
  seed?: Seed
  switches?: Partial<Switches>
  /** Origins of Anteroom whose callbacks are registered as redirect URIs. */
  callbackBases?: string[]
}

export type TestTenant = {
  tenant: Tenant
  origin: string
  /** What the tenant was asked so far, oldest first. */
  ledger: (afterId?: number) => LedgerEntry[]
  /** Calls `/_tenant` as another program would: `control('POST', '/clock/advance', { ms: 1000 })`. */
  control: (method: string, path: string, body?: unknown) => Promise<Response>
  close: () => Promise<void>
}

/** A local Microsoft 365 tenant on a free port, in this process, over real HTTP; without a file it forgets everything when closed. */
export async function startTenant(options: TenantChoices = {}): Promise<TestTenant> {
  const { seed, callbackBases, switches } = options
  const tenant = openTenant({
    file: options.file ?? null,
    switches: switches ?? {},
    callbackBases: callbackBases ?? ['http://localhost:4400'],
    ...(seed === undefined ? {} : { seed }),
  })
  const tls = options.tls === true ? { tls: await trustedCertificate() } : {}
  const { origin, close } = await serveTenant({ tenant, port: options.port ?? 0, ...tls })
  return {
    tenant,
    origin,
    ledger: (afterId) => tenant.ledger.since(afterId),
    control: (method, path, body) => fetch(`${origin}/_tenant${path}`, requestOf(method, body)),
    close: async () => {
      await close()
      tenant.close()
    },
  }
}

function requestOf(method: string, body: unknown): RequestInit {
  return { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
}
