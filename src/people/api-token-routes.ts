import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import type { TokenScope } from '#http/contract.ts'
import { mountSignedIn, type Router } from '#http/mount.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import * as contract from './api-token.contract.ts'
import { apiTokensOf, issueApiToken, revokeApiToken } from './api-token.ts'
import type { ApiTokenRecord } from './api-token-queries.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { createServiceAccount, readServiceAccount } from './service-account.ts'
import { readPerson } from './user.ts'

/** API tokens of one's own, and for administrators those of everybody and the accounts of programs. */
export function mountApiTokens(router: Router, deps: PeopleDeps): void {
  mountSignedIn(router, contract.listApiTokens, ({ actor }) => tokensOf(deps, actor.userId))
  mountSignedIn(router, contract.createApiToken, async ({ actor, body, context, requestId }) => {
    requireSession(actor)
    if (canHarm(body.scopes)) requireRecentSignIn(actor, deps.seams.now())
    const owner = { id: actor.userId, displayName: actor.displayName }
    return shownOnce(context, await issueApiToken(deps, { owner, by: byOf(actor), ...body, requestId }))
  })
  mountSignedIn(router, contract.revokeApiToken, ({ actor, params, requestId }) =>
    revoke(deps, actor, { ownerId: actor.userId, tokenId: params.id, requestId }),
  )
  mountOthersTokens(router, deps)
}

function mountOthersTokens(router: Router, deps: PeopleDeps): void {
  mountSignedIn(router, contract.createServiceAccount, ({ actor, body, requestId }) =>
    createServiceAccount(deps, actor, { ...body, requestId }),
  )
  mountSignedIn(router, contract.listApiTokensOf, async ({ params }) => {
    const { id } = await readPerson(deps, params.id)
    return tokensOf(deps, id)
  })
  mountSignedIn(router, contract.createServiceAccountToken, async ({ actor, params, body, context, requestId }) => {
    requireSession(actor)
    requireRecentSignIn(actor, deps.seams.now())
    const owner = await readServiceAccount(deps, params.id)
    return shownOnce(context, await issueApiToken(deps, { owner, by: byOf(actor), ...body, requestId }))
  })
  mountSignedIn(router, contract.revokeApiTokenOf, ({ actor, params, requestId }) =>
    revoke(deps, actor, { ownerId: params.id, tokenId: params.tokenId, requestId }),
  )
}

/** What a session is asked to sign in again for, an API token with these scopes does without being asked. */
function canHarm(scopes: readonly TokenScope[]): boolean {
  return scopes.includes('everything') || scopes.includes('connections')
}

/** A leaked token could otherwise make itself a successor and outlive its own end. */
function requireSession(actor: Actor): void {
  if (actor.via !== 'session') throw refused('people.session_required')
}

function byOf(actor: Actor) {
  return { id: actor.userId, name: actor.displayName }
}

async function tokensOf(deps: PeopleDeps, ownerId: string) {
  return { tokens: (await apiTokensOf(deps, ownerId)).map(tokenRow) }
}

function shownOnce(context: Context, { record, token }: Awaited<ReturnType<typeof issueApiToken>>) {
  context.header('Cache-Control', 'no-store')
  return { ...tokenRow(record), token: token.open('show_once') }
}

async function revoke(
  deps: PeopleDeps,
  actor: Actor,
  which: { ownerId: string; tokenId: string; requestId: string },
): Promise<{ done: true }> {
  await revokeApiToken(deps, actor, which)
  return { done: true }
}

function tokenRow(record: ApiTokenRecord): contract.ApiToken {
  return {
    id: record.id,
    name: record.name,
    publicId: record.public_id,
    scopes: record.scopes,
    createdAt: record.created_at.toISOString(),
    expiresAt: record.expires_at.toISOString(),
    lastUsedAt: record.last_used_at?.toISOString() ?? null,
  }
}
