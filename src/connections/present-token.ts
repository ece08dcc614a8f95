import type { ConnectionsDeps } from './deps.ts'
import type { TokenOutlet } from './outlet.ts'
import type { Presenter, Shown } from './presenter.ts'
import { type FreshToken, freshToken } from './refresh.ts'
import { noteUse, type Use } from './token-use.ts'

/** The outlet's access token, renewed before it lapses, and once more when the server answers 401 (RFC 6750 section 2.1). */
export function presentToken(deps: ConnectionsDeps, outlet: TokenOutlet, use: Use): Presenter {
  return async () => {
    const fresh = await tokenForCall(deps, outlet, use)
    return shownAs(fresh, () => tokenForCall(deps, outlet, use, fresh.token.version))
  }
}

/** The outlet's token, its use noted. `refusedVersion`: the server has just refused that one. */
export async function tokenForCall(
  deps: ConnectionsDeps,
  { setup, credential, owner, aliasId }: TokenOutlet,
  use: Use,
  refusedVersion?: number,
): Promise<FreshToken> {
  const fresh = await freshToken(deps, setup, owner, { use, aliasId, refusedVersion })
  const noted = noteUse(deps, fresh.held, { credential, use, aliasId })
  if (noted !== undefined) await noted
  return fresh
}

function shownAs({ accessToken }: FreshToken, renew: (() => Promise<FreshToken>) | null): Shown {
  return {
    put: ({ url, init }) => {
      const headers = new Headers(init.headers)
      headers.set('Authorization', `Bearer ${accessToken.open('call')}`)
      return { url, init: { ...init, headers } }
    },
    clean: () => undefined,
    renewed: async () => (renew === null ? null : shownAs(await renew(), null)),
  }
}
