import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { violatedConstraint } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import { type ConnectionErrorCode, refused } from './errors.ts'

export type { Editor } from '#http/actor.ts'
export type { BodyOf, QueryOf } from '#http/contract.ts'
export { listed } from '#kit/listed.ts'
export { sent } from '#kit/sent.ts'

/** The audit entry of a change to one of our records, in the change's transaction. `details` names fields, never values of secrets. */
export async function auditChange(
  trx: Database,
  { actor, requestId }: Editor,
  change: {
    action: `connections.${string}`
    subject: { kind: string; id: string; name: string }
    details?: Record<string, unknown>
  },
): Promise<void> {
  await recordAudit(trx, { ...change, actorId: actor.userId, actorName: actor.displayName, requestId })
}

/** The answer of an operation that leaves nothing to show. */
export const done = { done: true } as const

export type Stamped = { version: number; updated_at: Date; updated_by: string }

export function stampOf(row: Stamped): { version: number; updatedAt: string; updatedBy: string } {
  return { version: row.version, updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by }
}

export function scopeOf(row: { application_scope_id: string; scope_key: string; scope_name: string }) {
  return { id: row.application_scope_id, key: row.scope_key, name: row.scope_name }
}

/**
 * Refuses a change that was made from an old reading of the record. `current` is what the form compares with.
 * @throws `connections.changed_by_someone_else`
 */
export function requireVersion(row: Stamped, version: number | undefined, current: object): void {
  if (row.version === version) return
  throw refused('connections.changed_by_someone_else', {
    say: `${row.updated_by} changed this record after you opened it. Reload it, then make your change again.`,
    facts: { current, updatedBy: row.updated_by, updatedAt: row.updated_at.toISOString() },
  })
}

/** Runs a write and turns a violated constraint into the refusal it stands for. */
export async function refusing<T>(
  constraints: Record<string, ConnectionErrorCode>,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write()
  } catch (problem) {
    const code = constraints[violatedConstraint(problem) ?? '']
    if (code === undefined) throw problem
    throw refused(code, { cause: problem })
  }
}
