import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import {
  associatedData,
  type Binding,
  blobOpener,
  deriveWrappingKey,
  keyIdOf,
  openBlob,
  rewrapBlob,
  sealBlob,
} from './blob.ts'
import { refused } from './errors.ts'
import { Keyring, type Keys, type Stored, sealCanary, type VaultState } from './keyring.ts'
import { ensureInstallation, insertTerm, lockVault, readTerms } from './queries.ts'
import { createRootKey, readRootKeys } from './root-key.ts'

export type { VaultState } from './keyring.ts'

/** Seals and opens secrets. All throw `vault.sealed` while the root key is missing or wrong. */
export type Vault = {
  /** A sealed vault looks for its key again whenever it is asked: putting the file back is enough, no restart is needed. */
  state(): VaultState
  seal(secret: Secret, binding: Binding): Buffer
  /**
   * @throws `vault.auth` for a blob that was altered, or that was sealed for anything but this binding; `vault.key_unknown` for one
   * whose key this process does not have
   */
  open(blob: Uint8Array, binding: Binding): Secret
  /**
   * Opens the same blob again and again, as `open` does, for whoever keeps it at hand: the seal is checked at every call, only its data
   * key is not unwrapped anew. The blob must not be written to meanwhile.
   */
  opener(blob: Uint8Array, binding: Binding): () => Secret
  /** The same secret for the same binding under today's key; null when it is already. Only the data key is wrapped anew. @throws `vault.key_unknown`, `vault.auth` */
  rewrap(blob: Uint8Array): Buffer | null
  /** Looks which keys there are by now, and answers which of them this process can use. */
  learn(): Promise<number[]>
}

export type VaultDeps = { db: Database; rootKeyFile: string; seams: Seams; log: Log }

/**
 * Opens the vault, or leaves it sealed and says why; it never throws for a key problem and never changes anything then.
 *
 * A new database gets a new root key. One that has a term never does: its secrets need the key that sealed them.
 */
export async function openVault(deps: VaultDeps): Promise<Vault> {
  const keyring = new Keyring(deps.rootKeyFile, await transaction(deps.db, (trx) => readOrFound(trx, deps)))
  const state = keyring.state()
  if (state.is === 'sealed') deps.log.error({ rootKeyFile: deps.rootKeyFile }, `The vault is sealed. ${state.because}`)
  return {
    state: () => keyring.state(),
    seal: (secret, binding) =>
      sealBlob(secret.open('seal'), associatedData(keyring.installId, binding), {
        wrapping: keysOf(keyring).primary,
        randomBytes: deps.seams.randomBytes,
      }),
    open: (blob, binding) => {
      const { byId } = keysFor(keyring, blob)
      return opened(deps, binding, openBlob(blob, associatedData(keyring.installId, binding), byId))
    },
    opener: (blob, binding) => {
      const { byId } = keysFor(keyring, blob)
      const openAgain = blobOpener(blob, associatedData(keyring.installId, binding), byId)
      return () => opened(deps, binding, openAgain())
    },
    rewrap: (blob) => {
      const { primary, byId } = keysFor(keyring, blob)
      if (keyIdOf(blob) === primary.id) return null
      const rewrapped = rewrapBlob(blob, byId, primary)
      if (rewrapped === null) throw refused('vault.auth')
      return rewrapped
    },
    learn: async () => {
      keyring.learn({ installId: keyring.installId, terms: await readTerms(deps.db) })
      return keyring.knows()
    },
  }
}

function keysOf(keyring: Keyring): Keys {
  const state = keyring.state()
  const keys = keyring.keys()
  if (keys !== null) return keys
  throw refused('vault.sealed', state.is === 'sealed' ? { say: `The vault is sealed. ${state.because}` } : {})
}

/** The keys, with that of this blob among them. */
function keysFor(keyring: Keyring, blob: Uint8Array): Keys {
  const keys = keysOf(keyring)
  const id = keyIdOf(blob)
  if (id >= 0 && keys.byId(id) === undefined) throw refused('vault.key_unknown')
  return keys
}

function opened({ log }: VaultDeps, { table, column, recordId }: Binding, text: string | null): Secret {
  if (text !== null) return new Secret(text)
  log.warn({ table, column, recordId }, 'a sealed secret did not open for this record, owner and destination')
  throw refused('vault.auth')
}

/** What the database says about its keys. If it was never sealed with any, the key file is made (or read) and both are recorded. */
async function readOrFound(trx: Database, { rootKeyFile, seams }: VaultDeps): Promise<Stored> {
  await lockVault(trx)
  const installId = await ensureInstallation(trx, seams.newId())
  const terms = await readTerms(trx)
  if (terms.length > 0) return { installId, terms }

  if (readRootKeys(rootKeyFile).is === 'missing') createRootKey(rootKeyFile, seams.randomBytes(32))
  const file = readRootKeys(rootKeyFile)
  const [rootKey] = file.is === 'read' ? file.keys : []
  if (rootKey === undefined) return { installId, terms }

  const id = Buffer.from(seams.randomBytes(4)).readUInt32BE()
  const wrapping = deriveWrappingKey(rootKey, installId, id)
  const term = { id, state: 'primary', canary: sealCanary(installId, wrapping, seams.randomBytes) } as const
  await insertTerm(trx, term)
  return { installId, terms: [term] }
}
