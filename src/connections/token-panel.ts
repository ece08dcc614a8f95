import { nameOfAccount } from './account-match.ts'
import { providerName, shortScope } from './entra.ts'
import type { TokenPanel } from './token.contract.ts'
import type { TokenRecord } from './token-queries.ts'

/** Whose account a token should hold: pinned or personal by identity, otherwise not known yet. */
export type PanelExpectation = { tenantId: string; objectId: string } | null

/** Everything that can be said about a token without opening it. */
export function tokenPanel(token: TokenRecord | undefined, expected: PanelExpectation, now: Date): TokenPanel {
  if (token === undefined) return emptyPanel
  return {
    state: token.state,
    sentence: sentenceOf(token, now),
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
  accessExpiresAt: null,
  worksUntil: null,
  obtainedBy: null,
  obtainedAt: null,
  refreshedAt: null,
  lastUsedAt: null,
  lastError: null,
  probe: null,
}

function sentenceOf(token: TokenRecord, now: Date): string {
  if (token.state === 'revoked') return 'The token was revoked here. Sign in again to use it.'
  if (token.state === 'reauth_required') return token.last_error_say ?? 'The permission has lapsed. Sign in again.'
  const missing = scopesOf(token).filter(({ asked, granted }) => asked && !granted)
  const lacking =
    missing.length === 0 ? '' : ` ${providerName} did not grant ${missing.map(({ scope }) => scope).join(', ')}.`
  return `${durationOf(token, now)}${lacking}`
}

function durationOf(token: TokenRecord, now: Date): string {
  if (token.works_until !== null) {
    return `Works. It renews itself, and lapses only if it is not used until ${day(token.works_until)}.`
  }
  if (token.account_object_id === null) return 'Works. The application gets a new one by itself whenever it is needed.'
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
    matchesExpected: expected !== null && expected.tenantId === tenantId && expected.objectId === objectId,
  }
}

function scopesOf(token: TokenRecord): TokenPanel['scopes'] {
  const key = (scope: string) => shortScope(scope).toLowerCase()
  const granted = new Set(token.scopes_granted.map(key))
  const asked = new Set(token.scopes_asked.map(key))
  return [
    ...token.scopes_asked.map((scope) => ({ scope, asked: true, granted: granted.has(key(scope)) })),
    ...token.scopes_granted
      .filter((scope) => !asked.has(key(scope)))
      .map((scope) => ({ scope, asked: false, granted: true })),
  ]
}

const iso = (at: Date | null) => at?.toISOString() ?? null
const day = (at: Date) => at.toISOString().slice(0, 10)
