import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { JWK, JWTPayload } from 'jose'

/** A new private RSA key that signs a tenant's tokens; a simulation makes one and opens every tenant with it, since making one is slow. */
export function makeSigningKey(keyId: string): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), alg: 'RS256', use: 'sig', kid: keyId }
}

/**
 * A JWT signed with RS256 (RFC 7519, RFC 7518 3.3). Signing and checking are synchronous on purpose: through the thread pool
 * two requests of a seeded run could finish in either order.
 */
export function signJwt(key: JWK, claims: JWTPayload): string {
  const head = `${encoded({ alg: 'RS256', typ: 'JWT', kid: key.kid ?? '' })}.${encoded(claims)}`
  return `${head}.${sign('sha256', Buffer.from(head), keysOf(key).privateKey).toString('base64url')}`
}

/** The claims of a JWT this key signed, or null. Times and audience are the caller's to judge. */
export function readSignedJwt(key: JWK, jwt: string): JWTPayload | null {
  const [header = '', claims = '', signature = '', ...more] = jwt.split('.')
  if (more.length > 0 || signature === '') return null
  const signed = Buffer.from(`${header}.${claims}`)
  if (!verify('sha256', signed, keysOf(key).publicKey, Buffer.from(signature, 'base64url'))) return null
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as JWTPayload
}

const known = new WeakMap<JWK, { privateKey: KeyObject; publicKey: KeyObject }>()

function keysOf(key: JWK): { privateKey: KeyObject; publicKey: KeyObject } {
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const privateKey = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' })
  const keys = { privateKey, publicKey: createPublicKey(privateKey) }
  known.set(key, keys)
  return keys
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
