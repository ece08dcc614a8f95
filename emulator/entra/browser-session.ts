import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { TenantEnv } from '../http.ts'
import type { BrowserSession, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'

/** Cookies are shared by all ports of a host, so the name must be ours alone. */
const cookieName = 'local_tenant_sign_in'
/** A single sign-on session that nobody asked to keep lasts a day without use (entra-docs, configurable-token-lifetimes). */
const sessionIdleMs = 24 * 60 * 60 * 1000

/** An account this browser knows; without `signedIn` it must give its password again. */
export type KnownAccount = { user: User; signedIn: boolean }

/** When this person last gave their password in this browser, in seconds since 1970. */
export function authTimeOf(c: Context<TenantEnv>, tenant: Tenant, userId: string): number {
  const at = sessionOf(c, tenant)?.signedInAt?.[userId]
  return Math.floor((at === undefined ? 0 : Date.parse(at)) / 1000)
}

/** The accounts this browser knows, in the order they came. */
export function knownAccounts(c: Context<TenantEnv>, tenant: Tenant): KnownAccount[] {
  const session = sessionOf(c, tenant)
  if (session === undefined) return []
  const alive = tenant.now().getTime() - Date.parse(session.lastUsedAt ?? session.createdAt) < sessionIdleMs
  return session.userIds.flatMap((userId) => {
    const user = tenant.users.get(userId)
    return user === undefined ? [] : [{ user, signedIn: alive && user.enabled && stillValid(session, user) }]
  })
}

/** The account the person used last in this browser, if it is still signed in. */
export function activeAccount(c: Context<TenantEnv>, tenant: Tenant): User | null {
  const activeUserId = sessionOf(c, tenant)?.activeUserId
  return knownAccounts(c, tenant).find((one) => one.signedIn && one.user.id === activeUserId)?.user ?? null
}

/** Remembers that this person just gave their password here, or was chosen again. */
export function rememberAccount(
  c: Context<TenantEnv>,
  tenant: Tenant,
  userId: string,
  how: 'password' | 'chosen',
): void {
  const now = tenant.now().toISOString()
  const before = sessionOf(c, tenant)
  const session = before ?? {
    id: tenant.chance.bytes(24).toString('base64url'),
    userIds: [],
    activeUserId: null,
    createdAt: now,
  }
  const signedInAt = how === 'password' ? { ...session.signedInAt, [userId]: now } : session.signedInAt
  const userIds = session.userIds.includes(userId) ? session.userIds : [...session.userIds, userId]
  tenant.browserSessions.put({
    ...session,
    userIds,
    activeUserId: userId,
    lastUsedAt: now,
    signedInAt: signedInAt ?? {},
  })
  if (before !== undefined) return
  c.set('browserSession', session.id)
  const secure = new URL(c.req.url).protocol === 'https:'
  setCookie(c, cookieName, session.id, { path: '/', httpOnly: true, sameSite: 'Lax', secure })
}

/** Proves that a form was made for this browser: nobody else knows the session's name it is made of. */
export function csrfTokenOf(c: Context<TenantEnv>, tenant: Tenant): string {
  return createHash('sha256')
    .update(`csrf ${sessionOf(c, tenant)?.id ?? ''}`)
    .digest('base64url')
}

/** Signs out one account, or with null everybody; refresh tokens live on (entra-docs, v2-protocols-oidc, sign-out). */
export function forgetAccounts(c: Context<TenantEnv>, tenant: Tenant, userId: string | null): void {
  const session = sessionOf(c, tenant)
  if (session === undefined) return
  const userIds = userId === null ? [] : session.userIds.filter((id) => id !== userId)
  if (userIds.length === 0) tenant.browserSessions.delete(session.id)
  else tenant.browserSessions.put({ ...session, userIds, activeUserId: null })
}

function sessionOf(c: Context<TenantEnv>, tenant: Tenant): BrowserSession | undefined {
  return tenant.browserSessions.get(c.get('browserSession') ?? getCookie(c, cookieName) ?? '')
}

function stillValid(session: BrowserSession, user: User): boolean {
  const signedInAt = Date.parse(session.signedInAt?.[user.id] ?? session.createdAt)
  return user.signInSessionsValidFrom === null || signedInAt > Date.parse(user.signInSessionsValidFrom)
}
