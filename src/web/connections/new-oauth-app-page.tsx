import { useNavigate } from '@tanstack/react-router'
import { createOAuthApp, type OAuthApp, readOAuthApp } from '#connections/oauth-app.contract.ts'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useApplicationScope } from '../shell/application-scope.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { OAuthAppFields } from './oauth-app-fields.tsx'
import { bodyOf, newOAuthApp, type OAuthAppValues } from './oauth-app-values.ts'

/** A third-party OAuth provider that is not registered here yet. Saving it generates its redirect address and default profile. */
export function NewOAuthAppPage() {
  const { current: scope } = useApplicationScope()
  const mayMake = useHasRole('oauth_admin')
  const navigate = useNavigate()
  const form = useRecordForm<OAuthAppValues, OAuthApp>({
    initial: newOAuthApp,
    version: null,
    shape: createOAuthApp.body,
    save: ({ values }) =>
      call(createOAuthApp, {
        body: { ...bodyOf(values), name: values.name, ...(scope ? { applicationScopeId: scope.id } : {}) },
      }),
    onSaved: (made) => {
      adoptAnswer(readOAuthApp, { id: made.id }, made)
      saySaved('Created', `${made.name} is registered, with the profile “${made.profiles[0]?.name ?? 'default'}”.`)
      void navigate({ to: '/console/oauth-apps/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New application"
      kind={`Third-party OAuth Provider · ${scope?.name ?? ''}`}
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role oauth_admin'}
      fields={
        <OAuthAppFields
          form={form}
          secretCount={0}
          redirectUrl={null}
          application={scope?.name ?? '…'}
          readOnly={!mayMake}
        />
      }
    />
  )
}
