import type { Chance } from '../chance.ts'
import type { Tenant } from '../tenant.ts'

/** What an item is written with: the instant, and where its new ids and change keys come from. */
export type Pen = { at: string; chance: Chance }

/** The pen of this moment. */
export function penOf(tenant: Tenant): Pen {
  return { at: tenant.now().toISOString(), chance: tenant.chance }
}
