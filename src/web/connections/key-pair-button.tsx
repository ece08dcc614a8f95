import { Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { z } from 'zod'
import { NumberField, TextField } from '../design/fields.tsx'
import { DialogForm, FormDialog } from '../shell/form-dialog.tsx'
import { useRecordForm } from '../shell/record-form.ts'

type KeyPairWish = { label: string; days: number }
type KeyPairButtonProps = {
  /** Where several may be there at once, each has a label. */
  needsLabel: boolean
  explanation: string
  generate: (wish: KeyPairWish) => Promise<void>
}

/** Generate key pair: the private key is made in the vault and stays there. */
export function KeyPairButton(props: KeyPairButtonProps) {
  return (
    <FormDialog verb="Generate key pair" title="Generate a key pair" icon={<IconKey size={14} aria-hidden="true" />}>
      {(close) => <KeyPairForm {...props} onDone={close} />}
    </FormDialog>
  )
}

const days = z.number('Use 1 to 730 days.').int().min(1, 'Use 1 to 730 days.').max(730, 'Use 1 to 730 days.')
const labelled = z.object({ label: z.string().trim().min(1, 'Enter a label, such as “from 2027”.').max(120), days })

function KeyPairForm({ needsLabel, explanation, generate, onDone }: KeyPairButtonProps & { onDone: () => void }) {
  const form = useRecordForm<{ label: string; days: number | null }, void>({
    initial: { label: '', days: 365 },
    version: null,
    shape: needsLabel ? labelled : z.object({ days }),
    save: ({ values }) => generate({ label: values.label, days: values.days ?? 365 }),
    onSaved: onDone,
  })
  return (
    <DialogForm form={form} submit="Generate">
      <Text c="dimmed">{explanation}</Text>
      {needsLabel ? <TextField label="Label" required {...form.field('label')} /> : null}
      <NumberField
        label="Valid for"
        unit="days"
        hint="You are warned 60, 30, 7 and 1 days before it ends."
        {...form.field('days')}
      />
    </DialogForm>
  )
}
