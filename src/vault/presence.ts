import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import { deletePresence, notePresence } from './queries.ts'
import type { Vault } from './vault.ts'

export type PresenceDeps = { db: Database; vault: Vault; log: Log; seams: Pick<Seams, 'newId' | 'wait'> }

export const learnEveryMs = 5_000
/** A process that was silent for so long is gone, or so slow that it learns before it does anything else. */
export const presentForMs = 6 * learnEveryMs

/**
 * Keeps one process's vault up to date with the terms in the database, and says there which of them it can use: a new term seals nothing
 * before every process can open what it seals.
 */
export async function keepPresent({ db, vault, log, seams }: PresenceDeps): Promise<() => Promise<void>> {
  const id = seams.newId()
  const ending = new AbortController()
  const appear = async () => notePresence(db, id, await vault.learn())
  await appear()
  const present = (async () => {
    for (;;) {
      await seams.wait(learnEveryMs, ending.signal)
      if (ending.signal.aborted) return
      await appear().catch((problem: unknown) => {
        log.warn({ problem: String(problem) }, 'the vault could not look for new keys; it tries again')
      })
    }
  })()
  return async () => {
    ending.abort()
    await present
    // With the database gone there is nobody to tell; the row is forgotten by its age.
    await deletePresence(db, id).catch((problem: unknown) => {
      log.warn({ problem: String(problem) }, 'the vault could not say that this process ends')
    })
  }
}
