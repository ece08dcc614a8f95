import { Refusal } from '#kit/refusal.ts'
import type { Secret } from '#kit/secret.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { GrantSetup } from './grant-setup.ts'
import { HeldToken } from './held-token.ts'
import { codeOf, type Renewal, renewUnderLease, sayStillAsking, signInNeeded, timesOf } from './refresh-call.ts'
import { requireOpenVault } from './sealing.ts'
import { readToken, readWaitedFor, type TokenOwner, type TokenRecord, takeRefreshLease } from './token-queries.ts'
import { byItself, type Use } from './token-use.ts'

/** A token that may be sent now, and the version it belongs to (for saying which one a server refused). */
export type FreshToken = { accessToken: Secret; token: TokenRecord; held: HeldToken }

/** How long a reader waits for somebody else's refresh beyond its lease: for the commit after the call. */
const waitBeyondLeaseMs = 2_000
/** Readers look again after a moment that grows: a storm of them must not be the load that slows the refresh they wait for. */
const waitSteps = { firstMs: 30, growth: 1.6, maxMs: 500 }

/**
 * A token of this owner that is good for a call: the stored one as long as it lasts, else a renewed one.
 *
 * However many processes want it, one of them asks the token endpoint: the lease is a row with a fence, taken for one version of the
 * token, and the result is committed only if neither changed meanwhile. Nobody holds a transaction during the call, and a reader whose
 * token is still good never waits.
 *
 * @param options.refusedVersion a version whose token a server just answered with 401: it is renewed although it should still be good
 * @param options.use on whose behalf, and options.aliasId through which alias: what the audit trail says of a refresh
 * @throws `connections.sign_in_needed` (a person must sign in), `connections.provider_trouble` and the like (try again later),
 * `connections.client_refused` (an administrator must act), `connections.vault_sealed`, `connections.destination_changed`
 */
export async function freshToken(
  deps: ConnectionsDeps,
  setup: GrantSetup,
  owner: TokenOwner,
  options: { refusedVersion?: number | undefined; use?: Use; aliasId?: string | null } = {},
): Promise<FreshToken> {
  requireOpenVault(deps.vault)
  const held = await (deps.memory?.token(owner, () => hold(deps, owner)) ?? hold(deps, owner))
  if (held === undefined || held.record.state !== 'ready') throw signInNeeded(setup, held?.record)
  const nowMs = deps.seams.now().getTime()
  const isGood = nowMs < held.endsAtMs && held.record.version !== options.refusedVersion
  if (isGood && nowMs < held.renewFromMs) return opened(deps, setup, held)
  const { use = byItself('nobody said'), aliasId } = options
  const renewal = { setup, token: held.record, use, aliasId }
  if (!isGood) return opened(deps, setup, new HeldToken(await renewOnce(deps, renewal)))
  renewAhead(deps, renewal)
  return opened(deps, setup, held)
}

async function hold({ db }: ConnectionsDeps, owner: TokenOwner): Promise<HeldToken | undefined> {
  const record = await readToken(db, owner)
  return record === undefined ? undefined : new HeldToken(record)
}

function opened(deps: ConnectionsDeps, setup: GrantSetup, held: HeldToken): FreshToken {
  const { record: token } = held
  if (token.access_token === null) throw signInNeeded(setup, token)
  try {
    return { accessToken: held.open(deps.vault, setup.apiUrl, token.access_token), token, held }
  } catch (problem) {
    if (problem instanceof Refusal && problem.code === 'vault.auth')
      throw refused('connections.destination_changed', { cause: problem })
    throw problem
  }
}

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
  const { token } = renewal
  const owner = deps.seams.newId()
  const { leaseMs } = timesOf(deps)
  const lease = await takeRefreshLease(deps.db, { tokenId: token.id, version: token.version, owner, leaseMs })
  const renewed = lease === null ? null : await renewUnderLease(deps, renewal, lease)
  return renewed ?? adoptRenewed(deps, renewal)
}

/** Somebody else renews: what they commit is taken. If they fail, their error is ours; if they vanish, their lease ends and the caller comes again. */
async function adoptRenewed(deps: ConnectionsDeps, renewal: Renewal): Promise<TokenRecord> {
  const { setup, token: before } = renewal
  const waitMsMax = timesOf(deps).leaseMs + waitBeyondLeaseMs
  let stepMs = waitSteps.firstMs
  for (let waitedMs = 0; waitedMs < waitMsMax; waitedMs += stepMs) {
    const found = await readWaitedFor(deps.db, before.id)
    if (found === undefined || found.token.state !== 'ready') throw signInNeeded(setup, found?.token)
    const { token, refresh } = found
    if (token.version !== before.version) return token
    if (refresh === 'slow') throw refused('connections.no_answer', { say: sayStillAsking(setup) })
    if (refresh === 'pausing') throw refused(codeOf(token.last_error_code), { say: token.last_error_say ?? undefined })
    if (refresh === 'free') return renew(deps, { ...renewal, token })
    stepMs = Math.min(stepMs * waitSteps.growth, waitSteps.maxMs)
    await deps.seams.wait(stepMs)
  }
  throw refused('connections.provider_trouble')
}
