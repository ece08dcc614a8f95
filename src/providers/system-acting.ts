import { type Acting, actAsSystem, type NotActing } from './acting.ts'
import type { SystemActing } from './contract.ts'
import type { ProvidersDeps } from './deps.ts'
import type { Provider } from './room-sync.ts'

/** Who acts for the system through this provider now, in words. It looks at our own records and calls nobody. */
export async function readSystemActing(deps: ProvidersDeps, provider: Provider): Promise<SystemActing> {
  return inWords(await actAsSystem(deps, provider))
}

function inWords(found: Acting | NotActing): SystemActing {
  switch (found.is) {
    case 'ready': {
      const { identity, credentialId, actsAs } = found
      const say =
        actsAs === 'application'
          ? 'The application acts for the system, with its own permission.'
          : `${identity} acts for the system.`
      return { ok: true, identity, code: 'ready', say, credentialId }
    }
    case 'sign_in_needed':
      return { ok: false, identity: null, code: 'token_missing', say: found.say, credentialId: found.credentialId }
    case 'refused':
      return { ok: false, identity: null, code: found.code, say: found.say, credentialId: null }
  }
}
