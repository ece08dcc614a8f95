import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { asProblem } from '../shell/api-problem.ts'

type RemoveButtonProps = {
  /** What is removed, for screen readers. */
  what: string
  title: string
  /** What goes with it, and what does not. */
  consequence: string
  remove: () => Promise<void>
}

/** Removes one row of a related list, asked once. */
export function RemoveButton({ what, title, consequence, remove }: RemoveButtonProps) {
  const [asking, setAsking] = useState(false)
  const removing = useMutation({ mutationFn: remove, onSuccess: () => setAsking(false) })
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove ${what}`}
        onClick={() => {
          removing.reset()
          setAsking(true)
        }}
      >
        <IconTrash size={16} aria-hidden="true" />
      </ActionIcon>
      <ConfirmDialog
        opened={asking}
        title={title}
        confirm="Remove"
        danger
        busy={removing.isPending}
        onConfirm={() => removing.mutate()}
        onCancel={() => setAsking(false)}
      >
        {removing.error ? <Banner meaning="refused">{asProblem(removing.error).detail}</Banner> : consequence}
      </ConfirmDialog>
    </>
  )
}
