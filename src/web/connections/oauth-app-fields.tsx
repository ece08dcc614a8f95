import { CopyText } from '../design/copy-text.tsx'
import {
  AreaField,
  ChoiceField,
  NumberField,
  ReadOnlyField,
  SecretField,
  SwitchField,
  TextField,
  WholeRow,
} from '../design/fields.tsx'
import { spanOf } from '../design/when.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import type { OAuthAppValues } from './oauth-app-values.ts'
import {
  accessibleFromWords,
  assertionAudienceWords,
  clientAuthenticationWords,
  grantCautions,
  grantTypeWords,
  optionsOf,
} from './words.ts'

const grantOptions = optionsOf(grantTypeWords)
const authenticationOptions = optionsOf(clientAuthenticationWords)

type OAuthAppFieldsProps = {
  form: RecordForm<OAuthAppValues>
  /** How many are stored. */
  secretCount: number
  /** Null until the record is made. */
  redirectUrl: string | null
  application: string
  readOnly: boolean
}

/** The fields of the Third-party OAuth Provider form. */
export function OAuthAppFields({ form, secretCount, redirectUrl, application, readOnly }: OAuthAppFieldsProps) {
  const { field, values } = form
  const shared = { form, readOnly }
  const bySecret = values.clientAuthentication !== 'private_key_jwt' || secretCount > 0
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <ReadOnlyField label="Application">{application}</ReadOnlyField>
      <TextField label="Client ID" mono {...field('clientId')} readOnly={readOnly} />
      {bySecret ? <SecretFields {...shared} secretCount={secretCount} /> : null}
      <Choices {...shared} />
      <WholeRow>
        <TextField
          label="Issuer"
          kind="url"
          placeholder="https://login.fabrikam.example"
          hint="For a provider other than Microsoft: its OpenID Connect issuer, by which it is proven who signed in."
          {...field('issuer')}
          readOnly={readOnly}
        />
      </WholeRow>
      <WholeRow>
        <TextField label="Authorization URL" kind="url" {...field('authorizationUrl')} readOnly={readOnly} />
      </WholeRow>
      <WholeRow>
        <TextField label="Token URL" kind="url" {...field('tokenUrl')} readOnly={readOnly} />
      </WholeRow>
      <WholeRow>
        <ReadOnlyField label="Redirect URL" hint="Register this address with the provider, exactly.">
          {redirectUrl === null ? 'Made when the record is saved' : <CopyText text={redirectUrl} what="redirect URL" />}
        </ReadOnlyField>
      </WholeRow>
      <TextField label="Token Revocation URL" kind="url" {...field('tokenRevocationUrl')} readOnly={readOnly} />
      <TextField label="Logo URL" kind="url" {...field('logoUrl')} readOnly={readOnly} />
      <NumberField
        label="Refresh Token Lifespan"
        unit="seconds"
        hint={lifespan(form.values.refreshTokenLifespanSeconds)}
        {...field('refreshTokenLifespanSeconds')}
        readOnly={readOnly}
      />
      <NumberField
        label="Access Token Lifespan"
        unit="seconds"
        hint={lifespan(form.values.accessTokenLifespanSeconds)}
        {...field('accessTokenLifespanSeconds')}
        readOnly={readOnly}
      />
      <SwitchField label="Active" {...field('active')} readOnly={readOnly} />
      <WholeRow>
        <AreaField label="Comments" {...field('comments')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

type SecretFieldsProps = { form: RecordForm<OAuthAppValues>; secretCount: number; readOnly: boolean }

/** One secret is what most apps have; further ones are added below, under Client Secrets. */
function SecretFields({ form, secretCount, readOnly }: SecretFieldsProps) {
  const several = secretCount > 1
  const unused = form.values.clientAuthentication === 'private_key_jwt'
  const hint = several
    ? `Takes the place of all ${secretCount} under Client Secrets. Add another one there.`
    : undefined
  return (
    <>
      <SecretField
        label="Client Secret"
        stored={secretCount > 0}
        hint={unused ? 'Not used while a certificate proves who asks. Remove it under Client Secrets.' : hint}
        {...form.field('clientSecret')}
        readOnly={readOnly}
      />
      {several ? null : (
        <TextField
          label="Client Secret expires on"
          placeholder="2027-11-30"
          hint="As the provider says it. You are warned 60, 30, 7 and 1 days before."
          {...form.field('clientSecretExpiresOn')}
          readOnly={readOnly}
        />
      )}
    </>
  )
}

function Choices({ form, readOnly }: { form: RecordForm<OAuthAppValues>; readOnly: boolean }) {
  const grant = form.field('defaultGrantType')
  const authentication = form.field('clientAuthentication')
  const accessible = form.field('accessibleFrom')
  const audience = form.field('assertionAudience')
  const signs = authentication.value === 'private_key_jwt' || grant.value === 'jwt_bearer'
  return (
    <>
      <ChoiceField
        label="Default Grant type"
        hint={grantCautions[grant.value]}
        {...grant}
        onChange={(value) =>
          grant.onChange(grantOptions.find((option) => option.value === value)?.value ?? grant.value)
        }
        options={grantOptions}
        readOnly={readOnly}
      />
      <ChoiceField
        label="Client authentication"
        hint={
          authentication.value === 'private_key_jwt'
            ? 'Nothing secret is sent: a signature of a key under Certificates proves who asks.'
            : 'How the secret is sent to the token address.'
        }
        {...authentication}
        onChange={(value) =>
          authentication.onChange(
            authenticationOptions.find((option) => option.value === value)?.value ?? authentication.value,
          )
        }
        options={authenticationOptions}
        readOnly={readOnly}
      />
      {signs ? (
        <ChoiceField
          label="Assertions are for"
          hint="Whom what is signed is addressed to. The Token URL, unless the provider asks for its Issuer."
          {...audience}
          onChange={(value) => audience.onChange(value === 'issuer' ? 'issuer' : 'token_url')}
          options={optionsOf(assertionAudienceWords)}
          readOnly={readOnly}
        />
      ) : null}
      <ChoiceField
        label="Accessible from"
        {...accessible}
        onChange={(value) =>
          accessible.onChange(value === 'this_application_scope_only' ? value : 'all_application_scopes')
        }
        options={optionsOf(accessibleFromWords)}
        readOnly={readOnly}
      />
    </>
  )
}

function lifespan(seconds: number | null): string {
  return seconds === null ? '' : spanOf(seconds * 1000)
}
