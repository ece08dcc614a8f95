import { sayDay } from '#kit/day.ts'
import { nameOfAccount } from './account-match.ts'
import { shortScope } from './entra.ts'
import type { TokenPanel } from './token.contract.ts'
import type { TokenRecord } from './token-queries.ts'
import { troubleOf } from './trouble.ts'

/**
 * Whose account a token should hold: pinned or personal by identity, otherwise not known yet. `as_stored`: the provider knows our people by other
 * ids than we do, so the account that was accepted is the one expected.
 */
export type PanelExpectation = { tenantId: string; objectId: string } | 'as_stored' | null

export type PanelSurroundings = {
  expected: PanelExpectation
  now: Date
  /** What the credential's profile asks for today. */
  profileScopes: readonly string[]
  /** It is renewed by asking anew with what is stored, so it needs no refresh token. */
  asksAgain: boolean
}

/** Everything that can be said about a token without opening it. */
export function tokenPanel(token: TokenRecord | undefined, surroundings: PanelSurroundings): TokenPanel {
  if (token === undefined) return emptyPanel
  const { expected, now, profileScopes, asksAgain } = surroundings
  const missingScopes = missingOf(token, profileScopes)
  return {
    state: token.state,
    sentence: sentenceOf(token, { now, missingScopes, asksAgain }),
    ...moveOf(token, missingScopes),
    missingScopes,
    account: accountOf(token, expected),
    scopes: scopesOf(token),
    accessExpiresAt: iso(token.access_expires_at),
    worksUntil: iso(token.works_until),
    obtainedBy: token.obtained_by,
    obtainedAt: iso(token.obtained_at),
    refreshedAt: iso(token.refreshed_at),
    lastUsedAt: iso(token.last_used_at),
    lastError:
      token.last_error_code === null || token.last_error_at === null
        ? null
        : { code: token.last_error_code, say: token.last_error_say ?? '', at: token.last_error_at.toISOString() },
    probe:
      token.probe_ok === null || token.probed_at === null
        ? null
        : { ok: token.probe_ok, say: token.probe_say ?? '', at: token.probed_at.toISOString() },
  }
}

const emptyPanel: TokenPanel = {
  state: 'none',
  sentence: 'There is no token yet.',
  account: null,
  scopes: [],
  whoMustAct: null,
  button: null,
  missingScopes: [],
  accessExpiresAt: null,
  worksUntil: null,
  obtainedBy: null,
  obtainedAt: null,
  refreshedAt: null,
  lastUsedAt: null,
  lastError: null,
  probe: null,
}

type Sentence = { now: Date; missingScopes: string[]; asksAgain: boolean }

function sentenceOf(token: TokenRecord, { now, missingScopes, asksAgain }: Sentence): string {
  if (token.state === 'revoked') return 'The token was revoked here. Sign in again to use it.'
  if (token.state === 'reauth_required') return token.last_error_say ?? 'The permission has lapsed. Sign in again.'
  const refusedThen = scopesOf(token).filter(({ asked, granted }) => asked && !granted)
  const neverAsked = missingScopes.filter((scope) => !refusedThen.some((refused) => refused.scope === scope))
  const lacking = [
    ...(refusedThen.length === 0
      ? []
      : [`The provider did not grant ${listedScopes(refusedThen.map(({ scope }) => scope))}.`]),
    ...(neverAsked.length === 0
      ? []
      : [`The profile asks for ${listedScopes(neverAsked)} since then: sign in again to give only that.`]),
  ]
  return [durationOf(token, now, asksAgain), ...lacking].join(' ')
}

const listedScopes = (scopes: readonly string[]) => scopes.join(', ')

/** A trouble first; a token that works but lacks a scope is its owner's to complete. */
function moveOf(token: TokenRecord, missingScopes: readonly string[]): Pick<TokenPanel, 'whoMustAct' | 'button'> {
  const system = token.user_id === null
  // Somebody wanted it so: no trouble, and the way back is the ordinary button.
  if (token.state === 'revoked') return { whoMustAct: null, button: null }
  if (token.last_error_code !== null) return troubleOf(token.last_error_code, { system })
  if (token.state === 'reauth_required') return troubleOf('connections.sign_in_needed', { system })
  if (missingScopes.length === 0 || token.account_object_id === null) return { whoMustAct: null, button: null }
  return {
    whoMustAct: system ? 'administrator' : 'person',
    button: { label: 'Ask for what is missing', does: 'sign_in' },
  }
}

/** An application's own scope is `/.default`, which is never echoed as such; what it was granted is the administrator's list. */
function missingOf(token: TokenRecord, profileScopes: readonly string[]): string[] {
  if (token.account_object_id === null) return []
  const granted = new Set(token.scopes_granted.map(scopeKey))
  return profileScopes.filter((scope) => !granted.has(scopeKey(scope)))
}

function durationOf(token: TokenRecord, now: Date, asksAgain: boolean): string {
  if (token.works_until !== null) {
    return `Works. It renews itself, and lapses only if it is not used until ${sayDay(token.works_until)}.`
  }
  if (asksAgain) return 'Works. The application gets a new one by itself whenever it is needed.'
  const expires = token.access_expires_at
  if (expires !== null && expires > now) {
    return `Works until ${expires.toISOString().slice(0, 16).replace('T', ' ')} UTC only: without offline_access it cannot be renewed.`
  }
  return 'It has ended and cannot be renewed without offline_access. Add that scope to the profile and sign in again.'
}

function accountOf(token: TokenRecord, expected: PanelExpectation): TokenPanel['account'] {
  const { account_tenant_id: tenantId, account_object_id: objectId, account_email, account_name } = token
  if (tenantId === null || objectId === null) return null
  const email = account_email ?? ''
  return {
    name: account_name ?? nameOfAccount({ name: '', email }),
    email,
    objectId,
    tenantId,
    matchesExpected: expected === 'as_stored' || (expected?.tenantId === tenantId && expected.objectId === objectId),
  }
}

function scopesOf(token: TokenRecord): TokenPanel['scopes'] {
  const granted = new Set(token.scopes_granted.map(scopeKey))
  const asked = new Set(token.scopes_asked.map(scopeKey))
  return [
    ...token.scopes_asked.map((scope) => ({ scope, asked: true, granted: granted.has(scopeKey(scope)) })),
    ...token.scopes_granted
      .filter((scope) => !asked.has(scopeKey(scope)))
      .map((scope) => ({ scope, asked: false, granted: true })),
  ]
}

const scopeKey = (scope: string) => shortScope(scope).toLowerCase()
const iso = (at: Date | null) => at?.toISOString() ?? null
