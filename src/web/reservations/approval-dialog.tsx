import { Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import type { Verb } from './use-approving.ts'

type ApprovalDialogProps = {
  verb: Verb
  /** The subject of the one, or how many. */
  what: string
  onConfirm: (comment: string) => void
  onClose: () => void
}

const words = {
  approve: {
    button: 'Approve',
    consequence: 'It is confirmed as soon as the room has accepted too. Whoever asked sees it at once.',
    label: 'A word to whoever asked',
  },
  reject: {
    button: 'Reject',
    consequence: 'The room is freed. The meeting itself stays in the calendar, with a note that says so.',
    label: 'Why not',
  },
} as const satisfies Record<Verb, object>

/** Asks once before deciding, with room for a word. Mount it anew for each question. */
export function ApprovalDialog({ verb, what, onConfirm, onClose }: ApprovalDialogProps) {
  const [comment, setComment] = useState('')
  const { button, consequence, label } = words[verb]
  return (
    <ConfirmDialog
      opened
      title={`${button} ${what}?`}
      confirm={button}
      cancel="Not yet"
      danger={verb === 'reject'}
      onConfirm={() => onConfirm(comment)}
      onCancel={onClose}
    >
      <Stack gap="md">
        <span>{consequence}</span>
        <Textarea
          label={label}
          description="Optional. It is shown in the reservation’s timeline."
          maxLength={500}
          autosize
          minRows={2}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  )
}
