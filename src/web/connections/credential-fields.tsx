import type { Credential } from '#connections/credential.contract.ts'
import { AreaField, ChoiceField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import { TextLink } from '../design/links.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { type Option, RecordPicker } from '../shell/record-picker.tsx'
import { useProfileOptions } from './pickers.ts'
import { integrationTypeWords, optionsOf } from './words.ts'

export type CredentialValues = {
  name: string
  active: boolean
  integrationType: 'system' | 'personal'
  oauthEntityProfileId: string | null
  expectedAccount: string | null
  comments: string
}

export function valuesOf(credential: Credential): CredentialValues {
  const { name, active, integrationType, oauthEntityProfile, expectedAccount, comments } = credential
  return {
    name,
    active,
    integrationType,
    expectedAccount,
    comments,
    oauthEntityProfileId: oauthEntityProfile?.id ?? null,
  }
}

type CredentialFieldsProps = {
  form: RecordForm<CredentialValues>
  profile: Option | null
  pinned: boolean
  readOnly: boolean
}

/** The fields of the OAuth 2.0 Credentials form. */
export function CredentialFields({ form, profile, pinned, readOnly }: CredentialFieldsProps) {
  const { field, values } = form
  const type = field('integrationType')
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <div>
        <RecordPicker
          label="OAuth Entity Profile"
          field={field('oauthEntityProfileId')}
          current={profile}
          useOptions={useProfileOptions}
          none="Choose a profile"
          readOnly={readOnly}
        />
        {values.oauthEntityProfileId === null ? null : (
          <TextLink to="/console/entity-profiles/$id" params={{ id: values.oauthEntityProfileId }} size="xs">
            Open the profile
          </TextLink>
        )}
      </div>
      <ChoiceField
        label="Integration type"
        hint={
          values.integrationType === 'system'
            ? 'One token, of the delegated user, for everything the system does.'
            : 'A token for each person, for what that person does.'
        }
        {...type}
        onChange={(value) => type.onChange(value === 'personal' ? 'personal' : 'system')}
        options={optionsOf(integrationTypeWords)}
        readOnly={readOnly}
      />
      {values.integrationType === 'system' ? <DelegatedUser form={form} pinned={pinned} readOnly={readOnly} /> : null}
      <SwitchField label="Active" {...field('active')} readOnly={readOnly} />
      <WholeRow>
        <AreaField label="Comments" {...field('comments')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

type DelegatedUserProps = { form: RecordForm<CredentialValues>; pinned: boolean; readOnly: boolean }

function DelegatedUser({ form, pinned, readOnly }: DelegatedUserProps) {
  const field = form.field('expectedAccount')
  return (
    <TextField
      label="Delegated user"
      kind="email"
      hint={
        pinned
          ? 'Bound to this very account by an accepted sign-in; another account of the same name is refused.'
          : 'The account that must sign in. Any other is refused, and nothing is stored.'
      }
      placeholder="rooms@contoso.example"
      {...field}
      value={field.value ?? ''}
      onChange={(typed) => field.onChange(typed.trim() === '' ? null : typed.trim())}
      readOnly={readOnly}
    />
  )
}
