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
  openBlob,
  sealBlob,
  type WrappingKey,
} from './blob.ts'
import { refused } from './errors.ts'
import { ensureInstallation, insertCanary, insertPrimaryKey, lockVault, readCanary, readKeys } from './queries.ts'
import { createRootKey, readRootKey } from './root-key.ts'

export type VaultState = { is: 'open' } | { is: 'sealed'; because: string }

/** Seals and opens secrets. Both throw `vault.sealed` while the root key is missing or wrong. */
export type Vault = {
  /** A sealed vault looks for its key again whenever it is asked: putting the file back is enough, no restart is needed. */
  state(): VaultState
  seal(secret: Secret, binding: Binding): Buffer
  /** @throws `vault.auth` for a blob that was altered, or that was sealed for anything but this binding. */
  open(blob: Uint8Array, binding: Binding): Secret
  /**
   * Opens the same blob again and again, as `open` does, for whoever keeps it at hand: the seal is checked at every call, only its data
   * key is not unwrapped anew. The blob must not be written to meanwhile.
   */
  opener(blob: Uint8Array, binding: Binding): () => Secret
}

export type VaultDeps = { db: Database; rootKeyFile: string; seams: Seams; log: Log }

/**
 * Opens the vault, or leaves it sealed and says why; it never throws for a key problem and never changes anything then.
 *
 * A new database gets a new root key. One that has a canary never does: its secrets need the key that sealed them.
 */
export async function openVault(deps: VaultDeps): Promise<Vault> {
  const stored = await transaction(deps.db, (trx) => readOrFound(trx, deps))
  const keyring = keyringOf(deps.rootKeyFile, stored)
  const state = keyring.state()
  if (state.is === 'sealed') deps.log.error({ rootKeyFile: deps.rootKeyFile }, `The vault is sealed. ${state.because}`)

  const keys = (): Keys => {
    const now = keyring.state()
    if (now.is === 'sealed' || keyring.keys === null) {
      throw refused('vault.sealed', now.is === 'sealed' ? { say: `The vault is sealed. ${now.because}` } : {})
    }
    return keyring.keys
  }
  return {
    state: () => keyring.state(),
    seal: (secret, binding) =>
      sealBlob(secret.open('seal'), associatedData(stored.installId, binding), {
        wrapping: keys().primary,
        randomBytes: deps.seams.randomBytes,
      }),
    open: (blob, binding) =>
      opened(deps, binding, openBlob(blob, associatedData(stored.installId, binding), keys().byId)),
    opener: (blob, binding) => {
      const openAgain = blobOpener(blob, associatedData(stored.installId, binding), keys().byId)
      return () => opened(deps, binding, openAgain())
    },
  }
}

function opened({ log }: VaultDeps, { table, column, recordId }: Binding, text: string | null): Secret {
  if (text !== null) return new Secret(text)
  log.warn({ table, column, recordId }, 'a sealed secret did not open for this record, owner and destination')
  throw refused('vault.auth')
}

type Keys = { primary: WrappingKey; byId: (id: number) => WrappingKey | undefined }
type Stored = { installId: string; terms: { id: number; state: string }[]; canary: Buffer | null }

/** What the database says about its keys. If it was never sealed with any, the key file is made (or read) and both are recorded. */
async function readOrFound(trx: Database, { rootKeyFile, seams }: VaultDeps): Promise<Stored> {
  await lockVault(trx)
  const installId = await ensureInstallation(trx, seams.newId())
  const stored = { installId, terms: await readKeys(trx), canary: await readCanary(trx) }
  if (stored.canary !== null || stored.terms.length > 0) return stored

  if (readRootKey(rootKeyFile).is === 'missing') createRootKey(rootKeyFile, seams.randomBytes(32))
  const file = readRootKey(rootKeyFile)
  if (file.is !== 'read') return stored

  const id = Buffer.from(seams.randomBytes(4)).readUInt32BE()
  const wrapping = deriveWrappingKey(file.key, installId, id)
  const associated = associatedData(installId, canaryBinding(installId))
  const canary = sealBlob(canaryText, associated, { wrapping, randomBytes: seams.randomBytes })
  await insertPrimaryKey(trx, id)
  await insertCanary(trx, canary)
  return { installId, terms: [{ id, state: 'primary' }], canary }
}

const canaryText = 'this root key belongs to this database'

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

/** Holds the derived keys once the right root key was seen, and looks at the file again as long as it was not. */
function keyringOf(rootKeyFile: string, stored: Stored) {
  const keyring = {
    keys: null as Keys | null,
    state(): VaultState {
      if (keyring.keys !== null) return { is: 'open' }
      const file = readRootKey(rootKeyFile)
      if (file.is === 'missing') return { is: 'sealed', because: sayMissing(rootKeyFile) }
      if (file.is === 'refused') return { is: 'sealed', because: file.because }
      keyring.keys = deriveKeys(file.key, stored)
      return keyring.keys === null ? { is: 'sealed', because: sayWrong(rootKeyFile) } : { is: 'open' }
    },
  }
  return keyring
}

function deriveKeys(rootKey: Buffer, { installId, terms, canary }: Stored): Keys | null {
  const keys = terms.map(({ id }) => deriveWrappingKey(rootKey, installId, id))
  const byId = (id: number) => keys.find((key) => key.id === id)
  const primary = byId(terms.find(({ state }) => state === 'primary')?.id ?? -1)
  if (primary === undefined || canary === null) return null
  const opened = openBlob(canary, associatedData(installId, canaryBinding(installId)), byId)
  return opened === canaryText ? { primary, byId } : null
}

const sayMissing = (file: string) =>
  `The root key file ${file} is missing. The stored tokens and client secrets were sealed with it and are kept as they are. Put the file back from your backup.`

const sayWrong = (file: string) =>
  `The root key in ${file} is not the one that this database was sealed with. Nothing was changed. Put the right file back from your backup.`
