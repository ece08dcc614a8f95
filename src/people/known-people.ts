import { recordAudit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Role } from './contract.ts'
import type { PeopleDeps } from './deps.ts'
import {
  addRoles,
  findMicrosoftUser,
  insertMicrosoftUser,
  refreshProfile,
  setTimeZone,
  type UserRecord,
} from './user-queries.ts'

export type KnownPerson = {
  tenantId: string
  objectId: string
  email: string
  displayName: string
  roles: readonly Role[]
  /** IANA name, or null when it is not known: then a new person gets UTC and an old one keeps theirs. */
  timeZone: string | null
}

/**
 * Makes sure that a person of Microsoft's directory is known here, by tenant id and object id: after a sign-in, from an
 * import, from the demo data. Safe to repeat. Name and address become today's; roles are added and never taken away; a
 * deactivated person stays deactivated; a time zone is set only while it is still UTC.
 */
export function ensurePerson(
  deps: Pick<PeopleDeps, 'db' | 'seams'>,
  person: KnownPerson,
): Promise<{ user: UserRecord; created: boolean }> {
  return transaction(deps.db, async (trx) => {
    const before = await findMicrosoftUser(trx, person)
    const created = before === undefined && (await create({ ...deps, db: trx }, person))
    const { id, time_zone: timeZone } = before ?? stored(await findMicrosoftUser(trx, person))
    await addRoles(trx, id, person.roles)
    await refreshProfile(trx, { id, email: person.email, displayName: person.displayName })
    if (before !== undefined) await recordDifference(trx, before, person)
    if (person.timeZone !== null && timeZone === 'UTC') await setTimeZone(trx, id, person.timeZone)
    return { user: stored(await findMicrosoftUser(trx, person)), created }
  })
}

function stored(user: UserRecord | undefined): UserRecord {
  if (user === undefined) throw new Error('A user that was just stored cannot be read.')
  return user
}

/** What Microsoft says differently today, and roles that somebody got without an administrator's doing. */
async function recordDifference(trx: Database, before: UserRecord, today: KnownPerson): Promise<void> {
  const rolesAdded = today.roles.filter((role) => !before.roles.includes(role))
  const renamed = before.email !== today.email || before.display_name !== today.displayName
  if (!renamed && rolesAdded.length === 0) return
  await recordAudit(trx, {
    actorId: null,
    actorName: 'system',
    action: 'people.profile_changed',
    subject: { kind: 'user', id: before.id, name: today.displayName },
    details: { emailBefore: before.email, nameBefore: before.display_name, email: today.email, rolesAdded },
  })
}

async function create(deps: Pick<PeopleDeps, 'db' | 'seams'>, person: KnownPerson): Promise<boolean> {
  const id = deps.seams.newId()
  const inserted = await insertMicrosoftUser(deps.db, {
    id,
    tenant_id: person.tenantId,
    object_id: person.objectId,
    email: person.email,
    display_name: person.displayName,
    password_hash: null,
    time_zone: person.timeZone ?? 'UTC',
    now: deps.seams.now(),
  })
  if (!inserted) return false
  await recordAudit(deps.db, {
    actorId: null,
    actorName: 'system',
    action: 'people.user_created',
    subject: { kind: 'user', id, name: person.displayName },
    details: { email: person.email, roles: person.roles },
  })
  return true
}
