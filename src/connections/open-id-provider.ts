import type { GrantType } from './contract.ts'
import type { Incomplete, Provider, ProviderAddresses } from './provider.ts'

/**
 * Any other provider: OpenID Connect where it names an issuer, plain OAuth 2.0 where it does not. Its hosts must be among those that the
 * operator named, because client secrets, passwords and refresh tokens are sent there. What cannot be verified is not offered: without an
 * issuer nobody proves who signed in.
 */
export function openIdProvider(app: ProviderAddresses): Provider {
  const name = URL.parse(app.token_url)?.host ?? URL.parse(app.issuer)?.host ?? 'The provider'
  return {
    name,
    addressProblem: (addresses, { grantType, hosts }) => addressProblem(addresses, grantType, hosts),
    grantProblem: () => null,
    discoveryUrl: ({ issuer }) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    directoryOf: (document, addresses) =>
      document.issuer === addresses.issuer &&
      document.token_endpoint === addresses.token_url &&
      isSafe(document.jwks_uri) &&
      (addresses.authorization_url === '' || document.authorization_endpoint === addresses.authorization_url)
        ? document.issuer
        : null,
    issuerFor: (issuer) => issuer,
    accountOf: ({ iss, sub, name: displayName, email, email_verified: verified }) => {
      if (typeof iss !== 'string' || typeof sub !== 'string') return null
      const proven = typeof email === 'string' && verified === true ? email : ''
      return {
        tenantId: iss,
        objectId: sub,
        email: proven,
        name: typeof displayName === 'string' ? displayName : proven || sub,
      }
    },
    addressesOf: ({ email }) => (email === '' ? [] : [email]),
    identityScopes: ['openid', 'profile', 'email'],
    idTokenAlgorithms: ['RS256', 'PS256', 'ES256'],
    knowsOurPeople: false,
    hasProbe: false,
    refreshTokenIdleMs: null,
    apiUrl: null,
  }
}

function addressProblem(app: ProviderAddresses, grantType: GrantType, hosts: readonly string[]): Incomplete | null {
  const token = hostProblem(app.token_url, hosts)
  if (token !== null) return { field: 'tokenUrl', say: `The Token URL ${token}.` }
  const issuer = app.issuer === '' ? null : hostProblem(app.issuer, hosts)
  if (issuer !== null) return { field: 'issuer', say: `The Issuer ${issuer}.` }
  if (grantType !== 'authorization_code') return null
  if (app.issuer === '') return { field: 'issuer', say: sayNoIssuer }
  const authorization = hostProblem(app.authorization_url, hosts)
  return authorization === null ? null : { field: 'authorizationUrl', say: `The Authorization URL ${authorization}.` }
}

/** Why nothing secret may be sent there, and nobody sent to sign in, or null. */
export function hostProblem(address: string, hosts: readonly string[]): string | null {
  if (address === '') return 'is empty'
  const url = URL.parse(address)
  if (url === null || !isSafe(address)) return 'must be an https address without a name, a password or a #'
  if (hosts.includes(url.host)) return null
  return `is at ${url.host}, which is no sign-in service we know. The operator names others in ANTEROOM_ALLOWED_HOSTS`
}

function isSafe(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
}

const sayNoIssuer =
  'Authorization Code needs the Issuer: only an id token of it proves who signed in. A provider without OpenID Connect can be used with another grant type.'
