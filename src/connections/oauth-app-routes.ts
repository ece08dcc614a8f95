import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import type { ConnectionsDeps } from './deps.ts'
import { createProfile, deleteProfile, listProfiles, readProfile, updateProfile } from './entity-profile.ts'
import * as contract from './oauth-app.contract.ts'
import { addScope, createApp, deleteApp, listApps, readApp, removeScope, updateApp } from './oauth-app.ts'
import { done } from './record.ts'

export function mountOAuthApps(router: Router, deps: ConnectionsDeps): void {
  mount(router, contract.listOAuthApps, ({ query }) => listApps(deps, query))
  mount(router, contract.readOAuthApp, ({ params }) => readApp(deps, params.id))
  mountSignedIn(router, contract.createOAuthApp, ({ body, ...editor }) => createApp(deps, body, editor))
  mountSignedIn(router, contract.updateOAuthApp, ({ params, body, ...editor }) =>
    updateApp(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.deleteOAuthApp, async ({ params, ...editor }) => {
    await deleteApp(deps, params.id, editor)
    return done
  })
  mountSignedIn(router, contract.addEntityScope, ({ params, body, ...editor }) =>
    addScope(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.removeEntityScope, ({ params, ...editor }) =>
    removeScope(deps, params.id, params.scopeId, editor),
  )
  mount(router, contract.listEntityProfiles, ({ query }) => listProfiles(deps, query))
  mount(router, contract.readEntityProfile, ({ params }) => readProfile(deps.db, params.id))
  mountSignedIn(router, contract.createEntityProfile, ({ body, ...editor }) => createProfile(deps, body, editor))
  mountSignedIn(router, contract.updateEntityProfile, ({ params, body, ...editor }) =>
    updateProfile(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.deleteEntityProfile, async ({ params, ...editor }) => {
    await deleteProfile(deps, params.id, editor)
    return done
  })
}
