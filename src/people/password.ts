import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { refused } from './errors.ts'

/*
 * Local passwords: argon2id (RFC 9106) with 64 MiB and three passes, about 0.1 s of one core, well above the floor that OWASP
 * names (19 MiB, two passes). Stored as a PHC string, so that each hash says how it was made and parameters can rise.
 */
const memoryKib = 65_536
const passes = 3
const saltBytes = 16
const tagBytes = 32

const derive = promisify(argon2)

/** A hash nobody's password has. Checking against it takes as long as a real check, so unknown people are not told apart. */
const nobodysHash = phc({ memory: memoryKib, passes, salt: Buffer.alloc(saltBytes), tag: Buffer.alloc(tagBytes) })

export async function hashPassword(password: string, randomBytes: (count: number) => Uint8Array): Promise<string> {
  const salt = Buffer.from(randomBytes(saltBytes))
  const tag = await inTurn(() => argon2id(password, { memory: memoryKib, passes, salt }))
  return phc({ memory: memoryKib, passes, salt, tag })
}

/** Takes the same time for a wrong password and, with `hash` null, for nobody at all. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const { memory, passes: times, salt, tag } = parsePhc(hash ?? nobodysHash)
  const derived = await inTurn(() => argon2id(password, { memory, passes: times, salt }))
  return timingSafeEqual(derived, tag) && hash !== null
}

/** True when the hash was made with less effort than today's. */
export function isHashOutdated(hash: string): boolean {
  const made = parsePhc(hash)
  return made.memory < memoryKib || made.passes < passes
}

/** @throws Refusal `people.password_too_simple` for what a guesser tries first; length is the contract's business. */
export function refuseSimplePassword(password: string, about: { email: string; displayName: string }): void {
  const lower = password.toLowerCase()
  const ownWords = [about.email, about.displayName].map((word) => word.toLowerCase()).filter((word) => word.length >= 4)
  const simple = new Set(lower).size < 5 || ownWords.some((word) => lower.replaceAll(word, '').length < 8)
  if (simple) throw refused('people.password_too_simple', { fields: { password: 'Use several unrelated words.' } })
}

type Phc = { memory: number; passes: number; salt: Buffer; tag: Buffer }

async function argon2id(password: string, how: Omit<Phc, 'tag'>): Promise<Buffer> {
  return derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: how.salt,
    parallelism: 1,
    tagLength: tagBytes,
    memory: how.memory,
    passes: how.passes,
  })
}

function phc({ memory, passes: times, salt, tag }: Phc): string {
  return `$argon2id$v=19$m=${memory},t=${times},p=1$${unpadded(salt)}$${unpadded(tag)}`
}

function parsePhc(text: string): Phc {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text)
  if (match === null) throw new Error('A stored password hash is not an argon2id PHC string with p=1.')
  const [, memory, times, salt = '', tag = ''] = match
  return {
    memory: Number(memory),
    passes: Number(times),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

/** Hashing is expensive on purpose, so a crowd at the sign-in must not take the machine: two at once, fifty waiting. */
const hashingMax = 2
const waitingMax = 50
let hashing = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (hashing >= hashingMax) {
    if (waiting.length >= waitingMax) throw refused('people.busy')
    // Whoever finishes hands its place on, so `hashing` does not change.
    await new Promise<void>((go) => waiting.push(go))
  } else hashing++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else hashing--
  }
}
