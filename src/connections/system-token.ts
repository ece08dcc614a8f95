import { readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type GrantSetup, readGrantSetup } from './grant-setup.ts'
import { hasProbe, probeNow } from './probe.ts'
import { readOnce } from './read-once.ts'
import { readSystemPanel } from './read-panel.ts'
import type { Editor } from './record.ts'
import { type FreshToken, freshToken } from './refresh.ts'
import { revokeToken } from './revoke-token.ts'
import type { RevokedToken, TokenPanel } from './token.contract.ts'
import { noteProbe } from './token-queries.ts'
import { noteUse, onBehalfOf, type Use } from './token-use.ts'

/** Proves a System credential's token by a live call now, and keeps the result. @throws `connections.sign_in_needed` and what freshToken throws */
export async function probeSystemToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<TokenPanel> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type === 'personal') throw refused('connections.credential_is_personal')
  const use = onBehalfOf(editor, 'tested')
  const fresh = await freshToken(deps, setup, { credentialId, userId: null }, { use })
  const { ok, say } = await prove(deps, setup, fresh, use)
  if (ok !== null) await noteProbe(deps.db, fresh.token.id, { ok, say, at: deps.seams.now() })
  return readSystemPanel(deps, setup.credential)
}

/** By the call that is known to prove such a token; where none is, the address is read that it is for. Either notes the use. */
async function prove(deps: ConnectionsDeps, setup: GrantSetup, { accessToken, token, held }: FreshToken, use: Use) {
  const { credential, apiUrl: baseUrl } = setup
  if (hasProbe(setup)) {
    await noteUse(deps, held, { credential, use })
    return probeNow(deps.seams, setup, accessToken)
  }
  const owner = { credentialId: credential.id, userId: null }
  const outlet = { aliasId: null, credential, setup, token, owner, baseUrl, timeoutMs: 10_000, retryPolicy: null }
  return readOnce(deps, outlet, use)
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
