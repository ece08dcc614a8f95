import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import * as contract from './alias.contract.ts'
import { createAlias, deleteAlias, listAliases, readAlias, updateAlias } from './alias.ts'
import * as attributes from './attribute.contract.ts'
import { createAttribute, deleteAttribute, updateAttribute } from './attribute.ts'
import type { ConnectionsDeps } from './deps.ts'
import { done } from './record.ts'
import { readResolution } from './resolve.ts'

export function mountAliases(router: Router, deps: ConnectionsDeps): void {
  mountAttributes(router, deps)
  mount(router, contract.listAliases, ({ query }) => listAliases(deps, query))
  mount(router, contract.readAlias, ({ params }) => readAlias(deps.db, params.id))
  mountSignedIn(router, contract.createAlias, ({ body, ...editor }) => createAlias(deps, body, editor))
  mountSignedIn(router, contract.updateAlias, ({ params, body, ...editor }) =>
    updateAlias(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.deleteAlias, async ({ params, ...editor }) => {
    await deleteAlias(deps, params.id, editor)
    return done
  })
  mountSignedIn(router, contract.resolveAlias, ({ params, query, actor }) =>
    readResolution(deps, params.id, actor, query),
  )
}

function mountAttributes(router: Router, deps: ConnectionsDeps): void {
  mountSignedIn(router, attributes.createAttribute, ({ params, body, ...editor }) =>
    createAttribute(deps, params.id, body, editor),
  )
  mountSignedIn(router, attributes.updateAttribute, ({ params, body, ...editor }) =>
    updateAttribute(deps, params, body, editor),
  )
  mountSignedIn(router, attributes.deleteAttribute, async ({ params, ...editor }) => {
    await deleteAttribute(deps, params, editor)
    return done
  })
}
