import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Seams } from '#kit/seams.ts'
import * as contract from './contract.ts'
import { beginRotation, type RotateDeps } from './rotation.ts'
import type { SealedColumn } from './sealed-column.ts'
import { vaultKeys } from './status.ts'

export type VaultRoutesDeps = RotateDeps & {
  seams: Pick<Seams, 'now'>
  jobs: Pick<Jobs, 'add'>
  columns: readonly SealedColumn[]
}

/** The keys, for administrators. A new root key is made at the server, where its file is: `anteroom key rotate --new-root`. */
export function mountVault(router: Router, deps: VaultRoutesDeps): void {
  const { db, columns } = deps
  mount(router, contract.readVaultKeys, () => vaultKeys(db, columns))
  mountSignedIn(router, contract.rotateVaultKey, async ({ actor, requestId }) => {
    requireRecentSignIn(actor, deps.seams.now())
    await beginRotation(deps, { id: actor.userId, name: actor.displayName, requestId }, { newRoot: false })
    await deps.jobs.add('vault.rotate', {}, { onceFor: 'all', startAfter: 6 })
    return vaultKeys(db, columns)
  })
}
