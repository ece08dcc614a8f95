import type { Account } from './account-match.ts'
import type { GrantType } from './contract.ts'
import { knownByAddress, ownsAddress } from './entra-provider.ts'
import { openIdProvider } from './open-id-provider.ts'
import type { Probe } from './probe.ts'

/** Where an OAuth app sends people and secrets. */
export type ProviderAddresses = { issuer: string; authorization_url: string; token_url: string }

/** Something that an administrator must change on a form before it can work. */
export type Incomplete = { field: string; say: string }

/** OpenID Connect discovery, as far as it is used (OpenID Connect Discovery 1.0 section 3). */
export type DiscoveryDocument = {
  issuer: string
  jwks_uri: string
  token_endpoint: string
  authorization_endpoint?: string | undefined
  revocation_endpoint?: string | undefined
}

/** What differs between one sign-in service and another. The general path asks this, and knows none by name. */
export type Provider = {
  /** As sentences call it. */
  name: string
  /** What is wrong with the addresses, or missing among them, for this grant. `hosts`: those that the operator names. */
  addressProblem: (
    app: ProviderAddresses,
    about: { grantType: GrantType; hosts: readonly string[] },
  ) => Incomplete | null
  /** Why it does not offer this grant, or null. */
  grantProblem: (grantType: GrantType) => string | null
  discoveryUrl: (app: ProviderAddresses) => string
  /** The directory whose accounts this issuer vouches for, or null when the document is not to be believed. */
  directoryOf: (document: DiscoveryDocument, app: ProviderAddresses) => string | null
  /** The issuer to hold an id token to that names this directory. */
  issuerFor: (issuer: string, directory: string) => string | null
  /** Who signed in, from a verified id token. */
  accountOf: (claims: Readonly<Record<string, unknown>>) => Account | null
  /** Addresses of that account that are proven to be its own. */
  addressesOf: (account: Account, probe: Probe | null) => readonly string[]
  /** Asked beside a profile's scopes, so that the account can be verified. */
  identityScopes: readonly string[]
  idTokenAlgorithms: readonly string[]
  /** Are its people the people who sign in to Anteroom itself, known by the same ids? */
  knowsOurPeople: boolean
  /** Is there a live call that proves a token, at the API that its tokens are for? */
  hasProbe: boolean
  /** How long it is known to keep a refresh token that nobody uses, in milliseconds; null when only the OAuth app's record says it. */
  refreshTokenIdleMs: number | null
  /** Where its tokens are used when no connection says it. */
  apiUrl: string | null
}

/** The provider that an OAuth app's addresses belong to. */
export function providerOf(app: ProviderAddresses): Provider {
  return ownsAddress(app.token_url) || (app.token_url === '' && app.issuer === '')
    ? knownByAddress
    : openIdProvider(app)
}
