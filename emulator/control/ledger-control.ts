import { Hono } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { LedgerEntry } from '../model.ts'
import type { Tenant } from '../tenant.ts'

const filters = [
  'surface',
  'method',
  'clientId',
  'accountId',
  'accountName',
  'tokenKind',
  'mailbox',
  'grantType',
  'path',
] as const

/** Reads and empties the ledger. */
export function ledgerControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.get('/ledger', (c) => {
    const entries = tenant.ledger.since(Number(c.req.query('since') ?? 0))
    return c.json({ entries: entries.filter((entry) => fits(entry, c.req.query())) })
  })
  app.delete('/ledger', (c) => {
    tenant.ledger.clear()
    return c.body(null, 204)
  })
  return app
}

function fits(entry: LedgerEntry, query: Record<string, string>): boolean {
  return filters.every(
    (name) => query[name] === undefined || String(entry[name]).toLowerCase() === query[name].toLowerCase(),
  )
}
