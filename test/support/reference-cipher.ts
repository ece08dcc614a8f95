/**
 * AES-256, its key wrap and its GCM, written from the standards and for reading, not for speed or for secrets: what the vault is compared
 * with, so that it is not only compared with itself. FIPS 197, RFC 3394, NIST SP 800-38D.
 */
const rounds = 14

const inverse = (byte: number): number => {
  for (let other = 1; other < 256; other++) if (times(byte, other) === 1) return other
  return 0
}
const sBox = Uint8Array.from({ length: 256 }, (_, byte) => {
  const b = inverse(byte)
  const turned = (by: number) => ((b << by) | (b >> (8 - by))) & 0xff
  return b ^ turned(1) ^ turned(2) ^ turned(3) ^ turned(4) ^ 0x63
})
const sBoxBack = Uint8Array.from({ length: 256 }, (_, byte) => sBox.indexOf(byte))

/** FIPS 197, 4.2: multiplication of bytes modulo x^8 + x^4 + x^3 + x + 1. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 0; bit < 8; bit++) {
    if (b & (1 << bit)) product ^= a
    a = a & 0x80 ? ((a << 1) ^ 0x11b) & 0xff : a << 1
  }
  return product
}

/** FIPS 197, 5.2: one key of sixteen bytes for each round, and one before. */
function roundKeys(key: Uint8Array): Uint8Array[] {
  const words: number[][] = Array.from({ length: 8 }, (_, n) => [...key.subarray(n * 4, n * 4 + 4)])
  let constant = 1
  for (let n = 8; n < 4 * (rounds + 1); n++) {
    let word = [...(words[n - 1] as number[])]
    if (n % 8 === 0) {
      word = [...word.slice(1), ...word.slice(0, 1)].map((byte) => sBox[byte] as number)
      word[0] = (word[0] as number) ^ constant
      constant = times(constant, 2)
    } else if (n % 8 === 4) word = word.map((byte) => sBox[byte] as number)
    words.push(word.map((byte, at) => byte ^ (words[n - 8]?.[at] as number)))
  }
  return Array.from({ length: rounds + 1 }, (_, n) => Uint8Array.from(words.slice(n * 4, n * 4 + 4).flat()))
}

const xor = (a: Uint8Array, b: Uint8Array) => a.map((byte, at) => byte ^ (b[at] as number))
const shifted = (block: Uint8Array, by: 1 | -1) =>
  block.map((_, at) => block[((Math.floor(at / 4) + by * (at % 4) + 4) % 4) * 4 + (at % 4)] as number)
const mixed = (block: Uint8Array, row: readonly number[]) =>
  block.map((_, at) => {
    const column = Math.floor(at / 4) * 4
    return [0, 1, 2, 3].reduce(
      (sum, n) => sum ^ times(block[column + n] as number, row[(n - (at % 4) + 4) % 4] as number),
      0,
    )
  })

export function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const keys = roundKeys(key)
  let state = xor(block, keys[0] as Uint8Array)
  for (let round = 1; round <= rounds; round++) {
    state = shifted(
      state.map((byte) => sBox[byte] as number),
      1,
    )
    if (round < rounds) state = mixed(state, [2, 3, 1, 1])
    state = xor(state, keys[round] as Uint8Array)
  }
  return state
}

export function decryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const keys = roundKeys(key)
  let state = xor(block, keys[rounds] as Uint8Array)
  for (let round = rounds - 1; round >= 0; round--) {
    state = shifted(state, -1).map((byte) => sBoxBack[byte] as number)
    state = xor(state, keys[round] as Uint8Array)
    if (round > 0) state = mixed(state, [14, 11, 13, 9])
  }
  return state
}

/** RFC 3394, 2.2.1 and 2.2.2. Unwrapping answers null when the initial value does not come out. */
export function wrapKey(kek: Uint8Array, key: Uint8Array): Uint8Array {
  let a: Uint8Array = new Uint8Array(8).fill(0xa6)
  const r = Array.from({ length: key.length / 8 }, (_, n) => key.slice(n * 8, n * 8 + 8))
  for (let t = 1; t <= 6 * r.length; t++) {
    const at = (t - 1) % r.length
    const b = encryptBlock(kek, Uint8Array.from([...a, ...(r[at] as Uint8Array)]))
    a = xor(b.slice(0, 8), counted(t))
    r[at] = b.slice(8)
  }
  return Uint8Array.from([...a, ...r.flatMap((block) => [...block])])
}

export function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  let a: Uint8Array = wrapped.slice(0, 8)
  const r = Array.from({ length: wrapped.length / 8 - 1 }, (_, n) => wrapped.slice(n * 8 + 8, n * 8 + 16))
  for (let t = 6 * r.length; t >= 1; t--) {
    const at = (t - 1) % r.length
    const b = decryptBlock(kek, Uint8Array.from([...xor(a, counted(t)), ...(r[at] as Uint8Array)]))
    a = b.slice(0, 8)
    r[at] = b.slice(8)
  }
  return a.every((byte) => byte === 0xa6) ? Uint8Array.from(r.flatMap((block) => [...block])) : null
}

function counted(t: number): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, 0, 0, t >> 8, t & 0xff])
}

export type Sealed = { ciphertext: Uint8Array; tag: Uint8Array }

/** SP 800-38D, 7.1, for a nonce of twelve bytes. */
export function gcm(
  key: Uint8Array,
  nonce: Uint8Array,
  { plaintext, aad }: { plaintext: Uint8Array; aad: Uint8Array },
): Sealed {
  const ciphertext = counterMode(key, nonce, plaintext)
  const lengths = Buffer.alloc(16)
  lengths.writeBigUInt64BE(BigInt(aad.length) * 8n)
  lengths.writeBigUInt64BE(BigInt(ciphertext.length) * 8n, 8)
  const h = number(encryptBlock(key, new Uint8Array(16)))
  const blocks = Buffer.concat([padded(aad), padded(ciphertext), lengths])
  let y = 0n
  for (let at = 0; at < blocks.length; at += 16) y = timesInField(y ^ number(blocks.subarray(at, at + 16)), h)
  const first = encryptBlock(key, Uint8Array.from([...nonce, 0, 0, 0, 1]))
  return { ciphertext, tag: xor(first, Buffer.from(y.toString(16).padStart(32, '0'), 'hex')) }
}

/** The other direction is the same; the tag is for the caller to compare. */
export function counterMode(key: Uint8Array, nonce: Uint8Array, text: Uint8Array): Uint8Array {
  return text.map((byte, at) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(2 + Math.floor(at / 16))
    return byte ^ (encryptBlock(key, Uint8Array.from([...nonce, ...counter]))[at % 16] as number)
  })
}

const number = (block: Uint8Array) => BigInt(`0x${Buffer.from(block).toString('hex')}`)
const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)])

/** SP 800-38D, 6.3: the bits of a block are the coefficients of a polynomial, the first one that of x^0. */
function timesInField(x: bigint, y: bigint): bigint {
  let z = 0n
  let v = y
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) z ^= v
    v = v & 1n ? (v >> 1n) ^ (0xe1n << 120n) : v >> 1n
  }
  return z
}
