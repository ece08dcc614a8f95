import { Refusal } from '#kit/refusal.ts'
import type { Secret } from '#kit/secret.ts'
import type { Account } from './account-match.ts'
import type { ConnectionsDeps } from './deps.ts'
import { discover } from './discover.ts'
import { refused } from './errors.ts'
import { scopesFor } from './grant.ts'
import type { GrantSetup } from './grant-setup.ts'
import type { OAuthClient } from './oauth-client.ts'
import { askAsApplication, askWithAssertion, askWithPassword, type TokenAnswer } from './oauth-protocol.ts'
import type { Probe } from './probe.ts'
import { providerOf } from './provider.ts'
import { appDestination, credentialSecretBinding } from './sealing.ts'

/** Scopes that are asked for with a grant at which nobody signs in. Somebody's password is also asked whose it is. */
export function directScopes({ profile, app }: GrantSetup): string[] {
  const identity = profile.grantType === 'password' ? providerOf(app).identityScopes : []
  return [...new Set([...scopesFor(profile.grantType, profile.scopes), ...identity])]
}

/** Asks for a token with what is stored, without anybody at a page. It is renewed by asking again; a refresh token that comes along is not kept. */
export async function askDirectly(deps: ConnectionsDeps, setup: GrantSetup, client: OAuthClient): Promise<TokenAnswer> {
  const answer = await ask(deps, setup, client)
  return answer.is === 'tokens' ? { is: 'tokens', tokens: { ...answer.tokens, refreshToken: null } } : answer
}

/**
 * Whose token a password brought. The user name is what we sent; who that is, the provider's own API says where it can be asked.
 * Null where the token is the application's, or nobody could be asked.
 */
export async function accountOfDirectToken(
  { seams }: ConnectionsDeps,
  { app, profile }: GrantSetup,
  probe: Probe | null,
): Promise<Account | null> {
  if (profile.grantType !== 'password' || probe?.objectId == null || !probe.ok) return null
  const { tenantId } = await discover(seams, app)
  const [email = ''] = probe.addresses
  return { tenantId, objectId: probe.objectId, name: probe.name ?? email, email }
}

/** What is missing on the credential itself before it can be asked with, or null. */
export function directlyIncompleteBecause({ credential, app, profile }: Omit<GrantSetup, 'apiUrl' | 'proofs'>) {
  if (profile.grantType === 'jwt_bearer') return credential.username ? null : sayNoSubject
  if (profile.grantType !== 'password') return null
  if (!credential.username) return sayNoUsername
  if (credential.secret === null) return sayNoPassword
  return credential.destination === appDestination(app) ? null : sayOtherApp
}

async function ask(deps: ConnectionsDeps, setup: GrantSetup, client: OAuthClient): Promise<TokenAnswer> {
  const { grantType } = setup.profile
  const scopes = directScopes(setup)
  if (grantType === 'password') {
    const { username, password } = passwordOf(deps, setup)
    return askWithPassword(deps.seams, client, { username, password, scopes })
  }
  if (grantType === 'jwt_bearer') return askWithAssertion(deps.seams, client, { subject: subjectOf(setup), scopes })
  return askAsApplication(deps.seams, client, scopes)
}

function passwordOf({ vault }: ConnectionsDeps, setup: GrantSetup): { username: string; password: Secret } {
  const { credential, app } = setup
  const missing = directlyIncompleteBecause(setup)
  if (missing !== null || credential.username === null || credential.secret === null) {
    throw refused('connections.value_missing', { say: missing ?? sayNoPassword })
  }
  try {
    const binding = credentialSecretBinding(credential, appDestination(app))
    return { username: credential.username, password: vault.open(credential.secret, binding) }
  } catch (problem) {
    if (problem instanceof Refusal && problem.code === 'vault.auth')
      throw refused('connections.value_missing', { say: sayOtherApp, cause: problem })
    throw problem
  }
}

function subjectOf(setup: GrantSetup): string {
  const missing = directlyIncompleteBecause(setup)
  if (missing !== null || setup.credential.username === null)
    throw refused('connections.value_missing', { say: missing ?? sayNoSubject })
  return setup.credential.username
}

const sayNoSubject = 'Enter whom the token is for (Subject) and save.'
const sayNoUsername = 'Enter the user name and save.'
const sayNoPassword = 'Enter the password and save.'
const sayOtherApp =
  'The password was entered for another Token URL or client ID, and is not sent to this one. Enter it again and save.'
