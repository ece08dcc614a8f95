import { useNavigate } from '@tanstack/react-router'
import { type Credential, createCredential, readCredential } from '#connections/credential.contract.ts'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useApplicationScope } from '../shell/application-scope.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { CredentialFields } from './credential-fields.tsx'
import { type CredentialValues, newBodyOf, newCredential } from './credential-values.ts'
import { credentialKindWords } from './words.ts'

/** A credential that is not made yet. Its type is chosen here; a token comes afterwards, with Get OAuth Token. */
export function NewCredentialPage() {
  const { current: scope } = useApplicationScope()
  const mayMake = useHasRole('credential_admin')
  const navigate = useNavigate()
  const form = useRecordForm<CredentialValues, Credential>({
    initial: newCredential,
    version: null,
    shape: createCredential.body,
    save: ({ values }) =>
      call(createCredential, { body: { ...newBodyOf(values), ...(scope ? { applicationScopeId: scope.id } : {}) } }),
    onSaved: (made) => {
      adoptAnswer(readCredential, { id: made.id }, made)
      saySaved('Created', made.type === 'oauth2' ? `${made.name} is saved. It has no token yet.` : made.sentence)
      void navigate({ to: '/console/credentials/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New credential"
      kind={`${credentialKindWords[form.values.type]} · ${scope?.name ?? ''}`}
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role credential_admin'}
      fields={<CredentialFields form={form} credential={null} readOnly={!mayMake} />}
    />
  )
}
