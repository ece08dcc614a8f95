import type { Database } from '#db/database.ts'
import { mountSignedIn, type Router } from '#http/mount.ts'
import type { Seams } from '#kit/seams.ts'
import * as contract from './contract.ts'
import { type ExportFormat, exportEntries } from './export.ts'
import { listEntries } from './list.ts'
import { type Verification, verifyAudit } from './verify.ts'

/** The trail, for administrators: to look through, to take away as a file, and to be checked. */
export function mountAudit(router: Router, deps: { db: Database; seams: Pick<Seams, 'now'> }): void {
  const verify = oneAtATime(() => verifyAudit(deps.db))

  mountSignedIn(router, contract.listAudit, ({ query }) => listEntries(deps.db, query))
  mountSignedIn(router, contract.exportAudit, async ({ query, context }) => {
    const { format, ...filter } = query
    const entries = await exportEntries(deps.db, filter, format)
    const day = deps.seams.now().toISOString().slice(0, 10)
    return context.body(entries, 200, {
      'Content-Type': mediaTypes[format],
      'Content-Disposition': `attachment; filename="anteroom-audit-${day}.${format}"`,
    })
  })
  mountSignedIn(router, contract.verifyAuditTrail, async () => {
    const { checked, broken, end } = await verify()
    return { checked, end, broken: broken === null ? null : { ...broken, at: broken.at.toISOString() } }
  })
}

const mediaTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** Walking a long trail is work: whoever asks meanwhile gets the answer of the walk that is under way. */
function oneAtATime(walk: () => Promise<Verification>): () => Promise<Verification> {
  let underWay: Promise<Verification> | null = null
  return () => {
    underWay ??= walk().finally(() => {
      underWay = null
    })
    return underWay
  }
}
