import type { ConnectionsDeps } from './deps.ts'
import type { GrantSetup } from './grant-setup.ts'
import type { Presenter, Shown } from './presenter.ts'
import { type FreshToken, freshToken } from './refresh.ts'
import { noteUse, type TokenOwner } from './token-queries.ts'

const usedEveryMs = 60_000

/** An access token of this owner, renewed before it lapses, and once more when the server answers 401 (RFC 6750 section 2.1). */
export function presentToken(deps: ConnectionsDeps, setup: GrantSetup, owner: TokenOwner): Presenter {
  return async () => {
    const fresh = await freshToken(deps, setup, owner)
    await noteUsed(deps, fresh)
    return shownAs(fresh, () => freshToken(deps, setup, owner, { refusedVersion: fresh.token.version }))
  }
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

async function noteUsed({ db, seams }: ConnectionsDeps, { token }: FreshToken): Promise<void> {
  const now = seams.now()
  const notSince = new Date(now.getTime() - usedEveryMs)
  if (token.last_used_at !== null && token.last_used_at > notSince) return
  // The record may be remembered by this process, and notes of use are no change of version that would be told.
  token.last_used_at = now
  await noteUse(db, token.id, { now, notSince })
}
