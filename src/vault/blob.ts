import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * What a sealed secret belongs to. All of it is authenticated: a blob opens only for the very record, owner, purpose,
 * destination and version it was sealed for, so a blob moved to another row, or a record pointed at another host, is useless.
 */
export type Binding = {
  table: string
  column: string
  recordId: string
  /** The person or record whose secret it is. */
  ownerId: string
  purpose: string
  /** Where it may be sent: `issuer|token endpoint|client id` for refresh tokens and client secrets, the API's origin for access tokens. */
  destination: string
  secretVersion: number
}

/** A key that wraps data keys: one term of the hierarchy, derived from the root key and this installation. */
export type WrappingKey = { id: number; key: Buffer }

// Format version 1, suite 1. Offsets in bytes.
//   0   1  version   1   1  suite    2   4  key id (uint32, big endian)
//   6  40  data key, wrapped (RFC 3394)    46  12  nonce    58  n  ciphertext    58+n  16  tag
const version = 0x01
const suite = 0x01
const keyIdAt = 2
const wrappedKeyAt = 6
const nonceAt = 46
const ciphertextAt = 58
/** Node accepts shorter GCM tags unless told: four bytes could be forged with 2^32 tries. Both sides say sixteen. */
const tagLength = 16
const lengthMin = ciphertextAt + tagLength
const dataKeyLength = 32
const nonceLength = 12

/** RFC 3394, section 2.2.3.1: the initial value that tells a right unwrapping from a wrong one. */
const wrapInitialValue = Buffer.alloc(8, 0xa6)

/** KEK of one term: HKDF-SHA-256 (RFC 5869) of the root key, salted with the installation, labelled with the term. */
export function deriveWrappingKey(rootKey: Uint8Array, installId: string, id: number): WrappingKey {
  return { id, key: Buffer.from(hkdfSync('sha256', rootKey, installId, `anteroom/kek/${id}`, 32)) }
}

/** AES-256-GCM with a data key of its own for every write, so that no snapshot or fork can repeat a key and nonce. */
export function sealBlob(
  plaintext: string,
  associated: Buffer,
  { wrapping, randomBytes }: { wrapping: WrappingKey; randomBytes: (count: number) => Uint8Array },
): Buffer {
  const dataKey = Buffer.from(randomBytes(dataKeyLength))
  const nonce = randomBytes(nonceLength)
  try {
    const wrappedKey = wrapDataKey(dataKey, wrapping)
    const cipher = createCipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: tagLength })
    cipher.setAAD(associated)
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
    return Buffer.concat([header(wrapping.id), wrappedKey, nonce, ciphertext, cipher.getAuthTag()])
  } finally {
    dataKey.fill(0)
  }
}

type KeyOf = (id: number) => WrappingKey | undefined

/** The plaintext, or null for anything that is not exactly what was sealed for exactly this binding: one answer, so that it teaches nothing. */
export function openBlob(blob: Uint8Array, associated: Buffer, keyOf: KeyOf): string | null {
  const bytes = bytesOf(blob)
  const dataKey = unwrapDataKey(bytes, keyOf)
  if (dataKey === null) return null
  try {
    return decrypt(bytes, associated, dataKey)
  } finally {
    dataKey.fill(0)
  }
}

/**
 * For a blob that is opened often: its data key is unwrapped once (two thirds of the work), every call decrypts and checks the tag anew.
 * The key stays in memory that only the crypto library reads, is in no heap snapshot, and is wiped when the function is collected.
 */
export function blobOpener(blob: Uint8Array, associated: Buffer, keyOf: KeyOf): () => string | null {
  const bytes = bytesOf(blob)
  const unwrapped = unwrapDataKey(bytes, keyOf)
  if (unwrapped === null) return () => null
  const dataKey = createSecretKey(unwrapped)
  unwrapped.fill(0)
  return () => decrypt(bytes, associated, dataKey)
}

/** Which term a blob was wrapped under; -1 for what is too short to say. */
export function keyIdOf(blob: Uint8Array): number {
  return blob.length < lengthMin ? -1 : bytesOf(blob).readUInt32BE(keyIdAt)
}

/**
 * The same blob under another term: only the data key is wrapped anew, so the secret is not touched and what it is bound to stays bound.
 * Null for a blob whose wrapping is not right.
 */
export function rewrapBlob(blob: Uint8Array, keyOf: KeyOf, wrapping: WrappingKey): Buffer | null {
  const bytes = bytesOf(blob)
  const dataKey = unwrapDataKey(bytes, keyOf)
  if (dataKey === null) return null
  try {
    return Buffer.concat([header(wrapping.id), wrapDataKey(dataKey, wrapping), bytes.subarray(nonceAt)])
  } finally {
    dataKey.fill(0)
  }
}

/** Associated data: the first two bytes of the blob and every field with its length, so that `ab|c` is not `a|bc`. */
export function associatedData(installId: string, binding: Binding): Buffer {
  const fields = [
    'anteroom.secret',
    installId,
    binding.table,
    binding.column,
    binding.recordId,
    binding.ownerId,
    binding.purpose,
    binding.destination,
    String(binding.secretVersion),
  ]
  return lengthPrefixed([version, suite], fields)
}

const bytesOf = (blob: Uint8Array) => Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength)

/** RFC 3394, section 2.2.2. Null for a blob of another format, of a term that is not known, or whose wrapping was altered. */
function unwrapDataKey(bytes: Buffer, keyOf: KeyOf): Buffer | null {
  if (bytes.length < lengthMin || bytes[0] !== version || bytes[1] !== suite) return null
  const wrapping = keyOf(bytes.readUInt32BE(keyIdAt))
  if (wrapping === undefined) return null
  try {
    const unwrap = createDecipheriv('id-aes256-wrap', wrapping.key, wrapInitialValue)
    const dataKey = unwrap.update(bytes.subarray(wrappedKeyAt, nonceAt))
    unwrap.final()
    return dataKey
  } catch {
    return null
  }
}

/** RFC 3394, section 2.2.1. */
function wrapDataKey(dataKey: Buffer, wrapping: WrappingKey): Buffer {
  const wrap = createCipheriv('id-aes256-wrap', wrapping.key, wrapInitialValue)
  return Buffer.concat([wrap.update(dataKey), wrap.final()])
}

const gcmOptions = { authTagLength: tagLength }

function decrypt(bytes: Buffer, associated: Buffer, dataKey: Buffer | KeyObject): string | null {
  const nonce = bytes.subarray(nonceAt, ciphertextAt)
  const tagAt = bytes.length - tagLength
  const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, gcmOptions)
  decipher.setAAD(associated)
  decipher.setAuthTag(bytes.subarray(tagAt))
  const plaintext = decipher.update(bytes.subarray(ciphertextAt, tagAt))
  try {
    // update() already hands out text; only final() checks the tag, and adds nothing to it. Nothing is returned before it.
    decipher.final()
  } catch {
    return null
  }
  return plaintext.toString('utf8')
}

function header(keyId: number): Buffer {
  const bytes = Buffer.alloc(wrappedKeyAt)
  bytes[0] = version
  bytes[1] = suite
  bytes.writeUInt32BE(keyId, keyIdAt)
  return bytes
}

/** In one allocation: this runs at every use of every token. */
function lengthPrefixed(head: readonly number[], fields: readonly string[]): Buffer {
  const length = fields.reduce((sum, field) => sum + 4 + Buffer.byteLength(field), head.length)
  const bytes = Buffer.allocUnsafe(length)
  bytes.set(head)
  let at = head.length
  for (const field of fields) {
    const fieldLength = bytes.write(field, at + 4)
    bytes.writeUInt32BE(fieldLength, at)
    at += 4 + fieldLength
  }
  return bytes
}
