import type { AuditEntryRow } from '#audit/contract.ts'
import type { Column } from '../design/data-table.tsx'
import { When } from '../design/when.tsx'

export const auditColumns: readonly Column<AuditEntryRow>[] = [
  { key: 'at', title: 'At', sortable: true, text: ({ at }) => at, cell: ({ at }) => <When at={at} /> },
  { key: 'actor', title: 'Who', sortable: true, text: ({ actor }) => actor.name },
  { key: 'action', title: 'Action', sortable: true, text: ({ action, details }) => `${action}${oftenWords(details)}` },
  {
    key: 'subject',
    title: 'Subject',
    sortable: true,
    text: ({ subject }) => `${kindWords(subject.kind)} ${subject.name}`.trim(),
  },
]

/** What is done hundreds of times a minute is one entry, which says how often. */
function oftenWords({ count }: AuditEntryRow['details']): string {
  return typeof count === 'number' && count > 1 ? ` × ${count}` : ''
}

/** `oauth_app` as people read it. */
export function kindWords(kind: string): string {
  return kind.replaceAll('_', ' ')
}
