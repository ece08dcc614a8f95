import type { AccessToken } from '../access-token.ts'
import { roleNow } from '../exchange/calendar-roles.ts'
import type { CalendarRole, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { accessDenied, calendarAccessDenied } from './graph-problem.ts'

/** How much of a calendar a caller sees, from nothing to everything. */
export type Sight = 'nothing' | 'freeBusy' | 'limited' | 'notPrivate' | 'everything'
export type Reach = { sight: Sight; writes: boolean }

const reachOfRole: Record<CalendarRole, Reach> = {
  none: { sight: 'nothing', writes: false },
  freeBusyRead: { sight: 'freeBusy', writes: false },
  limitedRead: { sight: 'limited', writes: false },
  read: { sight: 'notPrivate', writes: false },
  write: { sight: 'notPrivate', writes: true },
  delegateWithoutPrivateEventAccess: { sight: 'notPrivate', writes: true },
  delegateWithPrivateEventAccess: { sight: 'everything', writes: true },
}

const readers = ['Calendars.Read', 'Calendars.ReadWrite']
const writers = ['Calendars.ReadWrite']
const shared = (scopes: string[]) => scopes.map((scope) => `${scope}.Shared`)

/** What "My Organization" may see of a calendar nobody was named on. */
export const organizationRole: CalendarRole = 'freeBusyRead'

/**
 * What a token reaches of a mailbox's calendar, or the reason it does not (permissions reference; share-or-delegate-calendar).
 *
 * Application tokens go by their roles, in every mailbox. Delegated tokens reach their own mailbox by `Calendars.*`, somebody
 * else's only by `Calendars.*.Shared`, and there the rights on the folder decide.
 */
export function calendarReach(tenant: Tenant, token: AccessToken, mailbox: User): Reach {
  const reads = grants(token, mailbox, readers)
  const writes = grants(token, mailbox, writers)
  if (!reads) throw accessDenied()
  if (token.accountId === null || token.accountId === mailbox.id) return { sight: 'everything', writes }
  const reach = reachOfRole[calendarRole(tenant, token.accountId, mailbox)]
  return { sight: reach.sight, writes: reach.writes && writes }
}

/** As `calendarReach`, refusing callers who may not even see the calendar's items. */
export function reachToRead(tenant: Tenant, token: AccessToken, mailbox: User): Reach {
  const reach = calendarReach(tenant, token, mailbox)
  if (reach.sight === 'nothing' || reach.sight === 'freeBusy') throw calendarAccessDenied()
  return reach
}

/** As `reachToRead`, refusing callers who may not write: the scope is named before the folder's rights. */
export function reachToWrite(tenant: Tenant, token: AccessToken, mailbox: User): Reach {
  if (!grants(token, mailbox, writers)) throw accessDenied()
  const reach = reachToRead(tenant, token, mailbox)
  if (!reach.writes) throw accessDenied()
  return reach
}

/** The folder right of a person on a calendar. A room's resource delegate has an editor's, as Set-CalendarProcessing grants it. */
export function calendarRole(tenant: Tenant, granteeId: string, mailbox: User): CalendarRole {
  const permission = tenant.permissions.listBy(mailbox.id).find((one) => one.granteeId === granteeId)
  const role = permission?.mailboxId === mailbox.id ? roleNow(tenant, permission) : null
  if (role !== null) return role
  const delegates = tenant.roomPolicies.get(mailbox.id)?.resourceDelegates ?? []
  const isDelegate = delegates.some((name) => tenant.findUser(name)?.id === granteeId)
  return isDelegate ? 'delegateWithPrivateEventAccess' : organizationRole
}

/** True when the token carries one of the permissions, as a scope or as a role. */
export function holdsAny(token: AccessToken, permissions: string[]): boolean {
  const held = new Set((token.accountId === null ? token.roles : token.scopes).map((name) => name.toLowerCase()))
  return permissions.some((permission) => held.has(permission.toLowerCase()))
}

function grants(token: AccessToken, mailbox: User, permissions: string[]): boolean {
  if (token.accountId === null) return holdsAny(token, permissions)
  const isOwn = token.accountId === mailbox.id
  return holdsAny(token, isOwn ? [...permissions, ...shared(permissions)] : shared(permissions))
}
