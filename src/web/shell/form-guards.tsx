import { useBlocker } from '@tanstack/react-router'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { When } from '../design/when.tsx'
import type { Conflict } from './record-changes.ts'
import type { Fields, RecordForm } from './record-form.ts'

/** What stands between a person and losing work: leaving with unsaved changes, and saving over somebody else's. */
export function FormGuards<V extends Fields>({ form, what }: { form: RecordForm<V>; what: string }) {
  return (
    <>
      <UnsavedGuard wouldLose={form.wouldLose} what={what} />
      {form.conflict === null ? null : (
        <ConflictDialog conflict={form.conflict} what={what} onLoad={form.loadTheirs} onKeep={form.keepEditing} />
      )}
    </>
  )
}

function UnsavedGuard({ wouldLose, what }: { wouldLose: () => boolean; what: string }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && wouldLose(),
    enableBeforeUnload: wouldLose,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'}
      title="Leave without saving?"
      confirm="Leave without saving"
      cancel="Stay here"
      danger
      onConfirm={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      What you changed in {what} is not saved yet and would be lost.
    </ConfirmDialog>
  )
}

type ConflictDialogProps = { conflict: Conflict; what: string; onLoad: () => void; onKeep: () => void }

function ConflictDialog({ conflict, what, onLoad, onKeep }: ConflictDialogProps) {
  return (
    <ConfirmDialog
      opened
      title={`${conflict.updatedBy} changed this`}
      confirm="Load theirs"
      cancel="Keep editing"
      onConfirm={onLoad}
      onCancel={onKeep}
    >
      {conflict.updatedBy} changed {what}
      {conflict.updatedAt === '' ? null : (
        <>
          {' '}
          (<When at={conflict.updatedAt} />)
        </>
      )}{' '}
      while you were editing it. Nothing of yours is saved yet. <strong>Load theirs</strong> throws your changes away;{' '}
      <strong>Keep editing</strong> keeps them, and Update then writes only the fields you changed.
    </ConfirmDialog>
  )
}
