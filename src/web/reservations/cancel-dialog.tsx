import { Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Reservation } from '#reservations/contract.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { cancelWords } from './cancel-words.ts'

type CancelDialogProps = {
  reservation: Reservation
  readerId: string
  opened: boolean
  busy: boolean
  problem: string | null
  onCancelIt: (reason: string) => void
  onClose: () => void
}

/** Asks before cancelling, or before proposing it, and says what happens in Outlook. */
export function CancelDialog(props: CancelDialogProps) {
  const { reservation, readerId, opened, busy, problem, onCancelIt, onClose } = props
  const [reason, setReason] = useState('')
  const proposes = reservation.changesAreProposed !== null
  const tellsOthers = reservation.invitees.length > 0 && reservation.inOutlook && !proposes
  return (
    <ConfirmDialog
      opened={opened}
      title={`${proposes ? 'Propose to cancel' : 'Cancel'} “${reservation.subject}”?`}
      confirm={proposes ? 'Propose to cancel' : 'Cancel the reservation'}
      cancel="Keep it"
      danger={!proposes}
      busy={busy}
      onConfirm={() => onCancelIt(reason)}
      onCancel={onClose}
    >
      <Stack gap="md">
        <span>{cancelWords(reservation, readerId)}</span>
        {tellsOthers ? (
          <Textarea
            label="A word to the people who are invited"
            description="Optional. Outlook sends it with the cancellation."
            maxLength={500}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        {problem === null ? null : (
          <Text c="red" role="alert">
            {problem}
          </Text>
        )}
      </Stack>
    </ConfirmDialog>
  )
}
