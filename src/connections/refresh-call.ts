import { type AuditEntry, recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Secret } from '#kit/secret.ts'
import { clientFor } from './client-for.ts'
import type { ConnectionsDeps } from './deps.ts'
import { askDirectly } from './direct-grant.ts'
import { grantedScopes } from './entra.ts'
import { type ConnectionErrorCode, refused } from './errors.ts'
import { signsInSomebody } from './grant.ts'
import type { GrantSetup } from './grant-setup.ts'
import { tokenCallTimeoutMs } from './oauth-client.ts'
import { askForRefresh, type TokenAnswer, type TokenSet } from './oauth-protocol.ts'
import { refreshTokenLifeMs } from './refresh-schedule.ts'
import { refreshTokenBinding, sealTokens } from './sealing.ts'
import {
  commitRefresh,
  endRefused,
  giveUpRefresh,
  holdSlowRefresh,
  type Lease,
  readTokenById,
  type TokenRecord,
} from './token-queries.ts'
import type { TokenRefusal } from './token-refusal.ts'
import { credentialEntry, type Use } from './token-use.ts'

/** One token that is to be renewed, and on whose behalf. */
export type Renewal = { setup: GrantSetup; token: TokenRecord; use: Use; aliasId?: string | null }

/**
 * `callMs`: how long callers wait for an answer, less than the lease, so that what they are told is known before anybody else may ask.
 * `patienceMs`: how long the call itself is kept open then, and its lease with it.
 */
const refreshTimes = { callMs: tokenCallTimeoutMs, leaseMs: 30_000, patienceMs: 240_000 }

/** So many calls of one process may be kept open; more are given up with their callers, or a dead endpoint would use up all sockets. */
const patientCallsMax = 500

/** After a failure nobody asks again for so long; a wrong client secret is not mended within seconds. */
const pauseMs = { passing: 2_000, settled: 30_000 }

export function timesOf({ refreshTimes: own }: ConnectionsDeps): typeof refreshTimes {
  return { ...refreshTimes, ...own }
}

/**
 * Asks the token endpoint under a lease that was taken, and commits what it answers. Null: somebody else changed the token meanwhile.
 *
 * An endpoint that takes longer than `callMs` leaves its callers with an error, and the call goes on: under single-use refresh tokens its
 * answer holds the only token that works, so it is not hung up on while it may still come.
 */
export function renewUnderLease(deps: ConnectionsDeps, renewal: Renewal, lease: Lease): Promise<TokenRecord | null> {
  const isPatient = callsOf(deps).size < patientCallsMax
  return underWay(deps, isPatient ? askPatiently(deps, { ...renewal, lease }) : ask(deps, { ...renewal, lease }))
}

/** Waits, up to `ms`, for calls that are under way, with or without callers: what is stopped before their answers come may lose them. */
export async function settleRefreshes(deps: Pick<ConnectionsDeps, 'db' | 'seams'>, ms: number): Promise<void> {
  const ended = new AbortController()
  const all = Promise.allSettled(callsOf(deps)).finally(() => ended.abort())
  await Promise.race([all, deps.seams.wait(ms, ended.signal)])
}

const calls = new WeakMap<ConnectionsDeps['db'], Set<Promise<unknown>>>()

function callsOf({ db }: Pick<ConnectionsDeps, 'db'>): Set<Promise<unknown>> {
  const known = calls.get(db) ?? new Set()
  calls.set(db, known)
  return known
}

function underWay<T>(deps: ConnectionsDeps, call: Promise<T>): Promise<T> {
  const all = callsOf(deps)
  const ending = call.finally(() => all.delete(ending))
  all.add(ending)
  return ending
}

type Asking = Renewal & { lease: Lease }

async function ask(deps: ConnectionsDeps, asking: Asking): Promise<TokenRecord | null> {
  return settle(deps, { ...asking, answer: await answerTo(deps, asking, timesOf(deps).callMs) })
}

async function askPatiently(deps: ConnectionsDeps, asking: Asking): Promise<TokenRecord | null> {
  const { callMs, patienceMs } = timesOf(deps)
  const answering = answerTo(deps, asking, patienceMs)
  const answer = await within(deps, callMs, answering)
  if (answer !== null) return settle(deps, { ...asking, answer })
  void underWay(deps, outlast(deps, asking, answering))
  throw refused('connections.no_answer', { say: sayStillAsking(asking.setup) })
}

async function within<T>({ seams }: ConnectionsDeps, ms: number, work: Promise<T>): Promise<T | null> {
  const ended = new AbortController()
  const late = seams.wait(ms, ended.signal).then(() => null)
  return Promise.race([work, late]).finally(() => ended.abort())
}

/** Keeps the lease while the call is open, so that nobody spends the same refresh token a second time, and commits the late answer. */
async function outlast(deps: ConnectionsDeps, asking: Asking, answering: Promise<TokenAnswer>): Promise<void> {
  const { setup, token, lease } = asking
  try {
    const hold = () =>
      holdSlowRefresh(deps.db, lease, {
        leaseMs: timesOf(deps).leaseMs,
        code: 'connections.no_answer',
        say: sayStillAsking(setup),
        at: deps.seams.now(),
      })
    await hold()
    let answer = await within(deps, timesOf(deps).leaseMs / 3, answering)
    for (; answer === null; answer = await within(deps, timesOf(deps).leaseMs / 3, answering)) await hold()
    await settle(deps, { ...asking, answer })
    deps.log.info({ credentialId: token.credential_id }, 'the token endpoint answered late')
  } catch (problem) {
    const because = problem instanceof Refusal ? problem.code : String(problem)
    deps.log.warn(
      { credentialId: token.credential_id, because },
      'a late answer of the token endpoint brought no token',
    )
  }
}

async function settle(
  deps: ConnectionsDeps,
  { answer, ...asking }: Asking & { answer: TokenAnswer },
): Promise<TokenRecord | null> {
  if (answer.is === 'tokens') return commit(deps, asking, answer.tokens)
  const { refusal } = answer
  return refusal.kind === 'person_needed' ? end(deps, asking, refusal) : giveUp(deps, asking, refusal)
}

/** A refusal of ours, such as a seal that does not open, is an answer like any other, so that the lease is given back. */
async function answerTo(deps: ConnectionsDeps, renewal: Renewal, timeoutMs: number): Promise<TokenAnswer> {
  try {
    return await askFor(deps, renewal, timeoutMs)
  } catch (problem) {
    if (problem instanceof Refusal) return { is: 'refused', refusal: settled(problem) }
    throw problem
  }
}

async function askFor(deps: ConnectionsDeps, { setup, token }: Renewal, timeoutMs: number): Promise<TokenAnswer> {
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
async function commit(deps: ConnectionsDeps, asking: Asking, tokens: TokenSet): Promise<TokenRecord> {
  const { setup, token, lease } = asking
  const now = deps.seams.now()
  // An answer without a refresh token means: keep the one you have (RFC 6749, section 6).
  const kept = tokens.refreshToken ?? keptRefreshToken(deps, asking)
  const next = { ...token, secret_version: token.secret_version + 1 }
  const change = {
    ...sealTokens(deps.vault, next, { ...setup, accessToken: tokens.accessToken, refreshToken: kept }),
    secret_version: next.secret_version,
    access_expires_at: new Date(now.getTime() + tokens.expiresInSeconds * 1000),
    works_until: kept === null ? null : new Date(now.getTime() + refreshTokenLifeMs(setup.app)),
    scopes_granted: grantedScopes(token.scopes_asked, {
      echoed: tokens.scope,
      hasRefreshToken: kept !== null,
      hasIdToken: token.account_object_id !== null,
    }),
    refreshed_at: now,
    last_error_code: null,
    last_error_say: null,
    last_error_at: null,
  }
  const committed = await transaction(deps.db, async (trx) => {
    const done = await commitRefresh(trx, lease, change)
    if (done) await recordAudit(trx, entryOf('connections.refresh_token', asking))
    return done
  })
  if (committed) deps.publish({ topic: 'connection', id: token.credential_id, userId: token.user_id })
  const after = await readTokenById(deps.db, token.id)
  if (after === undefined || after.state !== 'ready') throw signInNeeded(setup, after)
  return after
}

function keptRefreshToken(deps: ConnectionsDeps, { setup, token }: Renewal): Secret | null {
  if (token.refresh_token === null) return null
  return deps.vault.open(token.refresh_token, refreshTokenBinding(token, setup.app))
}

/** A person must sign in, if this very version was refused: somebody may have signed in again while we asked. Then it is null. */
async function end(deps: ConnectionsDeps, asking: Asking, { code, say: said }: TokenRefusal): Promise<null> {
  const { setup, token, lease } = asking
  const say = lease.cutOff && token.refresh_token !== null ? sayCutOff : said
  const ended = await transaction(deps.db, async (trx) => {
    const done = await endRefused(trx, lease, { code, say, at: deps.seams.now() })
    if (done) await recordAudit(trx, entryOf('connections.refuse_refresh', asking, { code, because: say }))
    return done
  })
  deps.publish({ topic: 'connection', id: token.credential_id, userId: token.user_id })
  if (!ended) return null
  throw refused('connections.sign_in_needed', { say, facts: factsOf(setup) })
}

async function giveUp(deps: ConnectionsDeps, asking: Asking, { kind, code, say }: TokenRefusal): Promise<never> {
  const { setup, token, lease } = asking
  const failure = { code, say, at: deps.seams.now(), pauseMs: kind === 'passing' ? pauseMs.passing : pauseMs.settled }
  await transaction(deps.db, async (trx) => {
    await giveUpRefresh(trx, lease, failure)
    // What an administrator must mend is tried again every half minute; the trail has its beginning.
    if (kind !== 'passing' && token.last_error_code !== code)
      await recordAudit(trx, entryOf('connections.refuse_refresh', asking, { code, because: say }))
  })
  deps.log.warn({ credentialId: token.credential_id, code }, 'a token could not be renewed')
  throw refused(codeOf(code), { say, facts: factsOf(setup) })
}

function entryOf(
  action: `connections.${string}`,
  { setup: { credential }, token, use, aliasId }: Renewal,
  details?: Record<string, unknown>,
): AuditEntry {
  return credentialEntry(action, { credential, token, use, aliasId }, details)
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

export const sayStillAsking = ({ app }: GrantSetup) =>
  `${URL.parse(app.token_url)?.host ?? app.name} takes very long to answer. Anteroom keeps waiting for it; try again shortly.`

export function codeOf(code: string | null): ConnectionErrorCode {
  return code?.startsWith('connections.') ? (code as ConnectionErrorCode) : 'connections.provider_trouble'
}

export function signInNeeded(setup: GrantSetup, token: TokenRecord | undefined): Refusal {
  const why =
    token === undefined
      ? `${setup.credential.name} has no token yet.`
      : (token.last_error_say ?? 'The permission was revoked.')
  return refused('connections.sign_in_needed', { say: `${why} Sign in to go on.`, facts: factsOf(setup) })
}

const factsOf = ({ credential }: GrantSetup) => ({ credentialId: credential.id, credentialName: credential.name })
