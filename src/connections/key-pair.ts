import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { Secret, sha256 } from '#kit/secret.ts'
import { refused } from './errors.ts'

/** A certificate with its private key, as it was pasted or made, and what the certificate says. */
export type KeyPair = CertificateFacts & {
  /** PEM: the certificate itself, then those that vouch for it. */
  certificate: string
  /** PKCS #8, PEM. */
  privateKey: Secret
}

export type CertificateFacts = {
  subject: string
  notBefore: Date
  expiresAt: Date
  /** SHA-256 of the certificate in base64url, as assertions name it. */
  thumbprint: string
}

const rsaBitsMin = 2048

/**
 * Reads PEM text that holds a certificate and its private key, in any order.
 * @param rsaOnly assertions are signed with RSA; TLS takes other keys as well
 * @throws `connections.key_pair_unreadable` with a sentence that says what is wrong, beside the field `field`
 */
export function readKeyPair(
  text: string,
  { rsaOnly, field, now }: { rsaOnly: boolean; field: string; now: Date },
): KeyPair {
  const wrong = (say: string) => refused('connections.key_pair_unreadable', { say, fields: { [field]: say } })
  const key = privateKeyIn(text)
  if (typeof key === 'string') throw wrong(key)
  const chain = certificatesIn(text)
  if (chain === null) throw wrong('The certificate cannot be read. Paste it from BEGIN CERTIFICATE to END CERTIFICATE.')
  const own = chain.find((certificate) => certificate.checkPrivateKey(key))
  if (own === undefined)
    throw wrong('The private key does not belong to the certificate. Paste the two that were made together.')
  const weak = rsaOnly ? weakBecause(key) : null
  if (weak !== null) throw wrong(weak)
  if (own.validToDate <= now) throw wrong(`The certificate has expired on ${own.validTo}. Use a newer one.`)
  const pem = [own, ...chain.filter((certificate) => certificate !== own)].map((one) => one.toString()).join('')
  const privateKey = new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString())
  return { ...factsOf(own), certificate: pem, privateKey }
}

/** What a stored certificate says, for whoever compares it with what the other side knows. */
export function readCertificate(pem: string): CertificateFacts & { sha1: string; sha256: string } {
  const certificate = new X509Certificate(pem)
  const hex = (fingerprint: string) => fingerprint.replaceAll(':', '')
  return { ...factsOf(certificate), sha1: hex(certificate.fingerprint), sha256: hex(certificate.fingerprint256) }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: certificate.validFromDate,
    expiresAt: certificate.validToDate,
    thumbprint: sha256(certificate.raw).toString('base64url'),
  }
}

function certificatesIn(text: string): X509Certificate[] | null {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.length === 0 ? null : blocks.map((block) => new X509Certificate(block))
  } catch {
    return null
  }
}

/** The key, or a sentence that says why there is none. */
function privateKeyIn(text: string): KeyObject | string {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text))
    return 'The private key is protected by a passphrase. Take it off first; here the vault protects the key.'
  const [block] =
    text.match(/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----[^-]+-----END (?:RSA |EC )?PRIVATE KEY-----/) ?? []
  if (block === undefined)
    return 'The private key is missing. Paste it together with the certificate, both in PEM form.'
  try {
    return createPrivateKey(block)
  } catch {
    return 'The private key cannot be read. Paste it from BEGIN PRIVATE KEY to END PRIVATE KEY.'
  }
}

function weakBecause(key: KeyObject): string | null {
  if (key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= rsaBitsMin) return null
  return `Assertions are signed with RSA keys of at least ${rsaBitsMin} bits. Generate a key pair here, or upload another one.`
}
