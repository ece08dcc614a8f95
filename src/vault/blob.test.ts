import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { associatedData, type Binding, deriveWrappingKey, openBlob, sealBlob } from './blob.ts'

const installId = '0198c0de-0000-7000-8000-000000000001'
const binding: Binding = {
  table: 'tokens',
  column: 'access_token',
  recordId: 'r1',
  ownerId: 'u1',
  purpose: 'access',
  destination: 'https://graph.example',
  secretVersion: 1,
}
const associated = associatedData(installId, binding)
const wrapping = deriveWrappingKey(Buffer.alloc(32, 7), installId, 0xfeedbeef)
const keyOf = (id: number) => (id === wrapping.id ? wrapping : undefined)
const seal = (text: string) => sealBlob(text, associated, { wrapping, randomBytes: realSeams.randomBytes })
const open = (blob: Uint8Array) => openBlob(blob, associated, keyOf)

test('opens what it sealed, empty and long, and never seals the same way twice', () => {
  for (const text of ['', 'x', 'ü€😀', 'token'.repeat(2_000)]) expect(open(seal(text))).toBe(text)
  expect(seal('same').equals(seal('same'))).toBe(false)
  expect(seal('1234').length).toBe(74 + 4)
})

test('any flipped bit, and any missing or added end, is refused', () => {
  for (let round = 0; round < 5; round++) {
    const blob = seal(`a token ${round}`)
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const altered = Buffer.from(blob)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(open(altered), `bit ${bit}`).toBeNull()
    }
    for (let length = 0; length < blob.length; length++) expect(open(blob.subarray(0, length)), `${length}`).toBeNull()
    expect(open(Buffer.concat([blob, Buffer.from([0])]))).toBeNull()
  }
})

test('a shortened tag is refused, even where its bytes are right', () => {
  const blob = seal('')
  for (let kept = 0; kept < 16; kept++) expect(open(blob.subarray(0, blob.length - 16 + kept))).toBeNull()
})

test('fields cannot lend each other characters: ab|c is not a|bc', () => {
  const one = associatedData(installId, { ...binding, table: 'ab', column: 'c' })
  const other = associatedData(installId, { ...binding, table: 'a', column: 'bc' })
  expect(one.equals(other)).toBe(false)
})

test('another term, another root key and another installation derive other keys', () => {
  const blob = seal('a token')
  const others = [
    deriveWrappingKey(Buffer.alloc(32, 8), installId, wrapping.id),
    deriveWrappingKey(Buffer.alloc(32, 7), 'another installation', wrapping.id),
  ]
  for (const other of others) expect(openBlob(blob, associated, () => other)).toBeNull()
})

test('the blob of version 1 that is kept in the repository opens for ever', () => {
  const golden = readFileSync(path.join(import.meta.dirname, 'blob-v1.golden'), 'utf8').trim()
  expect(open(Buffer.from(golden, 'base64url'))).toBe('golden: seal once, open for ever')
})
