import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { refused } from './errors.ts'
import { Keyring } from './keyring.ts'
import { deleteTerms, ensureInstallation, lockVault, readTerms } from './queries.ts'
import { openVault, type VaultDeps } from './vault.ts'

/**
 * Begins anew with another root key after the old one was lost for good. Whatever was sealed is given up by `forget`, in the same
 * transaction; records, rooms and reservations stay.
 *
 * @param confirmed the installation's id, so that nobody does this to the wrong database
 * @throws `vault.reset_refused` when the key is not lost, or the id is another
 */
export async function resetVault(
  deps: VaultDeps,
  { confirmed, forget }: { confirmed: string; forget: (trx: Database) => Promise<number> },
): Promise<number> {
  const forgotten = await transaction(deps.db, async (trx) => {
    await lockVault(trx)
    const installId = await ensureInstallation(trx, deps.seams.newId())
    const terms = await readTerms(trx)
    const state = new Keyring(deps.rootKeyFile, { installId, terms }).state()
    if (state.is === 'open') throw refused('vault.reset_refused', { say: sayNotLost(deps.rootKeyFile) })
    if (confirmed !== installId) throw refused('vault.reset_refused', { say: sayConfirm(installId) })
    const count = await forget(trx)
    await deleteTerms(trx)
    const subject = { kind: 'installation', id: installId, name: 'vault' }
    const details = { tokens: count, keys: terms.map(({ id }) => id) }
    await recordAudit(trx, { actorId: null, actorName: 'command line', action: 'vault.reset', subject, details })
    return count
  })
  await openVault(deps)
  return forgotten
}

const sayNotLost = (file: string) =>
  `The root key in ${file} fits this database: nothing is lost, and nothing was changed.`
const sayConfirm = (installId: string) =>
  `All tokens and client secrets of this installation would be given up. If that is meant: --confirm ${installId}`
