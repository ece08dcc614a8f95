import { Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Reservation } from '#reservations/contract.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'

type CancelDialogProps = {
  reservation: Reservation
  opened: boolean
  busy: boolean
  problem: string | null
  onCancelIt: (reason: string) => void
  onClose: () => void
}

/** Asks before cancelling, and says what happens in Outlook. */
export function CancelDialog({ reservation, opened, busy, problem, onCancelIt, onClose }: CancelDialogProps) {
  const [reason, setReason] = useState('')
  const invited = reservation.invitees.length
  return (
    <ConfirmDialog
      opened={opened}
      title={`Cancel “${reservation.subject}”?`}
      confirm="Cancel the reservation"
      cancel="Keep it"
      danger
      busy={busy}
      onConfirm={() => onCancelIt(reason)}
      onCancel={onClose}
    >
      <Stack gap="md">
        <span>{consequence(reservation)}</span>
        {invited > 0 && reservation.inOutlook ? (
          <Textarea
            label="A word to the people you invited"
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

function consequence({ room, inOutlook, invitees }: Reservation): string {
  if (!inOutlook) return `${room.name} becomes free for others. Nothing is in Outlook yet, so nobody is told.`
  const told =
    invitees.length === 0
      ? ''
      : `, and ${invitees.length === 1 ? 'the person' : `the ${invitees.length} people`} you invited are told`
  return `The meeting is removed from your Outlook calendar${told}. ${room.name} becomes free for others.`
}
