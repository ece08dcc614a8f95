import { type AuditEntry, recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Attempts } from './attempts.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { hashPassword, isHashOutdated, isPassword } from './password.ts'
import type { SignedIn } from './session.ts'
import { findLocalUser, noteSignIn, setPasswordHash } from './user-queries.ts'

export type PasswordSignIn = {
  email: string
  password: string
  requestId: string
  /** By somebody who is signed in, to prove that it is still them. */
  again?: boolean
}

/**
 * Signs a local administrator in by password.
 *
 * Unknown address, wrong password and deactivated person get the same answer after the same work. The refusal is noted by the
 * route, for known and unknown addresses alike: an entry for known people alone would be measurable.
 * @throws Refusal `people.sign_in_refused`, `people.too_many_attempts`, `people.busy`
 */
export async function checkPasswordSignIn(
  deps: Pick<PeopleDeps, 'db' | 'seams'>,
  attempts: Attempts,
  { email, password, requestId, again = false }: PasswordSignIn,
): Promise<SignedIn> {
  attempts.onAccount(email)
  const user = await findLocalUser(deps.db, email)
  const hash = user?.active ? user.password_hash : null
  if (!(await isPassword(password, hash)) || user === undefined || hash === null) {
    throw refused('people.sign_in_refused', again ? { say: sayNotYours } : {})
  }
  attempts.succeededOn(email)
  const newHash = isHashOutdated(hash) ? await hashPassword(password, deps.seams.randomBytes) : null
  const now = deps.seams.now()
  await transaction(deps.db, async (trx) => {
    if (newHash !== null) await setPasswordHash(trx, user.id, newHash)
    await noteSignIn(trx, user.id, now)
    const details = again ? { with: 'password', again } : { with: 'password' }
    await recordAudit(trx, signInEntry(user.id, user.display_name, details, requestId))
  })
  return { userId: user.id, provedAt: now }
}

const sayNotYours = 'This is not your password. Try again; nothing was changed.'

export function signInEntry(
  userId: string,
  name: string,
  details: Record<string, unknown>,
  requestId: string,
): AuditEntry {
  const subject = { kind: 'user', id: userId, name }
  return { actorId: userId, actorName: name, action: 'people.signed_in', subject, details, requestId }
}
