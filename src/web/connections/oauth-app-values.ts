import type { OAuthApp } from '#connections/oauth-app.contract.ts'

export type OAuthAppValues = {
  name: string
  clientId: string
  /** Written, never read: empty keeps the stored one. */
  clientSecret: string
  /** YYYY-MM-DD, or empty when it is not known. */
  clientSecretExpiresOn: string
  clientAuthentication: OAuthApp['clientAuthentication']
  assertionAudience: OAuthApp['assertionAudience']
  issuer: string
  defaultGrantType: OAuthApp['defaultGrantType']
  authorizationUrl: string
  tokenUrl: string
  tokenRevocationUrl: string
  refreshTokenLifespanSeconds: number | null
  accessTokenLifespanSeconds: number | null
  logoUrl: string
  comments: string
  accessibleFrom: OAuthApp['accessibleFrom']
  active: boolean
}

/** What a new record starts with. The lifespans are those the provider is assumed to keep until it says otherwise. */
export const newOAuthApp: OAuthAppValues = {
  name: '',
  clientId: '',
  clientSecret: '',
  clientSecretExpiresOn: '',
  clientAuthentication: 'client_secret_post',
  assertionAudience: 'token_url',
  issuer: '',
  defaultGrantType: 'authorization_code',
  authorizationUrl: '',
  tokenUrl: '',
  tokenRevocationUrl: '',
  refreshTokenLifespanSeconds: 8_640_000,
  accessTokenLifespanSeconds: 1_800,
  logoUrl: '',
  comments: '',
  accessibleFrom: 'all_application_scopes',
  active: true,
}

export function valuesOf(app: OAuthApp): OAuthAppValues {
  return {
    name: app.name,
    clientId: app.clientId,
    clientSecret: '',
    clientSecretExpiresOn: app.clientSecretExpiresOn ?? '',
    clientAuthentication: app.clientAuthentication,
    assertionAudience: app.assertionAudience,
    issuer: app.issuer,
    defaultGrantType: app.defaultGrantType,
    authorizationUrl: app.authorizationUrl,
    tokenUrl: app.tokenUrl,
    tokenRevocationUrl: app.tokenRevocationUrl,
    refreshTokenLifespanSeconds: app.refreshTokenLifespanSeconds,
    accessTokenLifespanSeconds: app.accessTokenLifespanSeconds,
    logoUrl: app.logoUrl,
    comments: app.comments,
    accessibleFrom: app.accessibleFrom,
    active: app.active,
  }
}

/** The body of a write: an empty number is not sent, an empty secret keeps the stored one, and an empty day takes it away. */
export function bodyOf(values: Partial<OAuthAppValues>) {
  const { refreshTokenLifespanSeconds: refresh, accessTokenLifespanSeconds: access, ...others } = values
  const { clientSecret, clientSecretExpiresOn: expiresOn, ...rest } = others
  return {
    ...rest,
    ...(clientSecret ? { clientSecret } : {}),
    ...(expiresOn === undefined ? {} : { clientSecretExpiresOn: expiresOn === '' ? null : expiresOn }),
    ...(typeof refresh === 'number' ? { refreshTokenLifespanSeconds: refresh } : {}),
    ...(typeof access === 'number' ? { accessTokenLifespanSeconds: access } : {}),
  }
}
