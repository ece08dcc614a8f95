import type { Context } from 'hono'

const never = "default-src 'none'; frame-ancestors 'none'"

/**
 * Headers of every answer, errors and static files included. Styles may be inline because the component library sets them;
 * scripts may not. Nothing may frame us, and no referrer leaves, since some of our addresses carry one-time codes.
 */
export function securityHeaders(context: Context, publicUrl: string): void {
  const isPage = !/^\/(api|oauth|livez|readyz)\b/.test(context.req.path)
  context.header('Content-Security-Policy', isPage ? pagePolicy : never)
  context.header('X-Content-Type-Options', 'nosniff')
  context.header('Referrer-Policy', 'no-referrer')
  // The sign-in opens in a pop-up that must be able to report back, also after it has been to another origin.
  context.header('Cross-Origin-Opener-Policy', 'same-origin-allow-popups')
  context.header('Cross-Origin-Resource-Policy', 'same-origin')
  context.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
  if (publicUrl.startsWith('https:')) context.header('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  context.header('Cache-Control', 'no-store')
}

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')
