import type { z } from 'zod'
import type { AuditEntryRow, auditFilter } from '#audit/contract.ts'
import { browser } from '../browser.ts'
import type { Filter } from '../design/filter-chip.tsx'
import type { ListState } from '../design/record-list.tsx'
import { kindWords } from './audit-columns.tsx'

export type AuditAsk = z.input<typeof auditFilter>

/** What narrows the list, as it stands in the address. */
export const filterKeys = ['since', 'feature', 'actorId', 'subjectKind', 'subjectId'] as const

const hourMs = 3_600_000
const spans: Record<string, { label: string; ms: number }> = {
  '1h': { label: 'Last hour', ms: hourMs },
  '24h': { label: 'Last 24 hours', ms: 24 * hourMs },
  '7d': { label: 'Last 7 days', ms: 7 * 24 * hourMs },
  '30d': { label: 'Last 30 days', ms: 30 * 24 * hourMs },
}

export const auditFilters: readonly Filter[] = [
  { key: 'since', label: 'Time', options: Object.entries(spans).map(([value, { label }]) => ({ value, label })) },
  {
    key: 'feature',
    label: 'About',
    options: [
      { value: 'people', label: 'People and API tokens' },
      { value: 'connections', label: 'Connections and tokens' },
      { value: 'vault', label: 'Vault' },
      { value: 'reservations', label: 'Reservations' },
      { value: 'mail', label: 'Mail' },
    ],
  },
]

/** Chips for what was chosen in an entry's details: they are only there to be taken off again. */
export function narrowedTo(filters: ListState['filters'], rows: readonly AuditEntryRow[]): Filter[] {
  const { actorId, subjectKind, subjectId } = filters
  const [row] = rows
  const chosen: Filter[] = []
  if (actorId) chosen.push(only('actorId', 'Who', actorId, row?.actor.name ?? actorId))
  if (subjectKind) chosen.push(only('subjectKind', 'Kind', subjectKind, kindWords(subjectKind)))
  if (subjectId) chosen.push(only('subjectId', 'Subject', subjectId, row?.subject.name ?? subjectId))
  return chosen
}

function only(key: string, label: string, value: string, name: string): Filter {
  return { key, label, options: [{ value, label: name }] }
}

/** What the API is asked. A span begins at a whole minute, or every look would be a new question. */
export function auditAsk({ q, filters }: ListState): AuditAsk {
  const { since, ...rest } = filters
  const narrowing = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''))
  const ms = spans[since ?? '']?.ms
  const minuteMs = Math.floor(browser.now().getTime() / 60_000) * 60_000
  const from = ms === undefined ? {} : { from: new Date(minuteMs - ms).toISOString() }
  return { ...(q === '' ? {} : { q }), ...narrowing, ...from }
}
