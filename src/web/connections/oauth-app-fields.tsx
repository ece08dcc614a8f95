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
import { accessibleFromWords, clientAuthenticationWords, grantTypeWords, optionsOf } from './words.ts'

type OAuthAppFieldsProps = {
  form: RecordForm<OAuthAppValues>
  hasClientSecret: boolean
  /** Null until the record is made. */
  redirectUrl: string | null
  application: string
  readOnly: boolean
}

/** The fields of the Third-party OAuth Provider form. */
export function OAuthAppFields({ form, hasClientSecret, redirectUrl, application, readOnly }: OAuthAppFieldsProps) {
  const { field } = form
  const shared = { form, readOnly }
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <ReadOnlyField label="Application">{application}</ReadOnlyField>
      <TextField label="Client ID" mono {...field('clientId')} readOnly={readOnly} />
      <SecretField label="Client Secret" stored={hasClientSecret} {...field('clientSecret')} readOnly={readOnly} />
      <TextField
        label="Client Secret expires on"
        placeholder="2027-11-30"
        hint="As the provider says it. You are warned 60, 30, 7 and 1 days before."
        {...field('clientSecretExpiresOn')}
        readOnly={readOnly}
      />
      <Choices {...shared} />
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

function Choices({ form, readOnly }: { form: RecordForm<OAuthAppValues>; readOnly: boolean }) {
  const grant = form.field('defaultGrantType')
  const authentication = form.field('clientAuthentication')
  const accessible = form.field('accessibleFrom')
  return (
    <>
      <ChoiceField
        label="Default Grant type"
        {...grant}
        onChange={(value) => grant.onChange(value === 'client_credentials' ? value : 'authorization_code')}
        options={optionsOf(grantTypeWords)}
        readOnly={readOnly}
      />
      <ChoiceField
        label="Client authentication"
        hint="How the secret is sent to the token address."
        {...authentication}
        onChange={(value) => authentication.onChange(value === 'client_secret_basic' ? value : 'client_secret_post')}
        options={optionsOf(clientAuthenticationWords)}
        readOnly={readOnly}
      />
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
