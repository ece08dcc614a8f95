import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { type KeyPair, selfSignedKeyPair } from './self-signed-certificate.ts'

const wish = {
  commonName: 'Anteroom · Büro & Co.',
  notBefore: new Date('2026-11-24T09:30:00.500Z'),
  notAfter: new Date('2051-02-01T00:00:00Z'),
  serial: new Uint8Array([0, 0, 0x81, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
}
const made: KeyPair = await selfSignedKeyPair(wish)
const parsed = new X509Certificate(made.certificate)

test('says what was wished, and is signed by its own key', () => {
  expect(parsed.subject).toBe('CN=Anteroom · Büro & Co.')
  expect(parsed.issuer).toBe(parsed.subject)
  expect(parsed.validFromDate.toISOString()).toBe('2026-11-24T09:30:00.000Z')
  expect(parsed.validToDate.toISOString()).toBe('2051-02-01T00:00:00.000Z')
  expect(parsed.serialNumber).toBe('8102030405060708090A0B0C0D0E')
  expect(parsed.ca).toBe(false)
  expect(parsed.verify(parsed.publicKey)).toBe(true)
})

test('the private key is its own, and long enough', () => {
  const key = createPrivateKey(made.privateKey.open('seal'))
  expect(parsed.checkPrivateKey(key)).toBe(true)
  expect(createPublicKey(key).asymmetricKeyDetails?.modulusLength).toBe(3072)
  expect(`${made.privateKey}`).toBe('[sealed]')
})

test('it is the certificate of a client, and of nothing else', () => {
  expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(parsed.toLegacyObject()).toMatchObject({ ca: false, bits: 3072 })
})
