import type { Actor } from './actor.ts'
import { refused } from './errors.ts'

/** Long enough to make a change that was prepared, short enough that a desk left alone does not offer it. */
export const recentSignInMs = 10 * 60_000

/** Clocks of two sites differ: Microsoft's says when somebody signed in there. */
const skewMs = 5 * 60_000

/**
 * Asked before what would hurt most in the wrong hands: sending credentials elsewhere, giving tokens away, giving rights to others (ASVS
 * 5.0.0, 7.5.3). A session must belong to somebody who gave their password within the last ten minutes. A program has no password: its API
 * token was made by such a session.
 *
 * @throws Refusal `http.recent_sign_in_required`, which the pages answer by asking for the password and trying again
 */
export function requireRecentSignIn({ via, provedAt }: Actor, now: Date): void {
  if (via !== 'session') return
  const ageMs = provedAt == null ? Number.POSITIVE_INFINITY : now.getTime() - provedAt.getTime()
  if (ageMs <= recentSignInMs && ageMs >= -skewMs) return
  throw refused('http.recent_sign_in_required')
}
