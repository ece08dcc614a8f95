import type { z } from 'zod'
import type { AuditEntryRow, auditFilter } from '#audit/contract.ts'
import type { Filter } from '../design/filter-chip.tsx'
import type { ListState } from '../design/record-list.tsx'
import { sinceFilter, sinceInstant } from '../shell/since-filter.ts'
import { kindWords } from './audit-columns.tsx'

export type AuditAsk = z.input<typeof auditFilter>

/** What narrows the list, as it stands in the address. */
export const filterKeys = ['since', 'feature', 'actorId', 'subjectKind', 'subjectId'] as const

export const auditFilters: readonly Filter[] = [
  sinceFilter,
  {
    key: 'feature',
    label: 'About',
    options: [
      { value: 'people', label: 'People and API tokens' },
      { value: 'connections', label: 'Connections and tokens' },
      { value: 'vault', label: 'Vault' },
      { value: 'reservations', label: 'Reservations' },
      { value: 'sync', label: 'Calendar synchronization' },
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

/** What the API is asked. */
export function auditAsk({ q, filters }: ListState): AuditAsk {
  const { since, ...rest } = filters
  const narrowing = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''))
  const from = sinceInstant(since)
  return { ...(q === '' ? {} : { q }), ...narrowing, ...(from === null ? {} : { from }) }
}
