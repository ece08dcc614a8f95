import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { type TokenScope, tokenScopes } from '#http/contract.ts'
import { Secret, sameSecret, sha256 } from '#kit/secret.ts'
import {
  type ApiTokenRecord,
  countUsableApiTokensOf,
  findApiTokenName,
  findUsableApiToken,
  insertApiToken,
  listApiTokensOf,
  revokeApiTokenOf,
  touchApiToken,
} from './api-token-queries.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { makeTokenText, publicIdIn } from './token-text.ts'
import type { UserRecord } from './user-queries.ts'

type Deps = Pick<PeopleDeps, 'db' | 'seams'>

const dayMs = 24 * 60 * 60 * 1000
/** More than anybody can keep an eye on, and a limit on everything. */
const usableTokensMax = 50
const lastUsedEveryMs = 60_000

/** A token that holds, what it is for, and the active person it acts as. */
export type ActingToken = { id: string; name: string; scopes: TokenScope[]; owner: UserRecord }

/**
 * The active person behind an API token.
 * @throws Refusal `people.api_token_refused` for every reason alike, so that an answer tells nothing about what exists.
 */
export async function findApiToken(deps: Deps, text: string): Promise<ActingToken> {
  const publicId = publicIdIn(text)
  const now = deps.seams.now()
  const found = publicId === null ? undefined : await findUsableApiToken(deps.db, publicId, now)
  // 178 random bits need no slow hash: there is no list of likely ones to try.
  if (found === undefined || !sameSecret(sha256(text).toString('hex'), found.secret_hash.toString('hex'))) {
    throw refused('people.api_token_refused')
  }
  const quietMs = now.getTime() - (found.last_used_at?.getTime() ?? 0)
  if (quietMs >= lastUsedEveryMs) await touchApiToken(deps.db, found.token_id, now)
  return { id: found.token_id, name: found.token_name, scopes: found.scopes, owner: found }
}

/** Which token of ours this text is, whether it holds or not; null for any other text. For the trail, never for an answer. */
export async function nameApiToken(
  deps: Pick<Deps, 'db'>,
  text: string,
): Promise<{ kind: 'api_token'; id: string; name: string } | null> {
  const publicId = publicIdIn(text)
  const found = publicId === null ? undefined : await findApiTokenName(deps.db, publicId)
  return found === undefined ? null : { kind: 'api_token', ...found }
}

export type ApiTokenOrder = {
  owner: { id: string; displayName: string }
  /** Who asked: the owner, or the command line on the server. */
  by: { id: string | null; name: string }
  name: string
  expiresInDays: number
  /** Whatever its owner may do, unless it is said. */
  scopes?: readonly TokenScope[]
  requestId?: string
}

/**
 * Creates a token and returns it in the clear, the only time that exists; the table keeps its SHA-256.
 * @throws Refusal `people.too_many_api_tokens`
 */
export async function issueApiToken(
  deps: Deps,
  order: ApiTokenOrder,
): Promise<{ record: ApiTokenRecord; token: Secret }> {
  const now = deps.seams.now()
  const { publicId, text } = makeTokenText(deps.seams.randomBytes)
  const record = {
    id: deps.seams.newId(),
    public_id: publicId,
    name: order.name,
    scopes: tokenScopes.filter((scope) => (order.scopes ?? ['everything']).includes(scope)),
    created_at: now,
    expires_at: new Date(now.getTime() + order.expiresInDays * dayMs),
  }
  await transaction(deps.db, async (trx) => {
    if ((await countUsableApiTokensOf(trx, order.owner.id, now)) >= usableTokensMax) {
      throw refused('people.too_many_api_tokens')
    }
    await insertApiToken(trx, { ...record, secret_hash: sha256(text), user_id: order.owner.id })
    await recordAudit(trx, {
      actorId: order.by.id,
      actorName: order.by.name,
      action: 'people.api_token_created',
      subject: { kind: 'api_token', id: record.id, name: order.name },
      details: { owner: order.owner.displayName, publicId, scopes: record.scopes, expiresAt: record.expires_at },
      requestId: order.requestId ?? null,
    })
  })
  return { record: { ...record, last_used_at: null }, token: new Secret(text) }
}

/** Tokens of this person that were not revoked, expired ones included and last. */
export async function apiTokensOf(deps: Deps, userId: string): Promise<ApiTokenRecord[]> {
  return listApiTokensOf(deps.db, userId)
}

/** @throws Refusal `people.api_token_not_found` also when the token is not this owner's. */
export async function revokeApiToken(
  deps: Deps,
  actor: Actor,
  { ownerId, tokenId, requestId }: { ownerId: string; tokenId: string; requestId: string },
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const revoked = await revokeApiTokenOf(trx, { id: tokenId, userId: ownerId, now: deps.seams.now() })
    if (revoked === undefined) throw refused('people.api_token_not_found')
    await recordAudit(trx, {
      actorId: actor.userId,
      actorName: actor.displayName,
      action: 'people.api_token_revoked',
      subject: { kind: 'api_token', id: revoked.id, name: revoked.name },
      details: { ownerId, publicId: revoked.public_id },
      requestId,
    })
  })
}
