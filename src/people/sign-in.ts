import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Attempts } from './attempts.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { hashPassword, isHashOutdated, isPassword } from './password.ts'
import { findLocalUser, noteSignIn, setPasswordHash } from './user-queries.ts'

/**
 * Signs a local administrator in by password.
 *
 * Unknown address, wrong password and deactivated person get the same answer after the same work. The refusal is noted by the
 * route, for known and unknown addresses alike: an entry for known people alone would be measurable.
 * @returns the user's id
 * @throws Refusal `people.sign_in_refused`, `people.too_many_attempts`, `people.busy`
 */
export async function checkPasswordSignIn(
  deps: Pick<PeopleDeps, 'db' | 'seams'>,
  attempts: Attempts,
  { email, password, requestId }: { email: string; password: string; requestId: string },
): Promise<string> {
  attempts.onAccount(email)
  const user = await findLocalUser(deps.db, email)
  const hash = user?.active ? user.password_hash : null
  if (!(await isPassword(password, hash)) || user === undefined || hash === null) {
    throw refused('people.sign_in_refused')
  }
  attempts.succeededOn(email)
  const newHash = isHashOutdated(hash) ? await hashPassword(password, deps.seams.randomBytes) : null
  await transaction(deps.db, async (trx) => {
    if (newHash !== null) await setPasswordHash(trx, user.id, newHash)
    await noteSignIn(trx, user.id, deps.seams.now())
    await recordAudit(trx, {
      actorId: user.id,
      actorName: user.display_name,
      action: 'people.signed_in',
      subject: { kind: 'user', id: user.id, name: user.display_name },
      details: { with: 'password' },
      requestId,
    })
  })
  return user.id
}
