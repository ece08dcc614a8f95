import type { CredentialTest } from './credential.contract.ts'
import { type CredentialRecord, readCredentialRow } from './credential-queries.ts'
import { sendsItsValue } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { usedAt } from './grant-setup.ts'
import type { ValueOutlet } from './outlet.ts'
import { requireUsable } from './present-value.ts'
import { readOnce } from './read-once.ts'
import type { Editor } from './record.ts'
import { probeSystemToken } from './system-token.ts'
import { onBehalfOf } from './token-use.ts'

/** Proves a credential by one call now: by what the provider says about its token, or by reading the address that it is for. */
export async function testCredential(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<CredentialTest> {
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential === undefined) throw refused('connections.credential_not_found')
  const at = deps.seams.now().toISOString()
  if (!sendsItsValue(credential.type)) {
    const { probe, sentence } = await probeSystemToken(deps, credentialId, editor)
    return { ok: probe?.ok ?? null, say: probe?.say ?? sentence, at }
  }
  requireUsable(credential)
  return { ...(await readOnce(deps, await outletOf(deps, credential), onBehalfOf(editor, 'tested'))), at }
}

const timeoutMs = 10_000

async function outletOf({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<ValueOutlet> {
  const url = await usedAt(db, credential.id)
  const baseUrl = url !== null && new URL(url).origin === credential.destination ? url : (credential.destination ?? '')
  const owner = { credentialId: credential.id, userId: null }
  return { aliasId: null, credential, setup: null, token: null, owner, baseUrl, timeoutMs, retryPolicy: null }
}
