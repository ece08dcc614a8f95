import type { GrantType } from '#connections/contract.ts'
import type { Credential } from '#connections/credential.contract.ts'
import { AreaField, ChoiceField, ReadOnlyField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import { TextLink } from '../design/links.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { type Option, RecordPicker } from '../shell/record-picker.tsx'
import { GrantFields, OptionalText, ValueFields } from './credential-value-fields.tsx'
import type { CredentialValues } from './credential-values.ts'
import { useProfileOptions } from './pickers.ts'
import { credentialTypeWords, integrationTypeWords, optionsOf } from './words.ts'

type CredentialFieldsProps = {
  form: RecordForm<CredentialValues>
  /** Null for a record that is not made yet: only then its type is chosen. */
  credential: Credential | null
  readOnly: boolean
}

/** The fields of a credential's form. Its type decides which there are. */
export function CredentialFields({ form, credential, readOnly }: CredentialFieldsProps) {
  const { field, values } = form
  const shared = { form, readOnly, value: credential?.value ?? null }
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <TypeField form={form} isNew={credential === null} />
      {values.type === 'oauth2' ? (
        <OAuthFields form={form} credential={credential} readOnly={readOnly} />
      ) : (
        <ValueFields {...shared} />
      )}
      <SwitchField label="Active" {...field('active')} readOnly={readOnly} />
      <WholeRow>
        <AreaField label="Comments" {...field('comments')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

function TypeField({ form, isNew }: { form: RecordForm<CredentialValues>; isNew: boolean }) {
  const type = form.field('type')
  if (!isNew) return <ReadOnlyField label="Type">{credentialTypeWords[type.value]}</ReadOnlyField>
  const options = optionsOf(credentialTypeWords)
  return (
    <ChoiceField
      label="Type"
      hint="What the calls are made with. It stays what it is once the record is saved."
      {...type}
      onChange={(chosen) => type.onChange(options.find(({ value }) => value === chosen)?.value ?? 'oauth2')}
      options={options}
    />
  )
}

function OAuthFields({ form, credential, readOnly }: CredentialFieldsProps) {
  const { field, values } = form
  const type = field('integrationType')
  const profile = credential?.oauthEntityProfile ?? null
  const chosen: Option | null = profile && { value: profile.id, label: profile.name }
  // Of a profile that was chosen a moment ago, the grant is known after Update.
  const grantType: GrantType | null = profile?.id === values.oauthEntityProfileId ? (profile?.grantType ?? null) : null
  const signsIn = grantType === null || grantType === 'authorization_code'
  return (
    <>
      <div>
        <RecordPicker
          label="OAuth Entity Profile"
          field={field('oauthEntityProfileId')}
          current={chosen}
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
      {values.integrationType === 'system' && signsIn ? (
        <OptionalText
          form={form}
          name="expectedAccount"
          label="Delegated user"
          kind="email"
          hint={
            credential?.expectedAccountPinned
              ? 'Bound to this very account by an accepted sign-in; another account of the same name is refused.'
              : 'The account that must sign in. Any other is refused, and nothing is stored.'
          }
          placeholder="rooms@contoso.example"
          readOnly={readOnly}
        />
      ) : null}
      <GrantFields form={form} value={credential?.value ?? null} readOnly={readOnly} grantType={grantType} />
    </>
  )
}
