import { mount, type Router } from '#http/mount.ts'
import { mountAliases } from './alias-routes.ts'
import { readApplicationScopes } from './application-scope-queries.ts'
import { mountAuthorizations } from './authorization-routes.ts'
import { mountHttpConnections } from './connection-routes.ts'
import { listApplicationScopes } from './contract.ts'
import { mountCredentials } from './credential-routes.ts'
import type { ConnectionsDeps } from './deps.ts'
import { mountOAuthApps } from './oauth-app-routes.ts'
import { mountProxy } from './proxy-routes.ts'
import { mountRetryPolicies } from './retry-policy-routes.ts'
import { mountTemplates } from './template-routes.ts'
import { mountTokens } from './token-routes.ts'

/** Everything under `/api/connections`, and `/oauth/callback/CONTEXT` where browsers come back from a sign-in. */
export function mountConnections(router: Router, deps: ConnectionsDeps): void {
  mount(router, listApplicationScopes, async () => ({ scopes: await readApplicationScopes(deps.db) }))
  mountAliases(router, deps)
  mountHttpConnections(router, deps)
  mountOAuthApps(router, deps)
  mountCredentials(router, deps)
  mountAuthorizations(router, deps)
  mountTokens(router, deps)
  mountRetryPolicies(router, deps)
  mountProxy(router, deps)
  mountTemplates(router, deps)
}
