import { useNavigate } from '@tanstack/react-router'
import { type Alias, createAlias, readAlias } from '#connections/alias.contract.ts'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useApplicationScope } from '../shell/application-scope.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { AliasFields, type AliasValues } from './alias-fields.tsx'

const nothing: AliasValues = {
  name: '',
  type: 'connection_and_credential',
  parentId: null,
  credentialId: null,
  connectionType: null,
  supportsMultipleActiveConnections: null,
  retryPolicyId: null,
  description: '',
}
const unknown = { source: 'none', from: null } as const

/** An alias that is not made yet, in the application scope of the picker. */
export function NewAliasPage() {
  const { current: scope } = useApplicationScope()
  const mayMake = useHasRole('connection_admin')
  const navigate = useNavigate()
  const form = useRecordForm<AliasValues, Alias>({
    initial: nothing,
    version: null,
    shape: createAlias.body?.omit({ applicationScopeId: true }),
    save: ({ values }) => call(createAlias, { body: { ...values, applicationScopeId: scope?.id ?? '' } }),
    onSaved: (made) => {
      adoptAnswer(readAlias, { id: made.id }, made)
      saySaved('Created', `Integrations can now ask for ${made.aliasId}.`)
      void navigate({ to: '/console/aliases/$id', params: { id: made.id }, replace: true })
    },
  })
  const name = form.values.name || '…'
  return (
    <RecordFrame
      name="New alias"
      kind="Connection & Credential Alias"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role connection_admin'}
      fields={
        <AliasFields
          form={form}
          aliasId={scope === null || scope.key === 'global' ? name : `${scope.key}.${name}`}
          application={scope?.name ?? '…'}
          parent={null}
          credential={null}
          inherited={{
            connectionType: { value: 'http', ...unknown },
            supportsMultipleActiveConnections: { value: false, ...unknown },
            retryPolicy: { value: null, ...unknown },
          }}
          readOnly={!mayMake}
        />
      }
    />
  )
}
