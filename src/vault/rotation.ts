import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Seams } from '#kit/seams.ts'
import { deriveWrappingKey } from './blob.ts'
import { refused } from './errors.ts'
import { rootOfPrimary, type Stored, sealCanary } from './keyring.ts'
import { presentForMs } from './presence.ts'
import {
  ensureInstallation,
  forgetAbsent,
  insertTerm,
  lockVault,
  noteRewrapped,
  readPresent,
  readTerms,
  setTermState,
  type TermRow,
} from './queries.ts'
import { type RewrapDeps, rewrapColumns } from './rewrap.ts'
import { addRootKey, readRootKeys } from './root-key.ts'

/** Who asks for it: a person, or whoever is at the server. */
export type Rotator = { id: string | null; name: string; requestId: string | null }

const byItself: Rotator = { id: null, name: 'system', requestId: null }

export type RotateDeps = { db: Database; rootKeyFile: string; seams: Pick<Seams, 'newId' | 'randomBytes'> }

/**
 * Begins a change of key: a new term that is pending and seals nothing yet. `newRoot` writes a new root key into the key file, before the
 * one that is there; every machine needs that file before the change goes on.
 *
 * @returns the new term's number
 * @throws `vault.rotation_under_way`, `vault.sealed`
 */
export async function beginRotation(deps: RotateDeps, by: Rotator, { newRoot }: { newRoot: boolean }): Promise<number> {
  const { seams, rootKeyFile } = deps
  return transaction(deps.db, async (trx) => {
    await lockVault(trx)
    const installId = await ensureInstallation(trx, seams.newId())
    const terms = await readTerms(trx)
    if (terms.some(isUnfinished)) throw refused('vault.rotation_under_way')
    const today = rootOf(rootKeyFile, { installId, terms })
    const rootKey = newRoot ? Buffer.from(seams.randomBytes(32)) : today
    const id = Buffer.from(seams.randomBytes(4)).readUInt32BE()
    const canary = sealCanary(installId, deriveWrappingKey(rootKey, installId, id), seams.randomBytes)
    await insertTerm(trx, { id, state: 'pending', canary })
    await audited(trx, by, { action: 'vault.begin_rotation', term: id, details: { newRoot } })
    // Last, because a file is not undone with a transaction; a key more in it that no term needs does no harm.
    if (newRoot) addRootKey(rootKeyFile, rootKey)
    return id
  })
}

const isUnfinished = ({ state, rewrappedAt }: TermRow) =>
  state === 'pending' || (state === 'decrypt_only' && rewrappedAt === null)

function rootOf(file: string, stored: Stored): Buffer {
  const read = readRootKeys(file)
  const root = read.is === 'read' ? rootOfPrimary(read.keys, stored) : null
  if (root !== null) return root
  const say = `The root key file ${file} does not fit this database here. Run this on the server, with its settings.`
  throw refused('vault.sealed', { say })
}

/**
 * Takes a change of key as far as it can go now: the pending term becomes the primary one when every process has said that it can use it,
 * and then everything that an older term wrapped is wrapped anew. Level-triggered: anybody may call it at any time, and again.
 */
export async function advanceRotation(deps: RewrapDeps): Promise<void> {
  if (await transaction(deps.db, promotePending)) await deps.vault.learn()
  await forgetAbsent(deps.db, presentForMs)
  if (deps.vault.state().is === 'sealed') return
  for (const term of (await readTerms(deps.db)).filter(isUnfinished)) {
    if (term.state === 'pending' || (await rewrapColumns(deps, term.id)) > 0) continue
    await transaction(deps.db, (trx) => finish(trx, term.id))
  }
}

async function promotePending(trx: Database): Promise<boolean> {
  await lockVault(trx)
  const terms = await readTerms(trx)
  const pending = terms.find(({ state }) => state === 'pending')
  if (pending === undefined) return false
  const present = await readPresent(trx, presentForMs)
  if (present.length === 0 || !present.every((known) => known.includes(pending.id))) return false
  const primary = terms.find(({ state }) => state === 'primary')
  if (primary !== undefined) await setTermState(trx, primary.id, 'decrypt_only')
  await setTermState(trx, pending.id, 'primary')
  await audited(trx, byItself, { action: 'vault.change_primary', term: pending.id, details: { before: primary?.id } })
  return true
}

/** A process that has not learned of the new term yet still seals with the old one: only after that time is nothing left nothing. */
async function finish(trx: Database, term: number): Promise<void> {
  if (await noteRewrapped(trx, term, { primaryForMs: presentForMs }))
    await audited(trx, byItself, { action: 'vault.finish_rotation', term })
}

/** Backups that are older than this must be restorable without asking anybody. */
const keptForMs = 24 * 60 * 60 * 1000

/**
 * Takes a term out of use for good: nothing is wrapped with it any more, and nothing will open with it, in backups of the database
 * neither unless the term is restored with them.
 * @throws `vault.key_in_use`, `vault.key_not_found`
 */
export async function destroyTerm(
  { db, columns }: Pick<RewrapDeps, 'db' | 'columns'>,
  by: Rotator,
  { term, now }: { term: number; now: Date },
): Promise<void> {
  await transaction(db, async (trx) => {
    await lockVault(trx)
    const found = (await readTerms(trx)).find(({ id }) => id === term)
    if (found === undefined || found.state === 'destroyed') throw refused('vault.key_not_found')
    const counts = await Promise.all(columns.map((column) => column.countUnder(trx, term)))
    const values = counts.reduce((sum, count) => sum + count, 0)
    const restedMs = found.rewrappedAt === null ? 0 : now.getTime() - found.rewrappedAt.getTime()
    if (found.state !== 'decrypt_only' || values > 0 || restedMs < keptForMs) throw inUse(found, values)
    await setTermState(trx, term, 'destroyed')
    await audited(trx, by, { action: 'vault.destroy_key', term })
  })
}

function inUse({ state, rewrappedAt }: TermRow, values: number) {
  if (state !== 'decrypt_only')
    return refused('vault.key_in_use', {
      say: `This key is ${state.replace('_', ' ')}. Only an older one can be destroyed.`,
    })
  if (values > 0)
    return refused('vault.key_in_use', {
      say: `${values} values are still sealed with this key. Run: anteroom key rotate --continue`,
    })
  const since = rewrappedAt?.toISOString() ?? 'now'
  return refused('vault.key_in_use', {
    say: `Nothing has been sealed with this key since ${since}. Wait a day longer, in case a copy has to be restored.`,
  })
}

async function audited(
  trx: Database,
  by: Rotator,
  { action, term, details = {} }: { action: `vault.${string}`; term: number; details?: Record<string, unknown> },
): Promise<void> {
  const subject = { kind: 'vault_key', id: String(term), name: String(term) }
  await recordAudit(trx, { actorId: by.id, actorName: by.name, action, subject, details, requestId: by.requestId })
}
