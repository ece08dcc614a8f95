import { useNavigate } from '@tanstack/react-router'
import {
  type Credential,
  deleteCredential,
  readCredential,
  updateCredential,
} from '#connections/credential.contract.ts'
import { Banner } from '../design/banner.tsx'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { ActiveBadge } from './active-badge.tsx'
import { AuthorizationOutcome } from './authorization-outcome.tsx'
import { CredentialFields } from './credential-fields.tsx'
import { CredentialUse } from './credential-use.tsx'
import { CredentialValuePanel } from './credential-value-panel.tsx'
import { bodyOf, type CredentialValues, valuesOf } from './credential-values.ts'
import { GetTokenButton } from './get-token-button.tsx'
import { PersonalTokensPanel } from './personal-tokens-panel.tsx'
import { TokenPanel } from './token-panel.tsx'
import { credentialKindWords } from './words.ts'

type CredentialFormProps = {
  credential: Credential
  /** The sign-in that the browser has just come back from. */
  authorizationId: string | null
  reload: () => Promise<unknown>
}

export function CredentialForm({ credential, authorizationId, reload }: CredentialFormProps) {
  const { id, name, type, applicationScope } = credential
  const mayChange = useHasRole('credential_admin')
  const navigate = useNavigate()
  const form = useRecordForm<CredentialValues, Credential>({
    initial: valuesOf(credential),
    version: credential.version,
    shape: updateCredential.body,
    save: ({ changed, version }) =>
      call(updateCredential, { params: { id }, body: { ...bodyOf(changed), version: version ?? credential.version } }),
    onSaved: (saved) => {
      adoptAnswer(readCredential, { id }, saved)
      saySaved('Updated', saved.integrationType === 'personal' ? `${saved.name} is saved.` : saved.sentence)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`${credentialKindWords[type]} · ${applicationScope.name}`}
      status={<ActiveBadge active={credential.active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role credential_admin'}
      actions={mayChange && type === 'oauth2' ? <GetTokenButton credential={credential} form={form} /> : null}
      deletion={{
        consequence:
          type === 'oauth2'
            ? 'Its tokens are destroyed with it. Nothing is revoked at the provider.'
            : 'Its value is destroyed with it. Where it came from it goes on working.',
        run: () => call(deleteCredential, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone, with what it held.`)
          void navigate({ to: '/console/credentials' }).then(() => forgetRecord(readCredential, { id }))
        },
      }}
      above={
        <>
          {authorizationId === null ? null : (
            <AuthorizationOutcome authorizationId={authorizationId} credentialId={id} />
          )}
          <StatePanel credential={credential} mayChange={mayChange} />
        </>
      }
      fields={<CredentialFields form={form} credential={credential} readOnly={!mayChange} />}
    >
      <CredentialUse credential={credential} />
    </RecordFrame>
  )
}

/** Whether it works, in the way that its type can tell. */
function StatePanel({ credential, mayChange }: { credential: Credential; mayChange: boolean }) {
  if (credential.type !== 'oauth2') return <CredentialValuePanel credential={credential} mayChange={mayChange} />
  if (credential.integrationType === 'personal') return <PersonalTokensPanel credential={credential} />
  return (
    <>
      {credential.caution === null ? null : <Banner meaning="attention">{credential.caution}</Banner>}
      <TokenPanel credential={credential} mayChange={mayChange} />
    </>
  )
}
