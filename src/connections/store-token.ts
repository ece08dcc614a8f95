import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Account } from './account-match.ts'
import { pinExpectedAccount } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { grantedScopes } from './entra.ts'
import type { GrantSetup } from './grant-setup.ts'
import type { TokenSet } from './oauth-protocol.ts'
import type { Probe } from './probe.ts'
import { refreshTokenLifeMs } from './refresh-schedule.ts'
import { sealTokens } from './sealing.ts'
import { insertToken, lockToken, type TokenOwner, updateToken } from './token-queries.ts'

export type NewToken = {
  setup: GrantSetup
  owner: TokenOwner
  tokens: TokenSet
  account: Account | null
  scopesAsked: readonly string[]
  /** Null where no live call is known that would prove it. */
  probe: Probe | null
  by: Pick<Actor, 'userId' | 'displayName'>
  requestId: string
}

/**
 * Stores a new token in place of the old one, in one transaction with `alongside` and the audit entry. The row keeps its id; its secret
 * version moves on, so that an old blob put back would not open.
 */
export async function storeToken(
  deps: ConnectionsDeps,
  token: NewToken,
  alongside: (trx: Database) => Promise<void> = async () => {},
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const before = await lockToken(trx, token.owner)
    const record = {
      id: before?.id ?? deps.seams.newId(),
      credential_id: token.owner.credentialId,
      user_id: token.owner.userId,
      secret_version: (before?.secret_version ?? 0) + 1,
    }
    const { app, apiUrl } = token.setup
    const { accessToken, refreshToken } = token.tokens
    const fields = {
      ...record,
      ...fieldsOf(deps, token),
      ...sealTokens(deps.vault, record, { app, apiUrl, accessToken, refreshToken }),
    }
    if (before === undefined) await insertToken(trx, fields)
    else await updateToken(trx, before.id, fields)
    if (token.owner.userId === null && token.account !== null)
      await pinExpectedAccount(trx, token.owner.credentialId, token.account)
    await alongside(trx)
    await recordAudit(trx, auditOf(token))
  })
}

function fieldsOf({ seams }: ConnectionsDeps, { setup, tokens, account, scopesAsked, probe, by }: NewToken) {
  const now = seams.now()
  return {
    oauth_app_id: setup.app.id,
    state: 'ready' as const,
    account_tenant_id: account?.tenantId ?? null,
    account_object_id: account?.objectId ?? null,
    account_name: account?.name ?? null,
    account_email: account?.email ?? setup.credential.username,
    scopes_asked: [...scopesAsked],
    scopes_granted: grantedScopes(scopesAsked, {
      echoed: tokens.scope,
      hasRefreshToken: tokens.refreshToken !== null,
      hasIdToken: account !== null,
    }),
    access_expires_at: new Date(now.getTime() + tokens.expiresInSeconds * 1000),
    works_until: tokens.refreshToken === null ? null : new Date(now.getTime() + refreshTokenLifeMs(setup.app)),
    obtained_by: by.displayName,
    obtained_by_id: by.userId,
    obtained_at: now,
    refreshed_at: null,
    last_error_code: null,
    last_error_say: null,
    last_error_at: null,
    probe_ok: probe?.ok ?? null,
    probe_say: probe?.say ?? null,
    probed_at: probe === null ? null : now,
  }
}

function auditOf({ setup, owner, account, by, requestId }: NewToken) {
  return {
    actorId: by.userId,
    actorName: by.displayName,
    action: owner.userId === null ? 'connections.get_token' : 'connections.authorise_personal',
    subject: { kind: 'credential', id: setup.credential.id, name: setup.credential.name },
    details: { account: account?.email ?? null, oauthApp: setup.app.name, profile: setup.profile.name },
    requestId,
  } as const
}
