import {
  associatedData,
  type Binding,
  deriveWrappingKey,
  keyIdOf,
  openBlob,
  sealBlob,
  type WrappingKey,
} from './blob.ts'
import { readRootKeys } from './root-key.ts'

export type VaultState = { is: 'open' } | { is: 'sealed'; because: string }

/** `pending`: distributed, not used yet. `primary`: seals. `decrypt_only`: opens what it sealed. `destroyed`: neither. */
export type TermState = 'pending' | 'primary' | 'decrypt_only' | 'destroyed'

/** One key that wraps data keys, as the database knows it: its number, its state, and a value that only it opens. */
export type Term = { id: number; state: TermState; canary: Buffer }

export type Stored = { installId: string; terms: readonly Term[] }

export type Keys = { primary: WrappingKey; byId: (id: number) => WrappingKey | undefined }

/**
 * The wrapping keys of this process: derived from the root keys in the key file as soon as the primary term fits one of them, and looked
 * for again as long as it does not.
 */
export class Keyring {
  readonly #file: string
  #stored: Stored
  #known = new Map<number, WrappingKey>()
  #primary: WrappingKey | null = null

  constructor(file: string, stored: Stored) {
    this.#file = file
    this.#stored = stored
  }

  get installId(): string {
    return this.#stored.installId
  }

  state(): VaultState {
    return this.#primary === null ? this.#derive() : { is: 'open' }
  }

  /** Null while sealed. */
  keys(): Keys | null {
    if (this.#primary === null) return null
    return { primary: this.#primary, byId: (id) => this.#known.get(id) }
  }

  /** What the database says by now. A process that is open stays so, also when the file is gone meanwhile. */
  learn(stored: Stored): void {
    this.#stored = stored
    this.#derive()
  }

  /** Which terms this process can open. */
  knows(): number[] {
    return [...this.#known.keys()]
  }

  #derive(): VaultState {
    const read = readRootKeys(this.#file)
    if (read.is !== 'read') return this.#primary === null ? sealed(read, this.#file) : { is: 'open' }
    const found = derived(read.keys, this.#stored)
    for (const key of found) this.#known.set(key.id, key)
    for (const { id, state } of this.#stored.terms) if (state === 'destroyed') this.#known.delete(id)
    const primary = this.#stored.terms.find(({ state }) => state === 'primary')
    this.#primary = this.#known.get(primary?.id ?? -1) ?? this.#primary
    return this.#primary === null ? { is: 'sealed', because: sayWrong(this.#file) } : { is: 'open' }
  }
}

/** The keys of all terms that one of these root keys fits, which their canaries tell. */
function derived(rootKeys: readonly Buffer[], { installId, terms }: Stored): WrappingKey[] {
  return terms
    .filter(({ state }) => state !== 'destroyed')
    .flatMap((term) => {
      const candidates = rootKeys.map((rootKey) => deriveWrappingKey(rootKey, installId, term.id))
      return candidates.filter((key) => fits(key, installId, term.canary)).slice(0, 1)
    })
}

/** The root key that today's term is derived from. */
export function rootOfPrimary(rootKeys: readonly Buffer[], { installId, terms }: Stored): Buffer | null {
  const primary = terms.find(({ state }) => state === 'primary')
  if (primary === undefined) return null
  const { id, canary } = primary
  return rootKeys.find((root) => fits(deriveWrappingKey(root, installId, id), installId, canary)) ?? null
}

const canaryText = 'this root key belongs to this database'

/** Opens only with the term that sealed it: how a wrong or missing key is noticed before anything else is tried. */
export function sealCanary(
  installId: string,
  wrapping: WrappingKey,
  randomBytes: (count: number) => Uint8Array,
): Buffer {
  return sealBlob(canaryText, associatedData(installId, canaryBinding(installId)), { wrapping, randomBytes })
}

function fits(key: WrappingKey, installId: string, canary: Buffer): boolean {
  const associated = associatedData(installId, canaryBinding(installId))
  return keyIdOf(canary) === key.id && openBlob(canary, associated, () => key) === canaryText
}

function canaryBinding(installId: string): Binding {
  return {
    table: 'vault_canary',
    column: 'blob',
    recordId: installId,
    ownerId: installId,
    purpose: 'canary',
    destination: '',
    secretVersion: 1,
  }
}

function sealed(read: { is: 'missing' } | { is: 'refused'; because: string }, file: string): VaultState {
  return { is: 'sealed', because: read.is === 'missing' ? sayMissing(file) : read.because }
}

const sayMissing = (file: string) =>
  `The root key file ${file} is missing. The stored tokens and client secrets were sealed with it and are kept as they are. Put the file back from your backup.`

const sayWrong = (file: string) =>
  `The root key in ${file} is not the one that this database was sealed with. Nothing was changed. Put the right file back from your backup.`
