import { createHash } from 'node:crypto'
import type { AuditRow } from './queries.ts'

/**
 * SHA-256 in hex over one canonical text: a JSON array in a fixed order, objects with sorted keys (jsonb does not keep their
 * order), times as ISO 8601 in UTC with milliseconds. The hash of the entry before it comes first; that is the chain.
 */
export function hashOf(row: Omit<AuditRow, 'seq' | 'hash'>): string {
  const fields = [
    row.previous_hash,
    row.at.toISOString(),
    row.actor_id,
    row.actor_name,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.subject_name,
    sorted(row.details),
    row.request_id,
  ]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
