import { readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readGrantSetup } from './grant-setup.ts'
import { forgetToken } from './personal.ts'
import { probeApplication, probeDelegated } from './probe.ts'
import type { Editor } from './record.ts'
import { freshToken } from './refresh.ts'
import type { TokenPanel } from './token.contract.ts'
import { tokenPanel } from './token-panel.ts'
import { noteProbe, readToken } from './token-queries.ts'

/** Proves a System credential's token by a live call now, and keeps the result. @throws `connections.sign_in_needed` and what freshToken throws */
export async function probeSystemToken(deps: ConnectionsDeps, credentialId: string): Promise<TokenPanel> {
  const setup = await readGrantSetup(deps.db, credentialId)
  if (setup.credential.integration_type === 'personal') throw refused('connections.credential_is_personal')
  const { accessToken, token } = await freshToken(deps, setup, { credentialId, userId: null })
  const ask = setup.profile.grantType === 'client_credentials' ? probeApplication : probeDelegated
  const { ok, say } = await ask(deps.seams, setup.apiUrl, accessToken)
  await noteProbe(deps.db, token.id, { ok, say, at: deps.seams.now() })
  return panelOf(deps, credentialId)
}

/** Forgets the token of a System credential. @throws `connections.credential_not_found` */
export async function revokeSystemToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<TokenPanel> {
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential === undefined) throw refused('connections.credential_not_found')
  await forgetToken(deps, { credential, owner: { credentialId, userId: null }, editor })
  return panelOf(deps, credentialId)
}

async function panelOf(deps: ConnectionsDeps, credentialId: string): Promise<TokenPanel> {
  const credential = await readCredentialRow(deps.db, credentialId)
  const { expected_tenant_id: tenantId, expected_object_id: objectId } = credential ?? {}
  const expected = tenantId && objectId ? { tenantId, objectId } : null
  return tokenPanel(await readToken(deps.db, { credentialId, userId: null }), expected, deps.seams.now())
}
