import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import * as contract from './connection.contract.ts'
import { createConnection, deleteConnection, listConnections, readConnection, updateConnection } from './connection.ts'
import type { ConnectionsDeps } from './deps.ts'
import { done } from './record.ts'

export function mountHttpConnections(router: Router, deps: ConnectionsDeps): void {
  mount(router, contract.listConnections, ({ query }) => listConnections(deps, query))
  mount(router, contract.readConnection, ({ params }) => readConnection(deps.db, params.id))
  mountSignedIn(router, contract.createConnection, ({ body, ...editor }) => createConnection(deps, body, editor))
  mountSignedIn(router, contract.updateConnection, ({ params, body, ...editor }) =>
    updateConnection(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.deleteConnection, async ({ params, ...editor }) => {
    await deleteConnection(deps, params.id, editor)
    return done
  })
}
