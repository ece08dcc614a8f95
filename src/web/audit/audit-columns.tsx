import type { AuditEntryRow } from '#audit/contract.ts'
import type { Column } from '../design/data-table.tsx'
import { When } from '../design/when.tsx'

export const auditColumns: readonly Column<AuditEntryRow>[] = [
  { key: 'at', title: 'At', sortable: true, text: ({ at }) => at, cell: ({ at }) => <When at={at} /> },
  { key: 'actor', title: 'Who', sortable: true, text: ({ actor }) => actor.name },
  { key: 'action', title: 'Action', sortable: true, text: ({ action }) => action },
  {
    key: 'subject',
    title: 'Subject',
    sortable: true,
    text: ({ subject }) => `${kindWords(subject.kind)} ${subject.name}`.trim(),
  },
]

/** `oauth_app` as people read it. */
export function kindWords(kind: string): string {
  return kind.replaceAll('_', ' ')
}
