import { readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type GrantSetup, readGrantSetup } from './grant-setup.ts'
import { probeToken } from './probe.ts'
import { readOnce } from './read-once.ts'
import { readSystemPanel } from './read-panel.ts'
import type { Editor } from './record.ts'
import { freshToken } from './refresh.ts'
import { revokeToken } from './revoke-token.ts'
import type { RevokedToken, TokenPanel } from './token.contract.ts'
import { noteProbe } from './token-queries.ts'

/** Proves a System credential's token by a live call now, and keeps the result. @throws `connections.sign_in_needed` and what freshToken throws */
export async function probeSystemToken(deps: ConnectionsDeps, credentialId: string): Promise<TokenPanel> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type === 'personal') throw refused('connections.credential_is_personal')
  const { accessToken, token } = await freshToken(deps, setup, { credentialId, userId: null })
  const { ok, say } = (await probeToken(deps.seams, setup, accessToken)) ?? (await readPlainly(deps, setup))
  if (ok !== null) await noteProbe(deps.db, token.id, { ok, say, at: deps.seams.now() })
  return readSystemPanel(deps, setup.credential)
}

/** Where no call is known that proves a token, the address is read that it is for. */
function readPlainly(deps: ConnectionsDeps, setup: GrantSetup) {
  const { credential, apiUrl: baseUrl } = setup
  const owner = { credentialId: credential.id, userId: null }
  return readOnce(deps, { credential, setup, owner, baseUrl, timeoutMs: 10_000, retryPolicy: null })
}

/** Forgets the token of a System credential. @throws `connections.credential_not_found` */
export async function revokeSystemToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<RevokedToken> {
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential === undefined) throw refused('connections.credential_not_found')
  const receipt = await revokeToken(deps, { credential, owner: { credentialId, userId: null }, editor })
  return { ...(await readSystemPanel(deps, credential)), receipt }
}
