import type { Tenant } from '../tenant.ts'

/**
 * Graph's `revokeSignInSessions`: refresh tokens and browser sessions from before this instant are worth nothing; access tokens already
 * given out live to their end (graph-docs, user-revokesigninsessions).
 */
export function revokeSignInSessions(tenant: Tenant, userId: string): boolean {
  const user = tenant.users.get(userId)
  if (user === undefined) return false
  tenant.users.put({ ...user, signInSessionsValidFrom: tenant.now().toISOString() })
  return true
}
