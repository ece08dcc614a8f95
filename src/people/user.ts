import { z } from 'zod'
import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import type { ListQuery } from '#kit/page.ts'
import type { Person, UserRow, updateUser } from './contract.ts'
import type { PeopleDeps } from './deps.ts'
import { readUsersPage, searchPeople, sortColumns, type UserSort } from './directory-queries.ts'
import { refused } from './errors.ts'
import { inOrder } from './role.ts'
import { endSessionsOf } from './session.ts'
import {
  countActiveAdministrators,
  findUser,
  findUsersByEmail,
  lockAdministrators,
  lockUser,
  replaceRoles,
  setTimeZone,
  type UserRecord,
  updateUserRow,
} from './user-queries.ts'

type Deps = Pick<PeopleDeps, 'db' | 'seams'>

const directoryMax = 20

export function personOf(user: UserRecord): Person {
  return {
    id: user.id,
    displayName: user.display_name,
    email: user.email,
    kind: user.service_account ? 'service' : user.tenant_id === null ? 'local' : 'microsoft',
    roles: inOrder(user.roles),
    timeZone: user.time_zone,
  }
}

/** @throws Refusal `people.user_not_found` */
export async function readPerson(deps: Pick<PeopleDeps, 'db'>, id: string): Promise<Person> {
  return personOf(known(await findUser(deps.db, id)))
}

/**
 * The active person whom somebody at the server's own machine means, by e-mail address or user id.
 * @throws Refusal `people.user_not_found`, `people.user_ambiguous`
 */
export async function findOwner(deps: Pick<PeopleDeps, 'db'>, emailOrId: string): Promise<Person> {
  const byId = z.uuid().safeParse(emailOrId).success
  const found = byId ? [known(await findUser(deps.db, emailOrId))] : await findUsersByEmail(deps.db, emailOrId)
  const [user, another] = found.filter(({ active }) => active)
  if (user === undefined) {
    throw refused('people.user_not_found', {
      say: `No active user is called ${emailOrId}. Has this person signed in once?`,
    })
  }
  if (another !== undefined) throw refused('people.user_ambiguous', { facts: { ids: [user.id, another.id] } })
  return personOf(user)
}

/** Active people by the start of a word of their name, or of their e-mail address; at most 20. */
export async function searchDirectory(deps: Deps, text: string) {
  const found = await searchPeople(deps.db, text.trim(), directoryMax)
  return found.map((row) => ({ id: row.id, displayName: row.display_name, email: row.email }))
}

export async function listUsers(deps: Deps, query: ListQuery & { kind?: Person['kind'] | undefined }) {
  const { rows, total } = await readUsersPage(deps.db, query, sortOf(query.sort ?? 'displayName'))
  return { rows: rows.map(userRowOf), total, page: query.page, pageSize: query.pageSize }
}

export type UserChange = z.output<NonNullable<(typeof updateUser)['body']>>

/**
 * Changes roles, or whether a person is active, and ends that person's sessions if something changed.
 * @throws Refusal `people.user_not_found`, `people.changed_by_someone_else`, `people.last_admin`, `http.recent_sign_in_required`
 */
export function changeUser(
  deps: Deps,
  actor: Actor,
  { id, change, requestId }: { id: string; change: UserChange; requestId: string },
): Promise<UserRow> {
  return transaction(deps.db, async (trx) => {
    await lockAdministrators(trx)
    const before = known(await lockUser(trx, id))
    if (before.version !== change.version) throw changedBySomeoneElse(before)
    const after = { roles: inOrder(change.roles ?? before.roles), active: change.active ?? before.active }
    if (same(before, after)) return userRowOf(before)
    if (after.roles.some((role) => !before.roles.includes(role))) requireRecentSignIn(actor, deps.seams.now())
    if (
      administers(before) &&
      !administers({ ...before, ...after }) &&
      (await countActiveAdministrators(trx, { except: id })) === 0
    ) {
      throw refused('people.last_admin')
    }
    await replaceRoles(trx, id, after.roles)
    await updateUserRow(trx, id, { active: after.active, updatedBy: actor.displayName, now: deps.seams.now() })
    const sessionsEnded = await endSessionsOf({ ...deps, db: trx }, id)
    await recordAudit(trx, {
      actorId: actor.userId,
      actorName: actor.displayName,
      action: 'people.user_changed',
      subject: { kind: 'user', id, name: before.display_name },
      details: { rolesBefore: inOrder(before.roles), activeBefore: before.active, ...after, sessionsEnded },
      requestId,
    })
    return userRowOf(known(await findUser(trx, id)))
  })
}

/** @throws Refusal `http.invalid_input` when there is no such time zone */
export async function changeTimeZone(
  deps: Deps,
  actor: Actor,
  { timeZone, requestId }: { timeZone: string; requestId: string },
): Promise<Person> {
  if (!isTimeZone(timeZone)) {
    throw httpRefused('http.invalid_input', { fields: { timeZone: 'Use an IANA name such as Europe/Berlin.' } })
  }
  await transaction(deps.db, async (trx) => {
    await setTimeZone(trx, actor.userId, timeZone)
    await recordAudit(trx, {
      actorId: actor.userId,
      actorName: actor.displayName,
      action: 'people.time_zone_changed',
      subject: { kind: 'user', id: actor.userId, name: actor.displayName },
      details: { timeZone },
      requestId,
    })
  })
  return readPerson(deps, actor.userId)
}

function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 are accepted by Intl too, and have no daylight saving time.
  if (!/^[A-Z]/i.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function administers(user: { roles: readonly string[]; active: boolean; service_account: boolean }): boolean {
  return user.active && user.roles.includes('admin') && !user.service_account
}

function same(before: UserRecord, after: { roles: readonly string[]; active: boolean }): boolean {
  return before.active === after.active && inOrder(before.roles).join() === after.roles.join()
}

function known(user: UserRecord | undefined): UserRecord {
  if (user === undefined) throw refused('people.user_not_found')
  return user
}

function changedBySomeoneElse(current: UserRecord) {
  const facts = {
    current: userRowOf(current),
    updatedBy: current.updated_by,
    updatedAt: current.updated_at.toISOString(),
  }
  return refused('people.changed_by_someone_else', { facts })
}

export function userRowOf(user: UserRecord): UserRow {
  return {
    ...personOf(user),
    active: user.active,
    lastSignInAt: user.last_sign_in_at?.toISOString() ?? null,
    createdAt: user.created_at.toISOString(),
    version: user.version,
  }
}

function sortOf(text: string): UserSort {
  const column = text.replace(/^-/, '')
  if (!Object.hasOwn(sortColumns, column)) {
    const say = `Users can be sorted by ${Object.keys(sortColumns).join(', ')}.`
    throw httpRefused('http.invalid_input', { fields: { sort: say } })
  }
  return { column: column as UserSort['column'], descending: text.startsWith('-') }
}
