import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import * as contract from './credential.contract.ts'
import {
  createCredential,
  deleteCredential,
  generateCredentialKeyPair,
  listCredentials,
  updateCredential,
} from './credential.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readCredential } from './read-credential.ts'
import { done } from './record.ts'
import { testCredential } from './test-credential.ts'

export function mountCredentials(router: Router, deps: ConnectionsDeps): void {
  mount(router, contract.listCredentials, ({ query }) => listCredentials(deps, query))
  mount(router, contract.readCredential, ({ params }) => readCredential(deps, params.id))
  mountSignedIn(router, contract.createCredential, ({ body, ...editor }) => createCredential(deps, body, editor))
  mountSignedIn(router, contract.updateCredential, ({ params, body, ...editor }) =>
    updateCredential(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.generateCredentialKeyPair, ({ params, body, ...editor }) =>
    generateCredentialKeyPair(deps, params.id, body, editor),
  )
  mountSignedIn(router, contract.testCredential, ({ params, ...editor }) => testCredential(deps, params.id, editor))
  mountSignedIn(router, contract.deleteCredential, async ({ params, ...editor }) => {
    await deleteCredential(deps, params.id, editor)
    return done
  })
}
