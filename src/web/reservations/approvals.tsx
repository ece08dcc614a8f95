import { Group } from '@mantine/core'
import type { Reservation } from '#reservations/contract.ts'
import { StatusBadge } from '../design/status-badge.tsx'
import { approvalWords } from './approval-words.ts'

/** Both approvals side by side; nothing where none is needed. */
export function Approvals({ reservation }: { reservation: Reservation }) {
  const words = approvalWords(reservation)
  return words.length === 0 ? null : (
    <Group gap="xs">
      {words.map(({ who, meaning, word }) => (
        <StatusBadge key={who} meaning={meaning} word={`${who}: ${word}`} />
      ))}
    </Group>
  )
}
