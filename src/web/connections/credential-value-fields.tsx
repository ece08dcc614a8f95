import type { ReactNode } from 'react'
import type { Credential } from '#connections/credential.contract.ts'
import { ChoiceField, SecretAreaField, SecretField, TextField, WholeRow } from '../design/fields.tsx'
import { When } from '../design/when.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import type { CredentialValues } from './credential-values.ts'
import { keyInWords, optionsOf } from './words.ts'

type FieldsProps = { form: RecordForm<CredentialValues>; value: Credential['value']; readOnly: boolean }

/** The fields of a credential whose value goes with every call as it is. */
export function ValueFields({ form, value, readOnly }: FieldsProps) {
  const { type } = form.values
  const shared = { form, readOnly }
  return (
    <>
      <OptionalText
        {...shared}
        name="destination"
        label="Sent to"
        kind="url"
        placeholder="https://api.fabrikam.example"
        hint="The only address that the value is ever sent to. Another one needs the value again."
      />
      {type === 'basic' ? (
        <OptionalText
          {...shared}
          name="username"
          label="User name"
          hint="Of an account for programs, not of a person."
        />
      ) : null}
      {type === 'api_key' ? <KeyPlace {...shared} /> : null}
      {type === 'client_certificate' ? (
        <CertificateValue {...shared} value={value} />
      ) : (
        <SecretValue {...shared} value={value} label={secretLabels[type]} />
      )}
    </>
  )
}

const secretLabels = { oauth2: 'Password', basic: 'Password', api_key: 'API key', bearer: 'Bearer token' } as const

/** User name and password for the password grant, or whom an assertion is about. */
export function GrantFields({ form, value, readOnly, grantType }: FieldsProps & { grantType: string | null }) {
  const shared = { form, readOnly }
  if (grantType === 'jwt_bearer')
    return (
      <OptionalText
        {...shared}
        name="username"
        label="Subject"
        hint="Whom the token is for, as the provider knows them."
      />
    )
  if (grantType !== 'password') return null
  return (
    <>
      <OptionalText {...shared} name="username" label="User name" placeholder="rooms@contoso.example" />
      <SecretValue {...shared} value={value} label="Password" />
    </>
  )
}

function SecretValue({ form, value, readOnly, label }: FieldsProps & { label: string }) {
  return (
    <SecretField
      label={label}
      stored={value?.isSet ?? false}
      hint={setBy(value)}
      {...form.field('secret')}
      readOnly={readOnly}
    />
  )
}

function CertificateValue({ form, value, readOnly }: FieldsProps) {
  return (
    <WholeRow>
      <SecretAreaField
        label="Certificate and private key"
        stored={value?.isSet ?? false}
        hint={
          setBy(value) ??
          'Paste both in PEM form, without a passphrase, or save first and let a key pair be generated here.'
        }
        {...form.field('secret')}
        readOnly={readOnly}
      />
    </WholeRow>
  )
}

function KeyPlace({ form, readOnly }: Omit<FieldsProps, 'value'>) {
  const keyIn = form.field('keyIn')
  return (
    <>
      <ChoiceField
        label="Sent in"
        hint={
          keyIn.value === 'query'
            ? 'Addresses are written into the logs of servers on the way. A header is better where the server takes one.'
            : undefined
        }
        {...keyIn}
        value={keyIn.value ?? 'header'}
        onChange={(value) => keyIn.onChange(value === 'query' ? 'query' : 'header')}
        options={optionsOf(keyInWords)}
        readOnly={readOnly}
      />
      <OptionalText
        form={form}
        readOnly={readOnly}
        name="keyName"
        label={keyIn.value === 'query' ? 'Name of the parameter' : 'Name of the header'}
        placeholder={keyIn.value === 'query' ? 'api_key' : 'X-API-Key'}
      />
    </>
  )
}

type OptionalTextProps = {
  form: RecordForm<CredentialValues>
  name: 'username' | 'destination' | 'keyName' | 'expectedAccount'
  label: string
  hint?: string
  placeholder?: string
  kind?: 'text' | 'email' | 'url'
  readOnly: boolean
}

/** Text that may be missing: nothing typed is nothing stored. */
export function OptionalText({ form, name, ...shown }: OptionalTextProps) {
  const field = form.field(name)
  return (
    <TextField
      {...shown}
      {...field}
      value={field.value ?? ''}
      onChange={(typed) => field.onChange(typed.trim() === '' ? null : typed.trim())}
    />
  )
}

/** When it was set, and by whom: all that is ever shown of a value. */
function setBy(value: Credential['value']): ReactNode {
  if (value?.setAt == null) return undefined
  return (
    <>
      Set <When at={value.setAt} /> by {value.setBy ?? 'somebody'}. It is never shown.
    </>
  )
}
