import type { Secret } from '#kit/secret.ts'

/** How a client says who it is: RFC 6749 section 2.3.1 in the body or as Basic, or RFC 7523 section 2.2 with a signed assertion. */
export type ClientAuthentication = 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt'

/** A key that signs assertions, and the name of its certificate (SHA-256, base64url). */
export type Signer = { id: string; thumbprint: string; privateKey: Secret }

/** One thing that the client may prove itself with. */
export type ClientProof =
  | { is: 'secret'; id: string; secret: Secret; workedAt: Date | null }
  | { is: 'certificate'; id: string; signer: Signer; workedAt: Date | null }
  /** Nothing but the client ID: the assertion of the grant is proof enough (RFC 7521 section 4.1). */
  | { is: 'nothing' }

/** The part of an OAuth app that speaks to the token endpoint. */
export type OAuthClient = {
  clientId: string
  authentication: ClientAuthentication
  /** In the order in which they are tried; the next one only after the client itself was refused. Never empty. */
  proofs: readonly ClientProof[]
  tokenUrl: string
  /** How long an access token lives when the answer does not say, in seconds (RFC 6749 section 5.1: documented by other means). */
  accessTokenSeconds: number
  /** Whom an assertion is for: the exact Token URL, or the issuer. One value, never taken from what a provider answers. */
  audience: string
  /** Keys that sign the assertion of the JWT bearer grant, in the order in which they are tried. */
  signers: readonly Signer[]
  /** Deadline of one request, however many proofs are tried, body included; tokenCallTimeoutMs unless told. */
  timeoutMs?: number
  /** Told how each try ended, so that what worked is tried first the next time. */
  note?: (proof: ClientProof, ended: 'worked' | 'refused') => Promise<void>
}

/** How long one request may take. */
export const tokenCallTimeoutMs = 20_000
