import { Button, Group, Modal, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { FormProblem } from './form-problem.tsx'
import type { Fields, RecordForm } from './record-form.ts'

type FormDialogProps = {
  /** On the button that opens it. */
  verb: string
  title: string
  icon?: ReactNode
  /** The form, mounted anew each time; it is given the way to close the dialog. */
  children: (close: () => void) => ReactNode
}

/** A button, and the small form that it opens over the page. */
export function FormDialog({ verb, title, icon, children }: FormDialogProps) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button variant="default" size="xs" leftSection={icon} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Modal opened={open} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
        {children(close)}
      </Modal>
    </>
  )
}

type DialogFormProps<V extends Fields> = { form: RecordForm<V>; submit: string; children: ReactNode }

/** The form of a dialog: its fields one below the other, what was refused above them, and one button. */
export function DialogForm<V extends Fields>({ form, submit, children }: DialogFormProps<V>) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void form.submit()
      }}
    >
      <Stack gap="md">
        <FormProblem form={form} />
        {children}
        <Group justify="flex-end">
          <Button type="submit" loading={form.saving}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
