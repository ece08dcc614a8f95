import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import {
  counterMode,
  decryptBlock,
  encryptBlock,
  gcm,
  unwrapKey,
  wrapKey,
} from '../../test/support/reference-cipher.ts'
import { blobOpener, deriveWrappingKey, openBlob, sealBlob } from './blob.ts'

/** The vault against an implementation that shares no line with it, which is held to published vectors itself. */
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array))

test('the reference is right: FIPS 197 C.3, RFC 3394 4.6, and test case 16 of the GCM specification', () => {
  const key = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')
  const block = hex('00112233445566778899aabbccddeeff')
  expect(Buffer.from(encryptBlock(key, block)).toString('hex')).toBe('8ea2b7ca516745bfeafc49904b496089')
  expect(Buffer.from(decryptBlock(key, encryptBlock(key, block)))).toEqual(block)

  const wrapped = wrapKey(key, hex('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f'))
  expect(Buffer.from(wrapped).toString('hex')).toBe(
    '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  )
  expect(
    unwrapKey(
      key,
      wrapped.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
    ),
  ).toBeNull()

  const sealed = gcm(hex('feffe9928665731c6d6a8f9467308308'.repeat(2)), hex('cafebabefacedbaddecaf888'), {
    plaintext: hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    ),
    aad: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
  })
  expect(Buffer.from(sealed.ciphertext).toString('hex')).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
  )
  expect(Buffer.from(sealed.tag).toString('hex')).toBe('76fc6ece0f4e1768cddf8853bb2d551b')
})

/** Format version 1 put together by hand: see blob.ts for the offsets. */
function sealedByHand(kek: Buffer, { id, dataKey, nonce, aad, text }: Parts): Buffer {
  const head = Buffer.from([1, 1, 0, 0, 0, 0])
  head.writeUInt32BE(id, 2)
  const { ciphertext, tag } = gcm(dataKey, nonce, { plaintext: Buffer.from(text), aad })
  return Buffer.concat([head, wrapKey(kek, dataKey), nonce, ciphertext, tag])
}

type Parts = { id: number; dataKey: Buffer; nonce: Buffer; aad: Buffer; text: string }
const parts = fc.record({
  id: fc.integer({ min: 0, max: 0xffffffff }),
  dataKey: bytes(32),
  nonce: bytes(12),
  aad: fc.uint8Array({ maxLength: 70 }).map((array) => Buffer.from(array)),
  text: fc.string({ unit: 'grapheme', maxLength: 40 }),
})

test('what was sealed by hand opens in the vault; with one bit of anything changed it does not', () => {
  fc.assert(
    fc.property(bytes(32), parts, fc.nat(), (kek, made, turned) => {
      const keyOf = (id: number) => (id === made.id ? { id, key: kek } : undefined)
      const blob = sealedByHand(kek, made)
      expect(openBlob(blob, made.aad, keyOf)).toBe(made.text)
      expect(blobOpener(blob, made.aad, keyOf)()).toBe(made.text)
      const altered = Buffer.from(blob)
      const at = turned % (blob.length * 8)
      altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7))
      expect(openBlob(altered, made.aad, keyOf)).toBeNull()
      expect(blobOpener(altered, made.aad, keyOf)()).toBeNull()
      expect(openBlob(blob, Buffer.concat([made.aad, Buffer.from([0])]), keyOf)).toBeNull()
    }),
    { numRuns: 60 },
  )
})

test('what the vault sealed opens by hand', () => {
  fc.assert(
    fc.property(bytes(32), parts, (kek, { id, aad, text }) => {
      const blob = sealBlob(text, aad, { wrapping: { id, key: kek }, randomBytes: realSeams.randomBytes })
      const dataKey = unwrapKey(kek, blob.subarray(6, 46))
      if (dataKey === null) throw new Error('the data key does not unwrap')
      const nonce = blob.subarray(46, 58)
      const plaintext = counterMode(dataKey, nonce, blob.subarray(58, -16))
      expect(Buffer.from(plaintext).toString()).toBe(Buffer.from(text).toString())
      expect(Buffer.from(gcm(dataKey, nonce, { plaintext, aad }).tag)).toEqual(Buffer.from(blob.subarray(-16)))
    }),
    { numRuns: 60 },
  )
})

test('a term’s key is HKDF-SHA-256 by RFC 5869, extract and expand', () => {
  const mac = (key: Uint8Array | string, data: Uint8Array) => createHmac('sha256', key).update(data).digest()
  const root = Buffer.alloc(32, 9)
  const extracted = mac('installation', root)
  const expanded = mac(extracted, Buffer.concat([Buffer.from('anteroom/kek/7'), Buffer.from([1])]))
  expect(deriveWrappingKey(root, 'installation', 7).key).toEqual(expanded)
})
