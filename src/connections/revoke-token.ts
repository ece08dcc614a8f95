import { transaction } from '#db/transaction.ts'
import type { Secret } from '#kit/secret.ts'
import { clientFor } from './client-for.ts'
import { readClientProofs } from './client-proof-queries.ts'
import type { CredentialRecord } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { providerPlaces } from './entra.ts'
import type { OAuthAppRecord } from './grant-setup.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { askToRevoke } from './oauth-protocol.ts'
import { providerOf } from './provider.ts'
import { auditChange, type Editor } from './record.ts'
import { refreshTokenBinding } from './sealing.ts'
import type { RevocationReceipt } from './token.contract.ts'
import { lockToken, type TokenOwner, type TokenRecord, updateToken } from './token-queries.ts'

export type Revocation = { credential: CredentialRecord; owner: TokenOwner; editor: Editor }

/**
 * Destroys a token's secrets here and keeps the row, which says who held it. Then the provider is told, where its app has an address for
 * it (RFC 7009); the receipt says what was revoked where, what could not be, and what to do about that. Null when there was nothing to revoke.
 */
export async function revokeToken(deps: ConnectionsDeps, revocation: Revocation): Promise<RevocationReceipt | null> {
  const { credential, owner, editor } = revocation
  const forgotten = await transaction(deps.db, async (trx) => {
    const token = await lockToken(trx, owner)
    if (token === undefined || token.state === 'revoked') return null
    await updateToken(trx, token.id, {
      state: 'revoked',
      access_token: null,
      refresh_token: null,
      access_expires_at: null,
      works_until: null,
      last_error_code: null,
      last_error_say: null,
      last_error_at: null,
      secret_version: token.secret_version + 1,
    })
    const subject = { kind: 'credential', id: credential.id, name: credential.name }
    const details = { account: token.account_email }
    await auditChange(trx, editor, { action: 'connections.revoke_token', subject, details })
    return token
  })
  if (forgotten === null) return null
  deps.publish({ topic: 'connection', id: credential.id, userId: owner.userId })
  return receiptOf(deps, forgotten)
}

async function receiptOf(deps: ConnectionsDeps, token: TokenRecord): Promise<RevocationReceipt> {
  const app = await readOAuthAppRow(deps.db, token.oauth_app_id)
  const atProvider = app === undefined ? sayNoApp : await revokeThere(deps, token, app)
  const now = deps.seams.now()
  const stillGood = token.access_expires_at !== null && token.access_expires_at > now ? token.access_expires_at : null
  return {
    revokedAt: now.toISOString(),
    here: 'Anteroom destroyed its copy of the token. Nothing here can use it any more, and no backup made from now on holds it.',
    atProvider: atProvider.say,
    revokedAtProvider: atProvider.revoked,
    accessTokenGoodUntil: stillGood?.toISOString() ?? null,
    whatToDo: atProvider.revoked ? [] : whatToDo(token),
  }
}

type AtProvider = { revoked: boolean; say: string }

const sayNoApp: AtProvider = {
  revoked: false,
  say: 'The OAuth app of this token does not exist any more, so the provider was not told.',
}

async function revokeThere(deps: ConnectionsDeps, token: TokenRecord, app: OAuthAppRecord): Promise<AtProvider> {
  if (app.token_revocation_url === '') {
    const say = `${providerOf(app).name} has no address where a token could be revoked, so it was not told.`
    return { revoked: false, say }
  }
  const secret = refreshTokenOf(deps, token, app)
  if (secret === null)
    return { revoked: false, say: 'There was no refresh token that could be revoked at the provider.' }
  const proofs = await readClientProofs(deps.db, app.id)
  const answer = await askToRevoke(deps.seams, {
    client: clientFor(deps, { app, proofs, profile: { grantType: 'authorization_code' } }),
    url: app.token_revocation_url,
    secret,
  })
  return answer.is === 'revoked'
    ? { revoked: true, say: `${new URL(app.token_revocation_url).host} confirmed that the grant has ended.` }
    : { revoked: false, say: answer.say }
}

/** Null when there is none, or when it was sealed for another destination than the app names now and may not be sent there. */
function refreshTokenOf(deps: ConnectionsDeps, token: TokenRecord, app: OAuthAppRecord): Secret | null {
  if (token.refresh_token === null || deps.vault.state().is === 'sealed') return null
  try {
    return deps.vault.open(token.refresh_token, refreshTokenBinding(token, app))
  } catch {
    return null
  }
}

function whatToDo(token: TokenRecord): RevocationReceipt['whatToDo'] {
  if (token.account_object_id === null) {
    const say =
      'An application gets its tokens with its client secret: remove the secret or disable the app registration at the provider.'
    return [{ say, url: providerPlaces.enterpriseApps }]
  }
  return [
    { say: 'To take the permission itself back, remove the app under My Apps.', url: providerPlaces.ownPermissions },
    {
      say: 'To end it at once for a lost or stolen token, an administrator revokes the account’s sessions or the app’s consent.',
      url: providerPlaces.enterpriseApps,
    },
  ]
}
