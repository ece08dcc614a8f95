import { recordAudit } from '#audit/audit.ts'
import { transaction, violatedConstraint } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Role, UserRow } from './contract.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { inOrder } from './role.ts'
import { readPerson, userRowOf } from './user.ts'
import { addRoles, findUser, insertUser } from './user-queries.ts'

type Deps = Pick<PeopleDeps, 'db' | 'seams'>
type Order = { displayName: string; roles: readonly Role[]; requestId: string }

/**
 * Creates the account of a program: roles and API tokens, no password, no Microsoft identity, no mailbox. It is deactivated
 * and given other roles like any user.
 * @throws Refusal `people.service_account_exists`
 */
export async function createServiceAccount(deps: Deps, actor: Actor, order: Order): Promise<UserRow> {
  try {
    return await transaction(deps.db, (trx) => create({ ...deps, db: trx }, actor, order))
  } catch (problem) {
    if (violatedConstraint(problem) !== 'users_service_account_name') throw problem
    throw refused('people.service_account_exists', { cause: problem })
  }
}

async function create({ db, seams }: Deps, actor: Actor, { displayName, roles, requestId }: Order): Promise<UserRow> {
  const id = seams.newId()
  await insertUser(db, {
    id,
    tenant_id: null,
    object_id: null,
    email: '',
    display_name: displayName,
    password_hash: null,
    service_account: true,
    time_zone: 'UTC',
    now: seams.now(),
  })
  await addRoles(db, id, roles)
  await recordAudit(db, {
    actorId: actor.userId,
    actorName: actor.displayName,
    action: 'people.service_account_created',
    subject: { kind: 'user', id, name: displayName },
    details: { roles: inOrder(roles) },
    requestId,
  })
  const created = await findUser(db, id)
  if (created === undefined) throw new Error('A service account that was just stored cannot be read.')
  return userRowOf(created)
}

/** @throws Refusal `people.user_not_found`, `people.service_account_required` */
export async function readServiceAccount(deps: Pick<PeopleDeps, 'db'>, id: string) {
  const person = await readPerson(deps, id)
  if (person.kind !== 'service') throw refused('people.service_account_required')
  return person
}
