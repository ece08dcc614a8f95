import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { readUsesOfCredential } from './connection-queries.ts'
import { type CredentialRecord, readCredentialRow, readPersonalCredentials } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { auditChange, type Editor, listed } from './record.ts'
import type { PersonalConnection, TokenPanel } from './token.contract.ts'
import { tokenPanel } from './token-panel.ts'
import { lockToken, readToken, readTokensOfUser, type TokenOwner, updateToken } from './token-queries.ts'

/** My connections: every Personal credential in use, and this person's own token for it. */
export async function listPersonalConnections(
  deps: ConnectionsDeps,
  actor: Actor,
): Promise<{ connections: PersonalConnection[] }> {
  const credentials = await readPersonalCredentials(deps.db)
  const tokens = await readTokensOfUser(
    deps.db,
    actor.userId,
    credentials.map(({ id }) => id),
  )
  const connections = credentials.map(async (credential) => ({
    credential: { id: credential.id, name: credential.name },
    usedFor: await usedFor(deps, credential),
    account: actor.email,
    token: tokenPanel(
      tokens.find(({ credential_id }) => credential_id === credential.id),
      actor.microsoft,
      deps.seams.now(),
    ),
  }))
  return { connections: await Promise.all(connections) }
}

/** Takes my permission back. The reservations that need it say so until I give it again. @throws `connections.credential_not_found` */
export async function revokePersonalToken(
  deps: ConnectionsDeps,
  credentialId: string,
  editor: Editor,
): Promise<TokenPanel> {
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential?.integration_type !== 'personal') throw refused('connections.credential_not_found')
  const owner = { credentialId, userId: editor.actor.userId }
  await forgetToken(deps, { credential, owner, editor })
  return tokenPanel(await readToken(deps.db, owner), editor.actor.microsoft, deps.seams.now())
}

/**
 * Destroys a token's secrets here and keeps the row, which says who held it. There is no address at the provider that would end the
 * grant itself (no RFC 7009 endpoint), so the sentence says so.
 */
export async function forgetToken(
  deps: ConnectionsDeps,
  { credential, owner, editor }: { credential: CredentialRecord; owner: TokenOwner; editor: Editor },
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const token = await lockToken(trx, owner)
    if (token === undefined || token.state === 'revoked') return
    await updateToken(trx, token.id, {
      state: 'revoked',
      access_token: null,
      refresh_token: null,
      access_expires_at: null,
      works_until: null,
      secret_version: token.secret_version + 1,
    })
    const subject = { kind: 'credential', id: credential.id, name: credential.name }
    const details = { account: token.account_email }
    await auditChange(trx, editor, { action: 'connections.revoke_token', subject, details })
  })
  deps.publish({ topic: 'connection', id: credential.id, userId: owner.userId })
}

async function usedFor({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<string> {
  if (credential.comments !== '') return credential.comments
  const uses = await readUsesOfCredential(db, credential.id)
  return uses.length === 0 ? 'Nothing uses it yet.' : `Used by ${listed(uses.map(({ name }) => name))}.`
}
