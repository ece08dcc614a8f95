import { importPKCS8, SignJWT } from 'jose'
import type { Seams } from '#kit/seams.ts'
import type { Signer } from './oauth-client.ts'

export type AssertionClaims = {
  issuer: string
  subject: string
  /** Exactly one, so that a copy is worth nothing anywhere else. */
  audience: string
  algorithm: 'PS256' | 'RS256'
  /** Some providers read the scopes of the JWT bearer grant here, others beside the assertion. */
  scopes?: readonly string[]
}

/** Long enough for a slow answer and clocks a minute apart, too short to be of use to whoever finds one. */
const lifeSeconds = 120

/**
 * A signed assertion (RFC 7523 section 3) with an id of its own, that names its key by the certificate's SHA-256 (`x5t#S256`, RFC 7515
 * section 4.1.8). The private key is opened for the signature and goes nowhere.
 */
export async function signAssertion(
  seams: Pick<Seams, 'now' | 'newId'>,
  { thumbprint, privateKey }: Signer,
  { issuer, subject, audience, algorithm, scopes = [] }: AssertionClaims,
): Promise<string> {
  const now = Math.floor(seams.now().getTime() / 1000)
  const key = await importPKCS8(privateKey.open('client_authentication'), algorithm)
  return new SignJWT(scopes.length === 0 ? {} : { scope: scopes.join(' ') })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setJti(seams.newId())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + lifeSeconds)
    .sign(key)
}
