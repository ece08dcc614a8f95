import {
  accountOfClaims,
  addressProblem,
  apiHosts,
  defaultApiUrl,
  discoveryUrlOf,
  identityScopes,
  issuerForTenant,
  loginHosts,
  providerName,
  refreshTokenIdleMs,
  tenantOfIssuer,
} from './entra.ts'
import type { Provider } from './provider.ts'

/** Does this address belong to one of the provider's own sign-in hosts? */
export function ownsAddress(tokenUrl: string): boolean {
  return loginHosts.includes(URL.parse(tokenUrl)?.host ?? '')
}

/** The one provider whose addresses, claims and API are known, so that nothing has to be configured about them. */
export const knownByAddress: Provider = {
  name: providerName,
  addressProblem: ({ authorization_url: authorizationUrl, token_url: tokenUrl }, { grantType }) =>
    addressProblem({ authorizationUrl, tokenUrl }, { signsInSomebody: grantType === 'authorization_code' }),
  grantProblem: (grantType) => (grantType === 'jwt_bearer' ? sayNoAssertions : null),
  discoveryUrl: (app) => discoveryUrlOf(app.token_url),
  directoryOf: ({ issuer, jwks_uri: keys, token_endpoint: endpoint }, app) => {
    const origin = new URL(app.token_url).origin
    return new URL(keys).origin === origin && new URL(endpoint).origin === origin ? tenantOfIssuer(issuer) : null
  },
  issuerFor: issuerForTenant,
  accountOf: accountOfClaims,
  // The directory itself is asked; a user name in a token is only a name.
  addressesOf: (account, probe) => (probe?.objectId === account.objectId ? probe.addresses : []),
  identityScopes,
  idTokenAlgorithms: ['RS256'],
  knowsOurPeople: true,
  hasProbe: true,
  refreshTokenIdleMs,
  apiUrl: defaultApiUrl,
}

const sayNoAssertions = `${providerName} takes JWT bearer only on behalf of somebody who is signed in, not for an assertion of one’s own. Use Client Credentials with a certificate.`

/** Does this app speak to the provider's own API, so that its live calls prove anything there? */
export function isOwnApi(apiUrl: string): boolean {
  return apiHosts.includes(URL.parse(apiUrl)?.host ?? '')
}
