import { readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readGrantSetup } from './grant-setup.ts'
import { probeApplication, probeDelegated } from './probe.ts'
import { readSystemPanel } from './read-panel.ts'
import type { Editor } from './record.ts'
import { freshToken } from './refresh.ts'
import { revokeToken } from './revoke-token.ts'
import type { RevokedToken, TokenPanel } from './token.contract.ts'
import { noteProbe } from './token-queries.ts'
import { noteUse, onBehalfOf } from './token-use.ts'

/** Proves a System credential's token by a live call now, and keeps the result. @throws `connections.sign_in_needed` and what freshToken throws */
export async function probeSystemToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<TokenPanel> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type === 'personal') throw refused('connections.credential_is_personal')
  const use = onBehalfOf(editor, 'tested')
  const { accessToken, token, held } = await freshToken(deps, setup, { credentialId, userId: null }, { use })
  await noteUse(deps, held, { setup, use })
  const ask = setup.profile.grantType === 'client_credentials' ? probeApplication : probeDelegated
  const { ok, say } = await ask(deps.seams, setup.apiUrl, accessToken)
  await noteProbe(deps.db, token.id, { ok, say, at: deps.seams.now() })
  return readSystemPanel(deps, setup.credential)
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
