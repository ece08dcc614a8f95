import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import type { ConnectionsDeps } from './deps.ts'
import * as expiryContract from './expiry.contract.ts'
import { listExpiries } from './expiry.ts'
import { listPersonalConnections, revokePersonalToken } from './personal.ts'
import * as personal from './personal-token.contract.ts'
import { readPersonalToken, revokePersonalTokenOfAlias } from './personal-token.ts'
import { probeSystemToken, revokeSystemToken } from './system-token.ts'
import * as contract from './token.contract.ts'

/** Tokens that exist: proving, revoking, and everybody's own. Getting them is in authorization-routes.ts. */
export function mountTokens(router: Router, deps: ConnectionsDeps): void {
  mountSignedIn(router, contract.probeCredential, ({ params, ...editor }) => probeSystemToken(deps, params.id, editor))
  mountSignedIn(router, contract.revokeCredentialToken, ({ params, ...editor }) =>
    revokeSystemToken(deps, params.id, editor),
  )
  mountSignedIn(router, contract.listPersonalConnections, ({ actor }) => listPersonalConnections(deps, actor))
  mount(router, expiryContract.listExpiries, () => listExpiries(deps))
  mountSignedIn(router, personal.readPersonalToken, ({ params, actor }) => readPersonalToken(deps, params.id, actor))
  mountSignedIn(router, personal.revokePersonalTokenOfAlias, ({ params, ...editor }) =>
    revokePersonalTokenOfAlias(deps, params.id, editor),
  )
  mountSignedIn(router, contract.revokePersonal, ({ params, ...editor }) =>
    revokePersonalToken(deps, params.id, editor),
  )
}
