import { Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { addClientSecret, removeClientSecret } from '#connections/client-proof.contract.ts'
import { type ClientSecret, type OAuthApp, readOAuthApp } from '#connections/oauth-app.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { SecretField, TextField } from '../design/fields.tsx'
import { EmptyState } from '../design/states.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { DialogForm, FormDialog } from '../shell/form-dialog.tsx'
import { useRecordForm } from '../shell/record-form.ts'
import { saySaved } from '../shell/saved.ts'
import { ProofState, SetBy } from './proof-state.tsx'
import { RemoveButton } from './remove-button.tsx'

/** Client secrets of an app, in the order in which they are tried. */
export function ClientSecrets({ app, mayChange }: { app: OAuthApp; mayChange: boolean }) {
  if (app.clientSecrets.length === 0) {
    return (
      <EmptyState
        title="No client secret"
        text={
          app.clientAuthentication === 'private_key_jwt'
            ? 'This app proves itself with a certificate, so it needs none.'
            : 'Enter one in the form above and press Update.'
        }
      />
    )
  }
  return (
    <DataTable
      caption="Client Secrets, in the order in which they are tried"
      columns={mayChange ? [...columns, removeColumn(app)] : columns}
      rows={app.clientSecrets}
      idOf={({ id }) => id}
    />
  )
}

const columns: Column<ClientSecret>[] = [
  { key: 'label', title: 'Label', text: ({ label }) => label },
  { key: 'expiresOn', title: 'Expires on', text: ({ expiresOn }) => expiresOn ?? 'Not known' },
  { key: 'state', title: 'State', text: () => '', cell: (secret) => <ProofState proof={secret} /> },
  { key: 'setBy', title: 'Set by', text: ({ setBy }) => setBy, cell: (secret) => <SetBy {...secret} /> },
]

function removeColumn(app: OAuthApp): Column<ClientSecret> {
  return {
    key: 'remove',
    title: 'Remove',
    text: () => '',
    cell: ({ id, label }) => (
      <RemoveButton
        what={label}
        title={`Remove ${label}?`}
        consequence={
          app.clientSecrets.length === 1
            ? 'Its value is destroyed here. It is the only one: no token can be obtained or renewed until another is entered.'
            : 'Its value is destroyed here. At the provider it works on until its end, or until it is removed there.'
        }
        remove={async () => {
          const after = await call(removeClientSecret, { params: { id: app.id, secretId: id } })
          adoptAnswer(readOAuthApp, { id: app.id }, after)
          saySaved('Removed', `${label} is gone.`)
        }}
      />
    ),
  }
}

/** A further secret, so that one can end while the next already works. */
export function AddClientSecretButton({ app }: { app: OAuthApp }) {
  return (
    <FormDialog verb="Add another" title="Another client secret" icon={<IconPlus size={14} aria-hidden="true" />}>
      {(close) => <AddClientSecretForm app={app} onDone={close} />}
    </FormDialog>
  )
}

type NewSecret = { label: string; value: string; expiresOn: string | null }

function AddClientSecretForm({ app, onDone }: { app: OAuthApp; onDone: () => void }) {
  const form = useRecordForm<NewSecret, OAuthApp>({
    initial: { label: '', value: '', expiresOn: null },
    version: null,
    shape: addClientSecret.body,
    save: ({ values }) => call(addClientSecret, { params: { id: app.id }, body: values }),
    onSaved: (after) => {
      adoptAnswer(readOAuthApp, { id: app.id }, after)
      saySaved('Added', 'It is tried as soon as the one before it is refused.')
      onDone()
    },
  })
  const expiresOn = form.field('expiresOn')
  return (
    <DialogForm form={form} submit="Add">
      <Text c="dimmed">
        Both work until the older one ends at the provider: the next is tried when one is refused, and the one that
        worked is tried first from then on. So nothing stops meanwhile.
      </Text>
      <TextField label="Label" required placeholder="from 2027" {...form.field('label')} />
      <SecretField label="Client Secret" required stored={false} {...form.field('value')} />
      <TextField
        label="Expires on"
        placeholder="2028-11-30"
        hint="As the provider says it. You are warned 60, 30, 7 and 1 days before."
        {...expiresOn}
        value={expiresOn.value ?? ''}
        onChange={(typed) => expiresOn.onChange(typed.trim() === '' ? null : typed.trim())}
      />
    </DialogForm>
  )
}
