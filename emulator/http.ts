import type { HttpBindings } from '@hono/node-server'
import type { Bearer } from './access-token.ts'
import type { LedgerNotes } from './ledger.ts'

/** What a request carries through the tenant's handlers: Node's own request, and what the ledger's middleware set. */
export type TenantEnv = {
  Bindings: HttpBindings
  Variables: { requestId: string; ledgerNotes: LedgerNotes; bearer: Bearer }
}
