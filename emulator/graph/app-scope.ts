import type { AccessToken } from '../access-token.ts'
import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { GraphProblem } from './graph-problem.ts'

/** Limits an application to some mailboxes, or to none when the list is null; after so many milliseconds, or as `appScopeDelayMs` says. */
export function scopeApp(tenant: Tenant, clientId: string, mailboxIds: string[] | null, effectiveInMs?: number): void {
  const effectiveAt = new Date(
    tenant.now().getTime() + (effectiveInMs ?? tenant.switches.appScopeDelayMs),
  ).toISOString()
  tenant.appScopes.put({ id: clientId, mailboxIds, before: scopeNow(tenant, clientId), effectiveAt })
}

/**
 * Refuses an application token on a mailbox outside its application access policy or RBAC scope (New-ApplicationAccessPolicy; RBAC for
 * Applications). Delegated tokens know no such limit.
 */
export function refuseOutOfScope(tenant: Tenant, token: AccessToken, mailbox: User): void {
  if (token.accountId !== null) return
  const mailboxIds = scopeNow(tenant, token.clientId)
  if (mailboxIds === null || mailboxIds.includes(mailbox.id)) return
  throw new GraphProblem(403, 'ErrorAccessDenied', 'Access to OData is disabled.')
}

function scopeNow(tenant: Tenant, clientId: string): string[] | null {
  const scope = tenant.appScopes.get(clientId)
  if (scope === undefined) return null
  return scope.effectiveAt > tenant.now().toISOString() ? scope.before : scope.mailboxIds
}
