import type { Actor } from '#http/actor.ts'
import { readUsesOfCredential } from './connection-queries.ts'
import { type CredentialRecord, readCredentialRow, readPersonalCredentials } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readPersonalPanel } from './read-panel.ts'
import { type Editor, listed } from './record.ts'
import { revokeToken } from './revoke-token.ts'
import type { PersonalConnection, RevokedToken } from './token.contract.ts'

/** My connections: every Personal credential in use, and this person's own token for it. */
export async function listPersonalConnections(
  deps: ConnectionsDeps,
  actor: Actor,
): Promise<{ connections: PersonalConnection[] }> {
  const credentials = await readPersonalCredentials(deps.db)
  const connections = credentials.map(async (credential) => ({
    credential: { id: credential.id, name: credential.name },
    usedFor: await usedFor(deps, credential),
    account: actor.email,
    token: await readPersonalPanel(deps, credential, actor),
  }))
  return { connections: await Promise.all(connections) }
}

/** Takes my permission back. The reservations that need it say so until I give it again. @throws `connections.credential_not_found` */
export async function revokePersonalToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<RevokedToken> {
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential?.integration_type !== 'personal') throw refused('connections.credential_not_found')
  const owner = { credentialId, userId: editor.actor.userId }
  const receipt = await revokeToken(deps, { credential, owner, editor })
  return { ...(await readPersonalPanel(deps, credential, editor.actor)), receipt }
}

async function usedFor({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<string> {
  if (credential.comments !== '') return credential.comments
  const uses = await readUsesOfCredential(db, credential.id)
  return uses.length === 0 ? 'Nothing uses it yet.' : `Used by ${listed(uses.map(({ name }) => name))}.`
}
