import type { ConnectionsDeps } from './deps.ts'
import type { TokenOwner } from './token-queries.ts'

/** A token is stored by now. Trouble of those who wait for it is theirs, and their own sweep finds the token later. */
export async function tellWaiting(deps: ConnectionsDeps, { credentialId, userId }: TokenOwner): Promise<void> {
  try {
    if (userId === null) await deps.onSystemToken?.(credentialId)
    else await deps.onPersonalToken?.(userId, credentialId)
  } catch (problem) {
    deps.log.error({ userId, credentialId, problem: String(problem) }, 'what waited for a token did not go on')
  }
}
