import { useNavigate } from '@tanstack/react-router'
import { deleteOAuthApp, type OAuthApp, readOAuthApp, updateOAuthApp } from '#connections/oauth-app.contract.ts'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { ActiveBadge } from './active-badge.tsx'
import { OAuthAppFields } from './oauth-app-fields.tsx'
import { OAuthAppRelated } from './oauth-app-related.tsx'
import { bodyOf, type OAuthAppValues, valuesOf } from './oauth-app-values.ts'

export function OAuthAppForm({ app, reload }: { app: OAuthApp; reload: () => Promise<unknown> }) {
  const { id, name } = app
  const mayChange = useHasRole('oauth_admin')
  const navigate = useNavigate()
  const form = useRecordForm<OAuthAppValues, OAuthApp>({
    initial: valuesOf(app),
    version: app.version,
    shape: updateOAuthApp.body,
    save: ({ changed, version }) =>
      call(updateOAuthApp, { params: { id }, body: { ...bodyOf(changed), version: version ?? app.version } }),
    onSaved: (saved) => {
      adoptAnswer(readOAuthApp, { id }, saved)
      saySaved('Updated', savedSentence(app, saved))
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`Third-party OAuth Provider · ${app.applicationScope.name}`}
      status={<ActiveBadge active={app.active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role oauth_admin'}
      deletion={{
        consequence: 'Its entity profiles and scopes go with it. The registration at the provider stays.',
        run: () => call(deleteOAuthApp, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/oauth-apps' }).then(() => forgetRecord(readOAuthApp, { id }))
        },
      }}
      fields={
        <OAuthAppFields
          form={form}
          secretCount={app.clientSecrets.length}
          redirectUrl={app.redirectUrl}
          application={app.applicationScope.name}
          readOnly={!mayChange}
        />
      }
    >
      <OAuthAppRelated app={app} mayChange={mayChange} />
    </RecordFrame>
  )
}

/** Saving may generate the default entity profile; then that is what happened and what to say. */
function savedSentence(before: OAuthApp, after: OAuthApp): string {
  const made = after.profiles.find((profile) => !before.profiles.some(({ id }) => id === profile.id))
  return made === undefined ? `${after.name} is saved.` : `The entity profile “${made.name}” was generated.`
}
