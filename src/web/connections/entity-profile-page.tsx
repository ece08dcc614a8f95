import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import {
  deleteEntityProfile,
  type EntityProfile,
  type EntityScope,
  readEntityProfile,
  readOAuthApp,
  updateEntityProfile,
} from '#connections/oauth-app.contract.ts'
import { StatusBadge } from '../design/status-badge.tsx'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { EntityProfileFields, type EntityProfileValues } from './entity-profile-fields.tsx'

/** One OAuth Entity Profile: which grant, and which of the app's scopes it asks for. */
export function EntityProfilePage() {
  const { id } = useParams({ from: '/signed-in/console/entity-profiles/$id' })
  const answer = useQuery(asking(readEntityProfile, { params: { id } }))
  const appId = answer.data?.oauthApp.id
  const app = useQuery({ ...asking(readOAuthApp, { params: { id: appId ?? '' } }), enabled: appId !== undefined })
  return (
    <RecordGate answer={answer} what="entity profile">
      {(profile) => (
        <EntityProfileForm
          key={profile.id}
          profile={profile}
          scopes={app.data?.scopes ?? profile.scopes}
          reload={answer.refetch}
        />
      )}
    </RecordGate>
  )
}

type EntityProfileFormProps = {
  profile: EntityProfile
  /** All scopes of the app, to choose from. */
  scopes: readonly EntityScope[]
  reload: () => Promise<unknown>
}

function EntityProfileForm({ profile, scopes, reload }: EntityProfileFormProps) {
  const { id, name, oauthApp } = profile
  const mayChange = useHasRole('oauth_admin')
  const navigate = useNavigate()
  const form = useRecordForm<EntityProfileValues, EntityProfile>({
    initial: {
      name,
      grantType: profile.grantType,
      isDefault: profile.isDefault,
      scopeIds: profile.scopes.map((scope) => scope.id).toSorted(),
    },
    version: profile.version,
    shape: updateEntityProfile.body,
    save: ({ changed, version }) =>
      call(updateEntityProfile, { params: { id }, body: { ...changed, version: version ?? profile.version } }),
    onSaved: (saved) => {
      adoptAnswer(readEntityProfile, { id }, saved)
      saySaved('Updated', 'The next Get OAuth Token asks for what it says now.')
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind="OAuth Entity Profile"
      status={profile.isDefault ? <StatusBadge meaning="good" word="Default" /> : null}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role oauth_admin'}
      deletion={{
        consequence: 'The application and its scopes stay.',
        run: () => call(deleteEntityProfile, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/oauth-apps/$id', params: { id: oauthApp.id } }).then(() =>
            forgetRecord(readEntityProfile, { id }),
          )
        },
      }}
      fields={<EntityProfileFields form={form} oauthApp={oauthApp} scopes={scopes} readOnly={!mayChange} />}
    />
  )
}
