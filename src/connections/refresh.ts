import { Refusal } from '#kit/refusal.ts'
import type { Secret } from '#kit/secret.ts'
import { clientFor } from './client-for.ts'
import type { ConnectionsDeps } from './deps.ts'
import { askDirectly } from './direct-grant.ts'
import { grantedScopes, refreshTokenIdleMs } from './entra.ts'
import { type ConnectionErrorCode, refused } from './errors.ts'
import { signsInSomebody } from './grant.ts'
import type { GrantSetup } from './grant-setup.ts'
import { tokenCallTimeoutMs } from './oauth-client.ts'
import { askForRefresh, type TokenAnswer, type TokenSet } from './oauth-protocol.ts'
import { renewAheadMs } from './refresh-schedule.ts'
import { accessTokenBinding, refreshTokenBinding, requireOpenVault, sealTokens } from './sealing.ts'
import {
  commitRefresh,
  endRefused,
  giveUpRefresh,
  type Lease,
  readToken,
  readTokenById,
  readWaitedFor,
  type TokenOwner,
  type TokenRecord,
  takeRefreshLease,
} from './token-queries.ts'
import type { TokenRefusal } from './token-refusal.ts'

/** A token that may be sent now, and the version it belongs to (for saying which one a server refused). */
export type FreshToken = { accessToken: Secret; token: TokenRecord }

/** The call has ended before its lease has, so that two calls are never under way for one token. */
const refreshTimes = { callMs: tokenCallTimeoutMs, leaseMs: 30_000 }

/** How long a reader waits for somebody else's refresh beyond its lease: for the commit after the call. */
const waitBeyondLeaseMs = 2_000
/** Readers look again after a moment that grows: a storm of them must not be the load that slows the refresh they wait for. */
const waitSteps = { firstMs: 30, growth: 1.6, maxMs: 500 }

/** After a failure nobody asks again for so long; a wrong client secret is not mended within seconds. */
const pauseMs = { passing: 2_000, settled: 30_000 }

/**
 * A token of this owner that is good for a call: the stored one as long as it lasts, else a renewed one.
 *
 * However many processes want it, one of them asks the token endpoint: the lease is a row with a fence, taken for one version of the
 * token, and the result is committed only if neither changed meanwhile. Nobody holds a transaction during the call, and a reader whose
 * token is still good never waits.
 *
 * @param options.refusedVersion a version whose token a server just answered with 401: it is renewed although it should still be good
 * @throws `connections.sign_in_needed` (a person must sign in), `connections.provider_trouble` and the like (try again later),
 * `connections.client_refused` (an administrator must act), `connections.vault_sealed`, `connections.destination_changed`
 */
export async function freshToken(
  deps: ConnectionsDeps,
  setup: GrantSetup,
  owner: TokenOwner,
  options: { refusedVersion?: number } = {},
): Promise<FreshToken> {
  requireOpenVault(deps.vault)
  const read = () => readToken(deps.db, owner)
  const token = await (deps.memory === undefined ? read() : deps.memory.token(owner, read))
  if (token === undefined || token.state !== 'ready') throw signInNeeded(setup, token)
  const remainingMs = token.version === options.refusedVersion ? 0 : lifeOf(deps, token)
  if (remainingMs <= 0) return opened(deps, setup, await renewOnce(deps, { setup, token }))
  if (remainingMs <= renewAheadMs(token)) renewAhead(deps, { setup, token })
  return opened(deps, setup, token)
}

type Renewal = { setup: GrantSetup; token: TokenRecord }

/** Nobody waits for a token that is renewed before it ends; if it fails, a later call tries again or says so. */
function renewAhead(deps: ConnectionsDeps, renewal: Renewal): void {
  renewOnce(deps, renewal).catch((problem: unknown) => {
    const because = problem instanceof Refusal ? problem.code : String(problem)
    deps.log.info({ credentialId: renewal.token.credential_id, because }, 'a token was not renewed ahead of its end')
  })
}

/** Callers of this process that want the same version of a token share one renewal. */
const underWay = new WeakMap<ConnectionsDeps['db'], Map<string, Promise<TokenRecord>>>()

function renewOnce(deps: ConnectionsDeps, renewal: Renewal): Promise<TokenRecord> {
  const ofThisProcess = underWay.get(deps.db) ?? new Map<string, Promise<TokenRecord>>()
  underWay.set(deps.db, ofThisProcess)
  const key = `${renewal.token.id} ${renewal.token.version}`
  const known = ofThisProcess.get(key)
  if (known !== undefined) return known
  const started = renew(deps, renewal).finally(() => ofThisProcess.delete(key))
  ofThisProcess.set(key, started)
  return started
}

async function renew(deps: ConnectionsDeps, renewal: Renewal): Promise<TokenRecord> {
  const { token, setup } = renewal
  const owner = deps.seams.newId()
  const { leaseMs } = deps.refreshTimes ?? refreshTimes
  const lease = await takeRefreshLease(deps.db, { tokenId: token.id, version: token.version, owner, leaseMs })
  return lease === null ? adoptRenewed(deps, setup, token) : renewUnderLease(deps, renewal, lease)
}

/** Somebody else renews: what they commit is taken. If they fail, their error is ours; if they vanish, their lease ends and the caller comes again. */
async function adoptRenewed(deps: ConnectionsDeps, setup: GrantSetup, before: TokenRecord): Promise<TokenRecord> {
  const waitMsMax = (deps.refreshTimes ?? refreshTimes).leaseMs + waitBeyondLeaseMs
  let stepMs = waitSteps.firstMs
  for (let waitedMs = 0; waitedMs < waitMsMax; waitedMs += stepMs) {
    const found = await readWaitedFor(deps.db, before.id)
    if (found === undefined || found.token.state !== 'ready') throw signInNeeded(setup, found?.token)
    const { token, refresh } = found
    if (token.version !== before.version) return token
    if (refresh === 'pausing') throw refused(codeOf(token.last_error_code), { say: token.last_error_say ?? undefined })
    if (refresh === 'free') return renew(deps, { setup, token })
    stepMs = Math.min(stepMs * waitSteps.growth, waitSteps.maxMs)
    await deps.seams.wait(stepMs)
  }
  throw refused('connections.provider_trouble')
}

async function renewUnderLease(deps: ConnectionsDeps, { setup, token }: Renewal, lease: Lease): Promise<TokenRecord> {
  const answer = await askFor(deps, setup, token).catch((problem: unknown) => {
    if (problem instanceof Refusal) return { is: 'refused', refusal: settled(problem) } as const
    throw problem
  })
  if (answer.is === 'tokens') return commit(deps, { setup, token, lease, tokens: answer.tokens })
  const { kind, code } = answer.refusal
  const say = kind === 'person_needed' && lease.cutOff ? sayCutOff : answer.refusal.say
  const at = deps.seams.now()
  if (kind === 'person_needed') {
    // Only if this very version was refused: somebody may have signed in again while we asked.
    const ended = await endRefused(deps.db, lease, { code, say, at })
    deps.publish({ topic: 'connection', id: token.credential_id, userId: token.user_id })
    if (!ended) return adoptRenewed(deps, setup, token)
    throw refused('connections.sign_in_needed', { say, facts: factsOf(setup) })
  }
  await giveUpRefresh(deps.db, lease, {
    code,
    say,
    at,
    pauseMs: kind === 'passing' ? pauseMs.passing : pauseMs.settled,
  })
  deps.log.warn({ credentialId: token.credential_id, code }, 'a token could not be renewed')
  throw refused(codeOf(code), { say, facts: factsOf(setup) })
}

/** Async, so that a seal that does not open is an answer like any other refusal, and the lease is given back. */
async function askFor(deps: ConnectionsDeps, setup: GrantSetup, token: TokenRecord): Promise<TokenAnswer> {
  const { callMs: timeoutMs } = deps.refreshTimes ?? refreshTimes
  const client = { ...clientFor(deps, setup), timeoutMs }
  if (!signsInSomebody(setup.profile.grantType)) return askDirectly(deps, setup, client)
  if (token.refresh_token === null) return { is: 'refused', refusal: noRefreshToken }
  return askForRefresh(deps.seams, client, deps.vault.open(token.refresh_token, refreshTokenBinding(token, setup.app)))
}

const noRefreshToken: TokenRefusal = {
  kind: 'person_needed',
  code: 'connections.refresh_refused',
  say: 'The token has ended, and without offline_access it cannot be renewed. Add that scope to the profile and sign in again.',
}

/** The new token is committed before anyone uses it, so that a crash cannot lose one that only a call has seen. */
async function commit(
  deps: ConnectionsDeps,
  { setup, token, lease, tokens }: { setup: GrantSetup; token: TokenRecord; lease: Lease; tokens: TokenSet },
): Promise<TokenRecord> {
  const now = deps.seams.now()
  // An answer without a refresh token means: keep the one you have (RFC 6749, section 6).
  const kept = tokens.refreshToken ?? keptRefreshToken(deps, setup, token)
  const next = { ...token, secret_version: token.secret_version + 1 }
  const committed = await commitRefresh(deps.db, lease, {
    ...sealTokens(deps.vault, next, { ...setup, accessToken: tokens.accessToken, refreshToken: kept }),
    secret_version: next.secret_version,
    access_expires_at: new Date(now.getTime() + tokens.expiresInSeconds * 1000),
    works_until: kept === null ? null : new Date(now.getTime() + refreshTokenIdleMs),
    scopes_granted: grantedScopes(token.scopes_asked, {
      echoed: tokens.scope,
      hasRefreshToken: kept !== null,
      hasIdToken: token.account_object_id !== null,
    }),
    refreshed_at: now,
    last_error_code: null,
    last_error_say: null,
    last_error_at: null,
  })
  if (committed) deps.publish({ topic: 'connection', id: token.credential_id, userId: token.user_id })
  const after = await readTokenById(deps.db, token.id)
  if (after === undefined || after.state !== 'ready') throw signInNeeded(setup, after)
  return after
}

function keptRefreshToken(deps: ConnectionsDeps, setup: GrantSetup, token: TokenRecord): Secret | null {
  if (token.refresh_token === null) return null
  return deps.vault.open(token.refresh_token, refreshTokenBinding(token, setup.app))
}

function opened(deps: ConnectionsDeps, setup: GrantSetup, token: TokenRecord): FreshToken {
  if (token.access_token === null) throw signInNeeded(setup, token)
  try {
    return { accessToken: deps.vault.open(token.access_token, accessTokenBinding(token, setup.apiUrl)), token }
  } catch (problem) {
    if (problem instanceof Refusal && problem.code === 'vault.auth')
      throw refused('connections.destination_changed', { cause: problem })
    throw problem
  }
}

function lifeOf({ seams }: ConnectionsDeps, token: TokenRecord): number {
  return token.access_expires_at === null ? 0 : token.access_expires_at.getTime() - seams.now().getTime()
}

/** A refusal of ours while asking: the record is incomplete, or a seal does not fit its destination any more. */
function settled(problem: Refusal): TokenRefusal {
  const code = problem.code === 'vault.auth' ? 'connections.destination_changed' : codeOf(problem.code)
  return { kind: 'refused', code, say: problem.code === 'vault.auth' ? saySealedForAnother : problem.message }
}

/** Under Entra's rules this never happens, as a spent refresh token still works there; with single-use ones the answer held the only good one. */
const sayCutOff =
  'A renewal was cut off before its answer could be stored, and the sign-in service does not accept the earlier permission any more. Sign in again.'

const saySealedForAnother =
  'The stored permission belongs to another address or client ID than the OAuth app says now. Sign in again.'

function codeOf(code: string | null): ConnectionErrorCode {
  return code?.startsWith('connections.') ? (code as ConnectionErrorCode) : 'connections.provider_trouble'
}

function signInNeeded(setup: GrantSetup, token: TokenRecord | undefined): Refusal {
  const why =
    token === undefined
      ? `${setup.credential.name} has no token yet.`
      : (token.last_error_say ?? 'The permission was revoked.')
  return refused('connections.sign_in_needed', { say: `${why} Sign in to go on.`, facts: factsOf(setup) })
}

const factsOf = ({ credential }: GrantSetup) => ({ credentialId: credential.id, credentialName: credential.name })
