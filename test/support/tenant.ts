import type { Switches } from '../../emulator/model.ts'
import { serveTenant } from '../../emulator/server.ts'
import { openTenant, type Tenant } from '../../emulator/tenant.ts'
import { trustedCertificate } from './certificate.ts'

export type TestTenantOptions = { tls?: boolean; switches?: Partial<Switches>; callbackBases?: string[] }
export type TestTenant = { tenant: Tenant; origin: string; close: () => Promise<void> }

/** A local Microsoft 365 tenant on a free port, in this process, over real HTTP; it forgets everything when closed. */
export async function startTenant(options: TestTenantOptions = {}): Promise<TestTenant> {
  const { switches = {}, callbackBases = [] } = options
  const tenant = openTenant({ file: null, switches, callbackBases })
  const tls = options.tls === true ? { tls: await trustedCertificate() } : {}
  const served = await serveTenant({ tenant, port: 0, ...tls })
  return {
    tenant,
    origin: served.origin,
    close: async () => {
      await served.close()
      tenant.close()
    },
  }
}
