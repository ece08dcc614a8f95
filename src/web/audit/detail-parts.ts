import type { AuditEntryRow } from '#audit/contract.ts'

export type DetailParts = {
  facts: { label: string; value: string }[]
  calls: Record<string, unknown>[]
  /** What has no simpler form; null when there is nothing of it. */
  others: Record<string, unknown> | null
}

/** The order in which people look for it; anything else follows. */
const first = ['account', 'alias', 'purpose', 'via', 'count', 'first', 'last']

/** Sorts an entry's details by what can be shown as a line, as a table, or only as it is. */
export function detailParts(details: AuditEntryRow['details']): DetailParts {
  const entries = Object.entries(details).filter(([, value]) => value !== null)
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length)
  const facts = entries
    .filter(([, value]) => isPlain(value))
    .toSorted(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => ({ label: labelOf(name), value: wordsOf(value) }))
  const calls = Array.isArray(details.calls) ? details.calls.filter(isRecord) : []
  const others = entries.filter(([name, value]) => !isPlain(value) && name !== 'calls')
  return { facts, calls, others: others.length === 0 ? null : Object.fromEntries(others) }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

/** `oauthApp` as people read it. */
function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
