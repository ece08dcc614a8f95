import type { HttpBindings } from '@hono/node-server'
import type { Bearer } from './access-token.ts'
import type { LedgerNotes } from './ledger.ts'
import type { Fault } from './model.ts'

/**
 * What a request carries through the tenant's handlers: Node's own request, or in one process a way to cut the connection, and what the
 * ledger's and the faults' middleware set.
 */
export type TenantEnv = {
  Bindings: Partial<HttpBindings> & { drop?: () => void }
  /** `browserSession` is the one that this very answer begins, before the browser has its cookie. */
  Variables: {
    requestId: string
    ledgerNotes: LedgerNotes
    bearer: Bearer
    fault: Fault | undefined
    browserSession?: string
  }
}
