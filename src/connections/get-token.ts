import { createHash } from 'node:crypto'
import type { Actor } from '#http/actor.ts'
import { type Secret, sha256 } from '#kit/secret.ts'
import { ownPath } from '#people/own-path.ts'
import { insertAuthorization } from './authorization-queries.ts'
import { clientFor } from './client-for.ts'
import type { ConnectionsDeps } from './deps.ts'
import { accountOfDirectToken, askDirectly, directScopes } from './direct-grant.ts'
import { discover } from './discover.ts'
import { pickerParameters } from './entra.ts'
import { refused } from './errors.ts'
import { signsInSomebody } from './grant.ts'
import { type GrantSetup, readGrantSetup, redirectUri } from './grant-setup.ts'
import type { OAuthClient } from './oauth-client.ts'
import { probeToken } from './probe.ts'
import { providerOf } from './provider.ts'
import { storeToken } from './store-token.ts'
import { tellWaiting } from './tell-waiting.ts'
import { transactionSecrets } from './transaction-secrets.ts'

export type StartOptions = { returnTo: string; openedIn: 'page' | 'popup'; chooseAnotherAccount: boolean }

/** Who presses the button, in which browser. */
export type Starter = { actor: Actor; browser: Secret; requestId: string }

export type Started = { authorizationId: string | null; url: string | null }

/** How long a started sign-in may take. Microsoft's own codes live as long. */
export const authorizationMs = 10 * 60 * 1000

/**
 * Get OAuth Token on a System credential: the address to send the browser to, or nothing where nobody signs in (client credentials, a stored
 * password, an assertion), and the token is then stored already.
 */
export async function getToken(
  deps: ConnectionsDeps,
  credentialId: string,
  starter: Starter,
  options: StartOptions,
): Promise<Started> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type === 'personal') throw refused('connections.credential_is_personal')
  const client = clientFor(deps, setup)
  if (!signsInSomebody(setup.profile.grantType)) return getDirectToken(deps, { setup, client, starter })
  const { expected_account: expected } = setup.credential
  if (expected === null)
    throw refused('connections.expected_account_missing', { fields: { expectedAccount: sayExpectedMissing } })
  return startSignIn(deps, { setup, purpose: 'system', expectedName: expected, hint: expected, starter, options })
}

/** Authorise or Renew on a Personal credential: always as oneself. */
export async function authorisePersonal(
  deps: ConnectionsDeps,
  credentialId: string,
  starter: Starter,
  options: StartOptions,
): Promise<Started> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type !== 'personal' || !setup.credential.active)
    throw refused('connections.credential_not_found')
  if (!signsInSomebody(setup.profile.grantType)) throw refused('connections.grant_not_personal')
  if (providerOf(setup.app).knowsOurPeople && starter.actor.microsoft === null)
    throw refused('connections.no_microsoft_account')
  clientFor(deps, setup)
  const { displayName, email } = starter.actor
  const expectedName = `${displayName} (${email})`
  return startSignIn(deps, { setup, purpose: 'personal', expectedName, hint: email, starter, options })
}

type SignIn = {
  setup: GrantSetup
  purpose: 'system' | 'personal'
  expectedName: string
  hint: string
  starter: Starter
  options: StartOptions
}

async function startSignIn(deps: ConnectionsDeps, signIn: SignIn): Promise<Started> {
  const { setup, starter, options } = signIn
  const { sessionId } = starter.actor
  if (sessionId === null) throw refused('connections.browser_needed')
  const { issuer } = await discover(deps.seams, setup.app)
  const id = deps.seams.newId()
  const { state, nonce, verifier } = transactionSecrets(starter.browser, id)
  const scopes = scopesToAsk(setup)
  const now = deps.seams.now()
  await insertAuthorization(deps.db, {
    id,
    state_hash: sha256(state.open('compare')),
    context: setup.app.redirect_context,
    credential_id: setup.credential.id,
    oauth_app_id: setup.app.id,
    user_id: starter.actor.userId,
    session_id: sessionId,
    purpose: signIn.purpose,
    issuer,
    authorization_url: setup.app.authorization_url,
    token_url: setup.app.token_url,
    client_id: setup.app.client_id,
    scopes,
    return_to: ownPath(options.returnTo, deps.publicUrl),
    opened_in: options.openedIn,
    created_at: now,
    expires_at: new Date(now.getTime() + authorizationMs),
    expected_name: signIn.expectedName,
  })
  const hint = options.chooseAnotherAccount ? null : signIn.hint
  const url = authorizationUrl(deps, setup, { scopes, hint, state, nonce, verifier })
  return { authorizationId: id, url: deps.standIns.resolve(url) }
}

/** The profile's scopes, and what is needed to know for certain who signed in. */
function scopesToAsk({ profile, app }: GrantSetup): string[] {
  return [...new Set([...profile.scopes, ...providerOf(app).identityScopes])]
}

/** RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core section 3.1.2.1. */
function authorizationUrl(
  deps: ConnectionsDeps,
  { app }: GrantSetup,
  ask: { scopes: string[]; hint: string | null; state: Secret; nonce: Secret; verifier: Secret },
): string {
  const url = new URL(app.authorization_url)
  const parameters = {
    client_id: app.client_id,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri(deps.publicUrl, app),
    scope: ask.scopes.join(' '),
    state: ask.state.open('exchange'),
    nonce: ask.nonce.open('exchange'),
    code_challenge: createHash('sha256').update(ask.verifier.open('exchange')).digest('base64url'),
    code_challenge_method: 'S256',
    ...pickerParameters(ask.hint),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

async function getDirectToken(
  deps: ConnectionsDeps,
  { setup, client, starter }: { setup: GrantSetup; client: OAuthClient; starter: Starter },
): Promise<Started> {
  const answer = await askDirectly(deps, setup, client)
  if (answer.is === 'refused') throw refused(answer.refusal.code, { say: answer.refusal.say })
  const { tokens } = answer
  const probe = await probeToken(deps.seams, setup, tokens.accessToken)
  const owner = { credentialId: setup.credential.id, userId: null }
  await storeToken(deps, {
    setup,
    owner,
    tokens,
    account: await accountOfDirectToken(deps, setup, probe),
    scopesAsked: directScopes(setup),
    probe,
    by: starter.actor,
    requestId: starter.requestId,
  })
  await tellWaiting(deps, owner)
  deps.publish({ topic: 'connection', id: setup.credential.id, userId: null })
  return { authorizationId: null, url: null }
}

const sayExpectedMissing = 'Enter the delegated user’s e-mail and save, then press Get OAuth Token.'
