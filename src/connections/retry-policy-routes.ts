import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import type { ConnectionsDeps } from './deps.ts'
import { done } from './record.ts'
import * as contract from './retry-policy.contract.ts'
import { createPolicy, deletePolicy, listPolicies, readPolicy, updatePolicy } from './retry-policy.ts'

export function mountRetryPolicies(router: Router, deps: ConnectionsDeps): void {
  mount(router, contract.listRetryPolicies, ({ query }) => listPolicies(deps, query))
  mount(router, contract.readRetryPolicy, ({ params }) => readPolicy(deps.db, params.id))
  mountSignedIn(router, contract.createRetryPolicy, ({ body, ...editor }) => createPolicy(deps, body, editor))
  mountSignedIn(router, contract.updateRetryPolicy, ({ params, body, ...editor }) =>
    updatePolicy(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.deleteRetryPolicy, async ({ params, ...editor }) => {
    await deletePolicy(deps, params.id, editor)
    return done
  })
}
