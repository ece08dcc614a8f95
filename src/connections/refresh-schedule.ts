import { type ProviderAddresses, providerOf } from './provider.ts'
import type { TokenRecord } from './token-queries.ts'

/*
 * When a token is renewed before anybody has to wait for it. Everything is spread by the token's id, so that ten thousand people who signed
 * in on one morning do not renew in one minute ever after.
 */

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A call that starts now must not end without a token. */
const leewayMs = 5 * minuteMs
const spreadMs = 5 * minuteMs
/** Of a short-lived token no more than this part is given away. */
const shortestShare = 3

/** How long before its end a token is renewed ahead: five to ten minutes, for each token always the same. */
export function renewAheadMs(
  token: Pick<TokenRecord, 'id' | 'access_expires_at' | 'refreshed_at' | 'obtained_at'>,
): number {
  const since = token.refreshed_at ?? token.obtained_at
  const lifeMs = token.access_expires_at === null ? 0 : token.access_expires_at.getTime() - since.getTime()
  return Math.min(leewayMs + spreadOf(token.id) * spreadMs, lifeMs / shortestShare)
}

/**
 * How long a refresh token works when nobody uses it, in milliseconds: as the OAuth app's record says, and no longer than its provider is
 * known to keep one. Every use starts that time again.
 */
export function refreshTokenLifeMs(app: ProviderAddresses & { refresh_token_lifespan_seconds: number }): number {
  return Math.min(
    app.refresh_token_lifespan_seconds * 1_000,
    providerOf(app).refreshTokenIdleMs ?? Number.POSITIVE_INFINITY,
  )
}

/**
 * A permission that nobody uses is used once a week, and one that would lapse within two weeks at half its life: so that trouble with it is
 * known long before it is lost.
 */
export const idleMs = 7 * dayMs

/**
 * How many idle tokens one run may renew, how many at a time, and how often it runs. 50,000 people who are all on leave are 300 tokens an
 * hour; this allows 1,200, the most urgent first, so that after an outage the rest follows within a day and a half instead of at once.
 */
export const idleRun = { everyMinutes: 5, max: 100, atATime: 4 }

/** Between 0 and 1, even over ids, and for one id always the same. */
function spreadOf(id: string): number {
  return Number.parseInt(id.slice(-6), 16) / 0x1000000
}
