import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { Secret } from '#kit/secret.ts'

/** `an_s` the session, `an_signin` a started sign-in to Anteroom, `an_tx` a started OAuth authorization. */
export type CookieName = 'an_s' | 'an_signin' | 'an_tx'

/** 32 random bytes as base64url: the only value our cookies ever hold. */
const cookieValue = /^[A-Za-z0-9_-]{43}$/

/**
 * Reads one of our cookies; null when it is absent or not of our making.
 *
 * With https the name has the prefix `__Host-` (RFC 6265bis section 4.1.3.2), so that no sibling host can set it. Plain http
 * is for loopback only, where browsers refuse the prefix.
 */
export function readCookie(context: Context, publicUrl: string, name: CookieName): Secret | null {
  const value = getCookie(context, fullName(publicUrl, name))
  return value !== undefined && cookieValue.test(value) ? new Secret(value) : null
}

/** Sets it for the whole site. Lax, since Strict would hide it when Microsoft sends the browser back to us. */
export function writeCookie(
  context: Context,
  publicUrl: string,
  { name, value, maxAgeSeconds }: { name: CookieName; value: Secret; maxAgeSeconds?: number },
): void {
  setCookie(context, fullName(publicUrl, name), value.open('show_once'), {
    ...attributes(publicUrl),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  })
}

export function clearCookie(context: Context, publicUrl: string, name: CookieName): void {
  deleteCookie(context, fullName(publicUrl, name), attributes(publicUrl))
}

function attributes(publicUrl: string) {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: isHttps(publicUrl) } as const
}

function fullName(publicUrl: string, name: CookieName): string {
  return isHttps(publicUrl) ? `__Host-${name}` : name
}

function isHttps(publicUrl: string): boolean {
  return new URL(publicUrl).protocol === 'https:'
}
