import { Button, Group, Stack } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import {
  type Credential,
  type CredentialTest,
  generateCredentialKeyPair,
  readCredential,
  testCredential,
} from '#connections/credential.contract.ts'
import { Panel } from '../design/panel.tsx'
import { Verdict } from '../design/verdict.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { CertificateFacts, DownloadCertificate } from './certificate-facts.tsx'
import { KeyPairButton } from './key-pair-button.tsx'

/** Whether a credential can be used that needs no token: a sentence first, then what may be shown of it. */
export function CredentialValuePanel({ credential, mayChange }: { credential: Credential; mayChange: boolean }) {
  const { ready, sentence, certificate, type } = credential
  const test = useMutation({
    mutationFn: () => call(testCredential, { params: { id: credential.id } }),
    onError: (error) => sayNotDone('The test failed', error),
  })
  return (
    <Panel
      title={type === 'client_certificate' ? 'Certificate' : 'Value'}
      actions={
        <Group gap="xs">
          {certificate === null ? null : <DownloadCertificate name={credential.name} pem={certificate.certificate} />}
          {type === 'client_certificate' && mayChange ? <Generate credential={credential} /> : null}
          {ready ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconRefresh size={14} aria-hidden="true" />}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Test now
            </Button>
          ) : null}
        </Group>
      }
    >
      <Stack gap="md">
        <Verdict meaning={ready ? 'good' : 'attention'}>{sentence}</Verdict>
        <div aria-live="polite">{test.data ? <Tested test={test.data} /> : null}</div>
        {certificate === null ? null : <CertificateFacts certificate={certificate} />}
      </Stack>
    </Panel>
  )
}

function Tested({ test: { ok, say } }: { test: CredentialTest }) {
  return <Verdict meaning={ok === null ? 'neutral' : ok ? 'good' : 'refused'}>{say}</Verdict>
}

function Generate({ credential }: { credential: Credential }) {
  const { id, name, certificate } = credential
  return (
    <KeyPairButton
      needsLabel={false}
      explanation={
        certificate === null
          ? 'The private key stays in the vault. Give the certificate to the server, which then lets in whoever has the key.'
          : 'The new pair takes the place of the stored one at once. Have the server trust the new certificate right after.'
      }
      generate={async ({ days }) => {
        const saved = await call(generateCredentialKeyPair, { params: { id }, body: { days } })
        adoptAnswer(readCredential, { id }, saved)
        saySaved('Generated', `${name} has a new key pair. Download its certificate and give it to the server.`)
      }}
    />
  )
}
