import type { User } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { isDefaultScope, isOidcScope, shortScope, wordsOf } from './scopes.ts'

/** Everything this person, or an administrator for everybody, allowed the app; short names. */
export function consentedScopes(tenant: Tenant, clientId: string, userId: string): Set<string> {
  const consents = tenant.consents.listBy(clientId).filter((one) => one.userId === null || one.userId === userId)
  return new Set(consents.flatMap((one) => one.scopes))
}

/**
 * The asked scopes that nobody allowed yet. `/.default` asks only when there is no grant at all, and then for what is registered
 * (entra-docs, scopes-oidc).
 */
export function missingScopes(tenant: Tenant, app: AppRecord, userId: string, asked: string[]): string[] {
  const granted = consentedScopes(tenant, app.clientId, userId)
  const wanted = asked.flatMap((scope) => (isDefaultScope(scope) ? defaultScopes(app, granted) : [shortScope(scope)]))
  return [...new Set(wanted)].filter((scope) => !granted.has(scope))
}

/** Adds scopes to what was allowed; consent only grows. With user null it is the administrator's, for everybody. */
export function grantConsent(tenant: Tenant, clientId: string, userId: string | null, scopes: string[]): void {
  const id = `${clientId}:${userId ?? 'everybody'}`
  const before = tenant.consents.get(id)?.scopes ?? []
  tenant.consents.put({ id, clientId, userId, scopes: [...new Set([...before, ...scopes.map(shortScope)])] })
}

/** The scopes a token carries: those asked for, or with `/.default` every one allowed. `offline_access` is never among them. */
export function tokenScopes(tenant: Tenant, clientId: string, userId: string, asked: string[]): string[] {
  const granted = consentedScopes(tenant, clientId, userId)
  const expanded = asked.flatMap((scope) =>
    isDefaultScope(scope) ? [...granted].filter((one) => !isOidcScope(one)) : [scope],
  )
  return [...new Set(expanded)].filter((scope) => scope !== 'offline_access')
}

/** Of these scopes, those that only an administrator may allow. */
export function needingAdmin(user: User, scopes: string[]): string[] {
  return user.isTenantAdmin ? [] : scopes.filter((scope) => wordsOf(scope).adminOnly)
}

function defaultScopes(app: AppRecord, granted: Set<string>): string[] {
  const anyGrant = [...granted].some((scope) => !isOidcScope(scope))
  return anyGrant ? [] : app.delegatedScopes.filter((scope) => !isOidcScope(scope))
}
