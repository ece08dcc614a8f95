import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import {
  changeClientCertificate,
  generateKeyPair,
  removeClientCertificate,
  uploadCertificate,
} from './client-certificate.ts'
import * as proofs from './client-proof.contract.ts'
import { addClientSecret, changeClientSecret, removeClientSecret } from './client-secret.ts'
import type { ConnectionsDeps } from './deps.ts'
import { createProfile, deleteProfile, listProfiles, readProfile, updateProfile } from './entity-profile.ts'
import { addScope, removeScope } from './entity-scope.ts'
import * as contract from './oauth-app.contract.ts'
import { createApp, deleteApp, listApps, readApp, updateApp } from './oauth-app.ts'
import { done } from './record.ts'

export function mountOAuthApps(router: Router, deps: ConnectionsDeps): void {
  mountApps(router, deps)
  mountProofs(router, deps)
  mountProfiles(router, deps)
}

function mountApps(router: Router, deps: ConnectionsDeps): void {
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
}

/** What an app proves itself with. */
function mountProofs(router: Router, deps: ConnectionsDeps): void {
  mountSignedIn(router, proofs.addClientSecret, ({ params, body, ...editor }) =>
    addClientSecret(deps, params.id, body, editor),
  )
  mountSignedIn(router, proofs.changeClientSecret, ({ params, body, ...editor }) =>
    changeClientSecret(deps, params, body, editor),
  )
  mountSignedIn(router, proofs.removeClientSecret, ({ params, ...editor }) => removeClientSecret(deps, params, editor))
  mountSignedIn(router, proofs.generateKeyPair, ({ params, body, ...editor }) =>
    generateKeyPair(deps, params.id, body, editor),
  )
  mountSignedIn(router, proofs.uploadCertificate, ({ params, body, ...editor }) =>
    uploadCertificate(deps, params.id, body, editor),
  )
  mountSignedIn(router, proofs.changeClientCertificate, ({ params, body, ...editor }) =>
    changeClientCertificate(deps, params, body, editor),
  )
  mountSignedIn(router, proofs.removeClientCertificate, ({ params, ...editor }) =>
    removeClientCertificate(deps, params, editor),
  )
}

function mountProfiles(router: Router, deps: ConnectionsDeps): void {
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
