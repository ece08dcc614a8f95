import { createHmac } from 'node:crypto'
import { Secret } from '#kit/secret.ts'

/**
 * State, nonce and PKCE verifier of one sign-in, derived from the secret in the browser's transaction cookie and the sign-in's id.
 *
 * Nothing is stored but the hash of the state, so neither a copy of the database nor another browser can complete the sign-in; and
 * since each sign-in derives its own values, several may be under way in one browser. 256 bits each, base64url (43 characters, as
 * RFC 7636 section 4.1 wants).
 */
export function transactionSecrets(
  cookie: Secret,
  authorizationId: string,
): { state: Secret; nonce: Secret; verifier: Secret } {
  const derive = (label: string) => {
    const key = cookie.open('exchange')
    return new Secret(createHmac('sha256', key).update(`anteroom/${label}/${authorizationId}`).digest('base64url'))
  }
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') }
}
