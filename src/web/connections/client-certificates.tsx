import { ActionIcon, Group, Switch, Text, Tooltip } from '@mantine/core'
import { IconDownload, IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import {
  changeClientCertificate,
  generateKeyPair,
  removeClientCertificate,
  uploadCertificate,
} from '#connections/client-proof.contract.ts'
import { type ClientCertificate, type OAuthApp, readOAuthApp } from '#connections/oauth-app.contract.ts'
import { CopyText } from '../design/copy-text.tsx'
import { type Column, DataTable } from '../design/data-table.tsx'
import { SecretAreaField, TextField } from '../design/fields.tsx'
import { EmptyState } from '../design/states.tsx'
import { useNow, When } from '../design/when.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { DialogForm, FormDialog } from '../shell/form-dialog.tsx'
import { useRecordForm } from '../shell/record-form.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { downloadCertificate } from './certificate-facts.tsx'
import { KeyPairButton } from './key-pair-button.tsx'
import { ProofState, SetBy } from './proof-state.tsx'
import { RemoveButton } from './remove-button.tsx'

/** Certificates of an app, the newest first: that is the one that is tried first. */
export function ClientCertificates({ app, mayChange }: { app: OAuthApp; mayChange: boolean }) {
  if (app.certificates.length === 0) {
    return (
      <EmptyState
        title="No certificate"
        text="With a certificate nothing secret is ever sent to the provider. Generate a key pair, upload its certificate there, and choose “With a certificate” as the client authentication."
        action={mayChange ? <CertificateActions app={app} /> : null}
      />
    )
  }
  return (
    <DataTable
      caption="Certificates, the newest first"
      columns={mayChange ? [...columns, usedColumn(app), actionColumn(app)] : columns}
      rows={app.certificates}
      idOf={({ id }) => id}
    />
  )
}

const columns: Column<ClientCertificate>[] = [
  { key: 'label', title: 'Label', text: ({ label }) => label },
  {
    key: 'sha1',
    title: 'Thumbprint',
    room: 'wide',
    text: ({ sha1 }) => sha1,
    cell: ({ sha1 }) => <CopyText text={sha1} what="thumbprint" />,
  },
  {
    key: 'expiresAt',
    title: 'Expires',
    text: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <When at={expiresAt} variant="absolute" />,
  },
  {
    key: 'state',
    title: 'State',
    text: () => '',
    cell: (certificate) => <CertificateState certificate={certificate} />,
  },
  {
    key: 'setBy',
    title: 'Set by',
    room: 'medium',
    text: ({ setBy }) => setBy,
    cell: (certificate) => <SetBy {...certificate} />,
  },
]

function CertificateState({ certificate }: { certificate: ClientCertificate }) {
  const expired = new Date(certificate.expiresAt) <= useNow(false)
  if (expired) return <ProofState proof={certificate} instead={{ meaning: 'refused', word: 'Expired' }} />
  return (
    <ProofState proof={certificate} instead={certificate.active ? null : { meaning: 'neutral', word: 'Not used' }} />
  )
}

function usedColumn(app: OAuthApp): Column<ClientCertificate> {
  return {
    key: 'active',
    title: 'Used',
    text: ({ active }) => (active ? 'Yes' : 'No'),
    cell: (certificate) => <UseSwitch app={app} certificate={certificate} />,
  }
}

function UseSwitch({ app, certificate }: { app: OAuthApp; certificate: ClientCertificate }) {
  const { id, label, active } = certificate
  const change = useMutation({
    mutationFn: (next: boolean) =>
      call(changeClientCertificate, { params: { id: app.id, certificateId: id }, body: { active: next } }),
    onSuccess: (after) => adoptAnswer(readOAuthApp, { id: app.id }, after),
    onError: (error) => sayNotDone('The certificate was not changed', error),
  })
  return (
    <Switch
      size="sm"
      aria-label={`Use ${label}`}
      checked={active}
      disabled={change.isPending}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  )
}

function actionColumn(app: OAuthApp): Column<ClientCertificate> {
  return {
    key: 'actions',
    title: 'Actions',
    text: () => '',
    cell: ({ id, label, certificate }) => (
      <Group gap={4} wrap="nowrap">
        <Tooltip label="Download the certificate">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Download ${label}`}
            onClick={() => downloadCertificate(`${app.name}-${label}`, certificate)}
          >
            <IconDownload size={16} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
        <RemoveButton
          what={label}
          title={`Remove ${label}?`}
          consequence="Its private key is destroyed with it and cannot be brought back. Remove the certificate at the provider as well."
          remove={async () => {
            const after = await call(removeClientCertificate, { params: { id: app.id, certificateId: id } })
            adoptAnswer(readOAuthApp, { id: app.id }, after)
            saySaved('Removed', `${label} and its private key are gone.`)
          }}
        />
      </Group>
    ),
  }
}

/** Generate a key pair, or upload one that exists. */
export function CertificateActions({ app }: { app: OAuthApp }) {
  return (
    <Group gap="xs">
      <KeyPairButton
        needsLabel
        explanation="The private key stays in the vault. Download the certificate afterwards and upload it at the provider: in Entra under App registrations › Certificates & secrets."
        generate={async (wish) => {
          const after = await call(generateKeyPair, { params: { id: app.id }, body: wish })
          adoptAnswer(readOAuthApp, { id: app.id }, after)
          saySaved('Generated', `Download ${wish.label} and upload it at the provider.`)
        }}
      />
      <FormDialog verb="Upload" title="Upload a certificate" icon={<IconUpload size={14} aria-hidden="true" />}>
        {(close) => <UploadForm app={app} onDone={close} />}
      </FormDialog>
    </Group>
  )
}

function UploadForm({ app, onDone }: { app: OAuthApp; onDone: () => void }) {
  const form = useRecordForm<{ label: string; pem: string }, OAuthApp>({
    initial: { label: '', pem: '' },
    version: null,
    shape: uploadCertificate.body,
    save: ({ values }) => call(uploadCertificate, { params: { id: app.id }, body: values }),
    onSaved: (after) => {
      adoptAnswer(readOAuthApp, { id: app.id }, after)
      saySaved('Uploaded', 'Its private key is sealed in the vault and never shown again.')
      onDone()
    },
  })
  return (
    <DialogForm form={form} submit="Upload">
      <Text c="dimmed">
        For a pair that exists already. Where it does not, let one be generated: its key is then nowhere else.
      </Text>
      <TextField label="Label" required {...form.field('label')} />
      <SecretAreaField
        label="Certificate and private key"
        required
        stored={false}
        hint="Both in PEM form, without a passphrase; RSA with at least 2048 bits."
        {...form.field('pem')}
      />
    </DialogForm>
  )
}
