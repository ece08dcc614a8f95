import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { exportAudit } from '#audit/contract.ts'
import type { AuditAsk } from './audit-filters.ts'

const formats = [
  { format: 'csv', label: 'CSV' },
  { format: 'json', label: 'JSON' },
] as const

/** The entries as they are narrowed now, as a file that the server writes while the browser stores it. */
export function AuditExport({ ask }: { ask: AuditAsk }) {
  return formats.map(({ format, label }) => (
    <Button
      key={format}
      component="a"
      variant="default"
      href={`${exportAudit.path}?${new URLSearchParams({ ...ask, format })}`}
      download
      aria-label={`Export as ${label}`}
      leftSection={<IconDownload size={16} aria-hidden="true" />}
    >
      {label}
    </Button>
  ))
}
