import { useNavigate } from '@tanstack/react-router'
import {
  type Credential,
  deleteCredential,
  readCredential,
  updateCredential,
} from '#connections/credential.contract.ts'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { ActiveBadge } from './active-badge.tsx'
import { AuthorizationOutcome } from './authorization-outcome.tsx'
import { CredentialFields, type CredentialValues, valuesOf } from './credential-fields.tsx'
import { CredentialUse } from './credential-use.tsx'
import { GetTokenButton } from './get-token-button.tsx'
import { PersonalTokensPanel } from './personal-tokens-panel.tsx'
import { TokenPanel } from './token-panel.tsx'

type CredentialFormProps = {
  credential: Credential
  /** The sign-in that the browser has just come back from. */
  authorizationId: string | null
  reload: () => Promise<unknown>
}

export function CredentialForm({ credential, authorizationId, reload }: CredentialFormProps) {
  const { id, name, oauthEntityProfile: profile, applicationScope } = credential
  const mayChange = useHasRole('credential_admin')
  const navigate = useNavigate()
  const form = useRecordForm<CredentialValues, Credential>({
    initial: valuesOf(credential),
    version: credential.version,
    shape: updateCredential.body,
    save: ({ changed, version }) =>
      call(updateCredential, { params: { id }, body: { ...changed, version: version ?? credential.version } }),
    onSaved: (saved) => {
      adoptAnswer(readCredential, { id }, saved)
      saySaved('Updated', saved.token?.sentence ?? `${saved.name} is saved.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`OAuth 2.0 Credentials · ${applicationScope.name}`}
      status={<ActiveBadge active={credential.active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role credential_admin'}
      actions={mayChange ? <GetTokenButton credential={credential} form={form} /> : null}
      deletion={{
        consequence: 'Its tokens are destroyed with it. Nothing is revoked at Microsoft.',
        run: () => call(deleteCredential, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} and its tokens are gone.`)
          void navigate({ to: '/console/credentials' }).then(() => forgetRecord(readCredential, { id }))
        },
      }}
      above={
        <>
          {authorizationId === null ? null : (
            <AuthorizationOutcome authorizationId={authorizationId} credentialId={id} />
          )}
          {credential.integrationType === 'personal' ? (
            <PersonalTokensPanel credential={credential} />
          ) : (
            <TokenPanel credential={credential} mayChange={mayChange} />
          )}
        </>
      }
      fields={
        <CredentialFields
          form={form}
          profile={profile && { value: profile.id, label: profile.name }}
          pinned={credential.expectedAccountPinned}
          readOnly={!mayChange}
        />
      }
    >
      <CredentialUse credential={credential} />
    </RecordFrame>
  )
}
