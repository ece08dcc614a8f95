import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { violatedConstraint } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import { type ProviderErrorCode, refused } from './errors.ts'

export type Subject = { kind: 'property' | 'calendar_provider' | 'sync_configuration'; id: string; name: string }

/** The audit entry of a change to one of our records, in the change's transaction. */
export async function auditChange(
  trx: Database,
  { actor, requestId }: Editor,
  entry: { action: `providers.${string}`; subject: Subject; details?: Record<string, unknown> },
): Promise<void> {
  await recordAudit(trx, { ...entry, actorId: actor.userId, actorName: actor.displayName, requestId })
}

type Stamped = { version: number; updated_at: Date; updated_by: string }

export function stampOf(row: Stamped): { version: number; updatedAt: string; updatedBy: string } {
  return { version: row.version, updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by }
}

/** Refuses a change that was made from an old reading of the record. @throws `providers.changed_by_someone_else` */
export function requireVersion(row: Stamped, version: number): void {
  if (row.version === version) return
  throw refused('providers.changed_by_someone_else', {
    say: `${row.updated_by} changed this record after you opened it. Reload it, then make your change again.`,
    facts: { current: row.version, updatedBy: row.updated_by, updatedAt: row.updated_at.toISOString() },
  })
}

/** A refusal and the field of the form that it belongs to. */
export type Refused = { code: ProviderErrorCode; field?: string }

/** Runs a write and turns a violated constraint into the refusal it stands for. */
export async function refusing<T>(constraints: Record<string, Refused>, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    const found = constraints[violatedConstraint(cause) ?? '']
    if (found === undefined) throw cause
    throw besideField(found, { cause })
  }
}

/** The refusal, with its sentence beside the field too. */
export function besideField({ code, field }: Refused, { say, cause }: { say?: string; cause?: unknown } = {}) {
  const words = say ?? refused(code).message
  return refused(code, { say: words, cause, fields: field === undefined ? {} : { [field]: words } })
}
