import { createHmac } from 'node:crypto'
import type { Secret } from '#kit/secret.ts'

/** One started sign-in: what Microsoft echoes, what its id token must repeat, and what proves that we asked (RFC 7636). */
export type SignInSecrets = { state: string; nonce: string; codeVerifier: string }

/**
 * Derives all three from the 32 random bytes that only this browser's cookie holds. So the database stores nothing that
 * could complete somebody's sign-in, and a callback in another browser cannot fit.
 */
export function signInSecrets(browserSecret: Secret): SignInSecrets {
  const derive = (label: string) =>
    createHmac('sha256', browserSecret.open('exchange')).update(`anteroom sign-in v1 ${label}`).digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code verifier') }
}
