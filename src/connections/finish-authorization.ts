import { recordAudit } from '#audit/audit.ts'
import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import { type Secret, sameSecret, sha256 } from '#kit/secret.ts'
import { type Account, type ExpectedAccount, matchAccount, nameOfAccount, sayWrongAccount } from './account-match.ts'
import { type AuthorizationRecord, noteOutcome, spendState } from './authorization-queries.ts'
import { clientFor } from './client-for.ts'
import type { ConnectionsDeps } from './deps.ts'
import { discover } from './discover.ts'
import { kindOfProblem } from './entra.ts'
import { type ConnectionErrorCode, connectionErrors } from './errors.ts'
import { type GrantSetup, readGrantSetup, redirectUri } from './grant-setup.ts'
import { exchangeCode, type TokenSet } from './oauth-protocol.ts'
import { type Probe, probeToken } from './probe.ts'
import { providerOf } from './provider.ts'
import { storeToken } from './store-token.ts'
import { tellWaiting } from './tell-waiting.ts'
import { readToken } from './token-queries.ts'
import { transactionSecrets } from './transaction-secrets.ts'

/** What came back to `/oauth/callback/CONTEXT`, and from whom. */
export type Callback = {
  context: string
  query: URLSearchParams
  actor: Actor | null
  browser: Secret | null
  requestId: string
}

/** `shown`: the page of that sign-in tells its outcome. `refused`: it belongs to no sign-in of this browser, so only a plain page may answer. */
export type Finished = { is: 'shown'; authorizationId: string } | { is: 'refused'; code: ConnectionErrorCode }

/**
 * The way back from the provider's page (RFC 6749 section 4.1.2). The state is spent before anything is believed; the code is only
 * exchanged for the browser, session and user that started, and a token is only stored for the account that was expected.
 */
export async function finishAuthorization(deps: ConnectionsDeps, callback: Callback): Promise<Finished> {
  const state = callback.query.get('state')
  if (state === null || hasRepeated(callback.query)) return { is: 'refused', code: 'connections.callback_refused' }
  const started = await spendState(deps.db, sha256(state), deps.seams.now())
  if (started === undefined) return { is: 'refused', code: 'connections.callback_refused' }

  const stranger = strangerBecause(started, callback, state)
  if (stranger !== null) {
    await refuse(deps, { started, callback, code: stranger })
    return { is: 'refused', code: stranger }
  }
  try {
    await complete(deps, started, callback)
  } catch (problem) {
    await refuse(deps, { started, callback, ...told(deps, callback, problem) })
  }
  const userId = started.purpose === 'personal' ? started.user_id : null
  deps.publish({ topic: 'connection', id: started.credential_id, userId })
  return { is: 'shown', authorizationId: started.id }
}

type Refused = {
  started: AuthorizationRecord
  callback: Callback
  code: string
  say?: string
  actualName?: string
}

/** Why this callback is not the one that the sign-in was started for, or null (draft-ietf-oauth-security-topics-update: COAT, session fixation). */
function strangerBecause(
  started: AuthorizationRecord,
  { context, actor, browser }: Callback,
  state: string,
): ConnectionErrorCode | null {
  if (started.context !== context) return 'connections.callback_refused'
  if (browser === null || actor === null) return 'connections.other_browser'
  const own = transactionSecrets(browser, started.id).state
  const same = actor.userId === started.user_id && actor.sessionId === started.session_id
  return same && sameSecret(own.open('compare'), state) ? null : 'connections.other_browser'
}

/** A refusal is told in its own words. Anything else is our fault: the log has it, and the person's page says to start again. */
function told({ log }: ConnectionsDeps, { requestId }: Callback, problem: unknown): { code: string; say?: string } {
  if (problem instanceof Refusal) return { code: problem.code, say: problem.message }
  const error = problem instanceof Error ? { name: problem.name, message: problem.message, stack: problem.stack } : {}
  log.error({ requestId, error }, 'a sign-in could not be finished')
  return { code: 'connections.sign_in_not_finished' }
}

async function complete(deps: ConnectionsDeps, started: AuthorizationRecord, callback: Callback): Promise<void> {
  const problem = problemIn(started, callback.query, deps.seams.now())
  if (problem !== null) return refuse(deps, { started, callback, ...problem })

  const setup = await readGrantSetup(deps.db, started.credential_id)
  if (!sameDestination(started, setup)) {
    return refuse(deps, { started, callback, code: 'connections.callback_refused', say: sayChanged })
  }
  const answer = await exchange(deps, { started, setup, callback })
  if (answer.is === 'refused') {
    const { code, say } = answer.refusal
    return refuse(deps, {
      started,
      callback,
      code: code === 'connections.refresh_refused' ? 'connections.provider_refused' : code,
      say,
    })
  }
  const { tokens, account, tenantId } = answer
  const probe = await probeToken(deps.seams, setup, tokens.accessToken)
  const expected = await expectedFor(deps, { setup, callback, tenantId })
  const wrong = wrongBecause(expected, { account, addresses: providerOf(setup.app).addressesOf(account, probe) })
  if (wrong !== null) {
    const actualName = nameOfAccount(account)
    const say =
      wrong === 'connections.wrong_account'
        ? sayWrongAccount(started.expected_name ?? '', actualName)
        : `${connectionErrors[wrong].say} ${probe?.say ?? ''}`.trim()
    return refuse(deps, { started, callback, code: wrong, say, actualName })
  }
  await keep(deps, { started, setup, tokens, account, probe, callback })
}

async function exchange(
  deps: ConnectionsDeps,
  { started, setup, callback }: { started: AuthorizationRecord; setup: GrantSetup; callback: Callback },
) {
  const client = clientFor(deps, setup)
  const discovered = await discover(deps.seams, setup.app)
  if (discovered.issuer !== started.issuer || callback.browser === null) throw changed()
  const { verifier, nonce } = transactionSecrets(callback.browser, started.id)
  const answer = await exchangeCode(deps.seams, client, {
    discovered,
    code: callback.query.get('code') ?? '',
    redirectUri: redirectUri(deps.publicUrl, setup.app),
    verifier,
    nonce,
  })
  if (answer.is === 'refused') return { is: 'refused' as const, refusal: answer.refusal }
  const { account } = answer.tokens
  if (account === null) throw new Error('exchangeCode returned tokens of a code without a verified account')
  return { is: 'tokens' as const, tokens: answer.tokens, account, tenantId: discovered.tenantId }
}

async function keep(
  deps: ConnectionsDeps,
  kept: {
    started: AuthorizationRecord
    setup: GrantSetup
    tokens: TokenSet
    account: Account
    probe: Probe | null
    callback: Callback
  },
): Promise<void> {
  const { started, setup, tokens, account, probe, callback } = kept
  const by = { userId: started.user_id, displayName: callback.actor?.displayName ?? '' }
  const userId = started.purpose === 'personal' ? started.user_id : null
  const owner = { credentialId: started.credential_id, userId }
  const token = { setup, owner, tokens, account, probe, by, scopesAsked: started.scopes, requestId: callback.requestId }
  const actualName = nameOfAccount(account)
  await storeToken(deps, token, (trx) =>
    noteOutcome(trx, started.id, {
      outcome: 'stored',
      code: null,
      say: sayStored(setup, actualName, probe),
      actualName,
    }),
  )
  await tellWaiting(deps, owner)
}

/** Writes down that nothing was stored, and why. */
async function refuse(deps: ConnectionsDeps, { started, callback, code, say, actualName }: Refused): Promise<void> {
  const sentence = say ?? connectionErrors[code as ConnectionErrorCode]?.say ?? null
  await noteOutcome(deps.db, started.id, { outcome: 'refused', code, say: sentence, actualName: actualName ?? null })
  await recordAudit(deps.db, {
    actorId: callback.actor?.userId ?? null,
    actorName: callback.actor?.displayName ?? 'somebody who is not signed in',
    action: 'connections.refuse_sign_in',
    subject: { kind: 'credential', id: started.credential_id, name: started.expected_name ?? '' },
    details: { code, authorization: started.id, expected: started.expected_name, actual: actualName ?? null },
    requestId: callback.requestId,
  })
}

const oauthParameters = ['state', 'code', 'error', 'error_description', 'iss', 'session_state', 'admin_consent']

/** RFC 6749 section 3.1: parameters must not be repeated, or two readers could see two different answers. */
function hasRepeated(query: URLSearchParams): boolean {
  return oauthParameters.some((name) => query.getAll(name).length > 1)
}

/** What the answer itself says against going on. Texts of the answer are never repeated: anybody can write them into an address. */
function problemIn(
  started: AuthorizationRecord,
  query: URLSearchParams,
  now: Date,
): { code: ConnectionErrorCode; say?: string } | null {
  if (now > started.expires_at) return { code: 'connections.authorization_expired' }
  const issuer = query.get('iss')
  if (issuer !== null && issuer !== started.issuer) return { code: 'connections.callback_refused' }
  const error = query.get('error')
  if (error !== null) return problemOfError(error)
  return query.get('code') ? null : { code: 'connections.callback_refused' }
}

function problemOfError(error: string): { code: ConnectionErrorCode; say?: string } {
  const kind = kindOfProblem({ error })
  if (kind === 'denied' || kind === 'person_needed') return { code: 'connections.sign_in_denied' }
  return { code: kind === 'passing' ? 'connections.provider_trouble' : 'connections.provider_refused' }
}

function sameDestination(started: AuthorizationRecord, { app }: GrantSetup): boolean {
  return started.oauth_app_id === app.id && started.token_url === app.token_url && started.client_id === app.client_id
}

/**
 * Personal: the person who is signed in here; where the provider knows our people by other ids, the account that was accepted before, or the
 * first time their address. System: the pinned mailbox, or on first use its address, inside the app's own tenant.
 */
async function expectedFor(
  { db }: ConnectionsDeps,
  { setup, callback, tenantId }: { setup: GrantSetup; callback: Callback; tenantId: string },
): Promise<ExpectedAccount | null> {
  const { credential, app } = setup
  const { actor } = callback
  if (credential.integration_type === 'personal') {
    if (actor === null) return null
    const person = providerOf(app).knowsOurPeople
      ? actor.microsoft
      : await acceptedBefore(db, credential.id, actor.userId)
    if (person !== null) return { by: 'identity', ...person, name: actor.displayName }
    return providerOf(app).knowsOurPeople ? null : { by: 'address', tenantId, address: actor.email }
  }
  const { expected_account: address, expected_tenant_id: tenant, expected_object_id: objectId } = credential
  if (address === null) return null
  if (tenant !== null && objectId !== null) return { by: 'identity', tenantId: tenant, objectId, name: address }
  return { by: 'address', tenantId, address }
}

async function acceptedBefore(db: ConnectionsDeps['db'], credentialId: string, userId: string) {
  const token = await readToken(db, { credentialId, userId })
  const { account_tenant_id: tenantId = null, account_object_id: objectId = null } = token ?? {}
  return tenantId === null || objectId === null ? null : { tenantId, objectId }
}

/** An address is only believed when it is proven to be that account's own. */
function wrongBecause(
  expected: ExpectedAccount | null,
  { account, addresses }: { account: Account; addresses: readonly string[] },
): ConnectionErrorCode | null {
  if (expected === null) return 'connections.wrong_account'
  const match = matchAccount(expected, account, addresses)
  if (match.is === 'right') return null
  return match.because === 'address_not_confirmed' ? 'connections.probe_failed' : 'connections.wrong_account'
}

function changed(): Refusal {
  return new Refusal('connections.callback_refused', 400, sayChanged)
}

const sayChanged = 'The OAuth app was changed while you were signing in. Nothing was stored. Start again.'

function sayStored({ credential }: GrantSetup, actualName: string, probe: Probe | null): string {
  return `${credential.name} now holds the token of ${actualName}. ${probe?.say ?? ''}`.trim()
}
