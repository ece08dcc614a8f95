import { recordAudit } from '#audit/audit.ts'
import { transaction, violatedConstraint } from '#db/transaction.ts'
import { Secret, sha256 } from '#kit/secret.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { hashPassword, refuseSimplePassword } from './password.ts'
import { isSetupCodeGood, replaceSetupCode, spendSetupCode } from './setup-queries.ts'
import { addRoles, insertUser, localAdministratorExists, lockAdministrators } from './user-queries.ts'

type Deps = Pick<PeopleDeps, 'db' | 'seams'>

/** Without I, L, O and U: nothing in it is mistaken for something else, or spells something. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 4
const groupLength = 4
const codeLifeMs = 30 * 60_000

/**
 * Makes the one-time code for the first administrator, such as `7KQ2-M4XW-09ZB-CT5R` (80 bits, 30 minutes), and voids
 * earlier ones. Whoever sees the server's console owns the installation, so that is where it is printed.
 * Null when a local administrator exists.
 */
export async function newSetupCode(deps: Deps): Promise<Secret | null> {
  if (await localAdministratorExists(deps.db)) return null
  const letters = Array.from(deps.seams.randomBytes(groups * groupLength), (byte) => alphabet[byte % 32])
  const code = letters.join('').replaceAll(/(.{4})(?=.)/g, '$1-')
  const now = deps.seams.now()
  await transaction(deps.db, (trx) =>
    replaceSetupCode(trx, {
      code_hash: hashOf(code),
      created_at: now,
      expires_at: new Date(now.getTime() + codeLifeMs),
    }),
  )
  return new Secret(code)
}

export type FirstAdministrator = { code: string; email: string; displayName: string; password: string }

/**
 * Creates the local administrator. Of any number of attempts at the same time one succeeds.
 * @returns the new user's id
 * @throws Refusal `people.setup_code_refused`, `people.setup_done`, `people.password_too_simple`, `people.email_in_use`
 */
export async function setUpAdministrator(
  deps: Deps,
  person: FirstAdministrator,
  requestId: string | null,
): Promise<string> {
  const codeHash = hashOf(person.code)
  if (await localAdministratorExists(deps.db)) throw refused('people.setup_done')
  // Looked at before hashing, so that guessing codes does not cost us a tenth of a second each.
  if (!(await isSetupCodeGood(deps.db, codeHash, deps.seams.now()))) throw refused('people.setup_code_refused')
  refuseSimplePassword(person.password, person)
  const passwordHash = await hashPassword(person.password, deps.seams.randomBytes)
  try {
    return await createAdministrator(deps, { ...person, codeHash, passwordHash, requestId })
  } catch (problem) {
    if (violatedConstraint(problem) === 'users_local_email') throw refused('people.email_in_use', { cause: problem })
    throw problem
  }
}

type Prepared = FirstAdministrator & { codeHash: Buffer; passwordHash: string; requestId: string | null }

function createAdministrator(deps: Deps, person: Prepared): Promise<string> {
  return transaction(deps.db, async (trx) => {
    const now = deps.seams.now()
    await lockAdministrators(trx)
    if (await localAdministratorExists(trx)) throw refused('people.setup_done')
    if (!(await spendSetupCode(trx, person.codeHash, now))) throw refused('people.setup_code_refused')
    const id = deps.seams.newId()
    await insertUser(trx, {
      id,
      tenant_id: null,
      object_id: null,
      email: person.email,
      display_name: person.displayName,
      password_hash: person.passwordHash,
      time_zone: 'UTC',
      now,
    })
    await addRoles(trx, id, ['admin', 'employee'])
    await recordAudit(trx, {
      actorId: id,
      actorName: person.displayName,
      action: 'people.first_administrator_created',
      subject: { kind: 'user', id, name: person.displayName },
      requestId: person.requestId,
    })
    return id
  })
}

/** However it was typed: in lower case, without dashes, with the letters we do not use for the digits they look like. */
function hashOf(code: string): Buffer {
  const plain = code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  return sha256(plain)
}
