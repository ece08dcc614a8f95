import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { sha256 } from '#kit/secret.ts'

/** A root key file that was looked for: its keys, or a sentence that says what is wrong with it and what to do. */
export type RootKeyFile = { is: 'read'; keys: Buffer[] } | { is: 'missing' } | { is: 'refused'; because: string }

const prefix = 'anroot1_'
const keyLength = 32
const checksumLength = 4

/** `anroot1_` and base64url of the key and the first four bytes of its SHA-256, so that a copy with a slip in it is noticed. */
export function formatRootKey(key: Uint8Array): string {
  return prefix + Buffer.concat([key, sha256(key).subarray(0, checksumLength)]).toString('base64url')
}

/** The key in a text, or null when it is not one of ours or was copied with a mistake. */
export function parseRootKey(text: string): Buffer | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith(prefix)) return null
  const bytes = Buffer.from(trimmed.slice(prefix.length), 'base64url')
  if (bytes.length !== keyLength + checksumLength) return null
  const key = bytes.subarray(0, keyLength)
  return formatRootKey(key) === trimmed ? key : null
}

/**
 * Reads the key, or while it is being changed the keys, one a line. A file that others may read is refused, as ssh refuses a private key:
 * it opens every token.
 */
export function readRootKeys(file: string): RootKeyFile {
  try {
    const { mode } = statSync(file)
    if ((mode & 0o077) !== 0) {
      return { is: 'refused', because: `The root key file ${file} can be read by others. Run: chmod 600 ${file}` }
    }
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const keys = lines.map(parseRootKey)
    if (!keys.includes(null)) return { is: 'read', keys: keys as Buffer[] }
    const because = `The root key file ${file} does not hold a root key (${prefix}…) or was copied with a mistake. Put the right file back.`
    return { is: 'refused', because }
  } catch (problem) {
    const code = codeOf(problem)
    if (code === 'ENOENT') return { is: 'missing' }
    return {
      is: 'refused',
      because: `The root key file ${file} cannot be read (${code}). Check its owner and its path.`,
    }
  }
}

/** Puts a new key before those that are there, whole or not at all. @throws when the file cannot be read or written */
export function addRootKey(file: string, key: Uint8Array): void {
  const before = readFileSync(file, 'utf8').trim()
  const beside = `${file}.${process.pid}.new`
  writeDurably(beside, `${formatRootKey(key)}\n${before}\n`)
  renameSync(beside, file)
  syncFolder(path.dirname(file))
}

/**
 * Writes a new key file (0600) unless there is one. It appears whole or not at all: written beside and then linked, which
 * fails when another process was faster, and then that process's key counts.
 */
export function createRootKey(file: string, key: Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const beside = `${file}.${process.pid}.new`
  writeDurably(beside, `${formatRootKey(key)}\n`)
  try {
    linkSync(beside, file)
  } catch (problem) {
    if (codeOf(problem) !== 'EEXIST') throw problem
  } finally {
    unlinkSync(beside)
  }
  syncFolder(path.dirname(file))
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function codeOf(problem: unknown): string {
  return typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : 'unknown'
}
