import { createPrivateKey, createSign, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from './secret.ts'

/** A key pair as a provider wants to see it: the certificate goes to them, the private key (PKCS #8, PEM) goes to the vault. */
export type KeyPair = { certificate: string; privateKey: Secret }

export type CertificateWish = {
  commonName: string
  notBefore: Date
  notAfter: Date
  /** 16 random bytes: no two certificates may share a number (RFC 5280 section 4.1.2.2). */
  serial: Uint8Array
}

const keyBits = 3072
const makeKeyPair = promisify(generateKeyPair)

/**
 * An RSA key pair with a certificate that it signed itself (X.509 version 3, RFC 5280), good for proving who a client is and for nothing
 * else. Node reads certificates and cannot make them; this one shape needs a page of DER, where the libraries that know all shapes need
 * some twenty packages.
 */
export async function selfSignedKeyPair(wish: CertificateWish): Promise<KeyPair> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const key = createPrivateKey(privateKey)
  return { certificate: pem(certificate(wish, publicKey, key)), privateKey: new Secret(privateKey) }
}

function certificate(
  { commonName, notBefore, notAfter, serial }: CertificateWish,
  spki: Buffer,
  key: KeyObject,
): Buffer {
  const name = sequence(set(sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(commonName)))))
  const unsigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.from(serial)),
    sha256WithRsa,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    spki,
    tagged(0xa3, sequence(...extensions())),
  )
  const signature = createSign('sha256').update(unsigned).sign(key)
  return sequence(unsigned, sha256WithRsa, bits(signature))
}

/** No authority, for signatures, as a client (RFC 5280 sections 4.2.1.9, 4.2.1.3 and 4.2.1.12). */
function extensions(): Buffer[] {
  const critical = tagged(0x01, Buffer.from([0xff]))
  const digitalSignature = Buffer.from([0x03, 0x02, 0x07, 0x80])
  return [
    sequence(oid('2.5.29.19'), critical, octets(sequence())),
    sequence(oid('2.5.29.15'), critical, octets(digitalSignature)),
    sequence(oid('2.5.29.37'), octets(sequence(oid('1.3.6.1.5.5.7.3.2')))),
  ]
}

// DER, as far as it is needed: a tag, a length, and what is inside (X.690 sections 8.1 and 10.1).

function tagged(tag: number, ...content: Buffer[]): Buffer {
  const inside = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), length(inside.length), inside])
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes])
  const digits = Buffer.from(bytes.toString(16).padStart(bytes > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits])
}

const sequence = (...content: Buffer[]) => tagged(0x30, ...content)
const set = (...content: Buffer[]) => tagged(0x31, ...content)
const octets = (content: Buffer) => tagged(0x04, content)
const bits = (content: Buffer) => tagged(0x03, Buffer.from([0]), content)

/** Unsigned and as short as it can be: leading zeros are left out, and one is put before a first bit that would mean minus. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const short = bytes.subarray(first < 0 ? bytes.length - 1 : first)
  return tagged(0x02, (short[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short)
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(number: number): number[] {
  const digits = [number & 0x7f]
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80)
  return digits
}

/** Two digits for the year until 2049, four from 2050 on (RFC 5280 section 4.1.2.5). */
function time(at: Date): Buffer {
  const text = `${at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text))
}

const sha256WithRsa = sequence(oid('1.2.840.113549.1.1.11'), Buffer.from([0x05, 0x00]))

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
