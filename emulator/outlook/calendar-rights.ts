import { calendarRole } from '../graph/access.ts'
import type { CalendarRole, EventItem, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'

export type CalendarRights = { reads: boolean; writes: boolean; readsPrivate: boolean }

const rightsOfRole: Partial<Record<CalendarRole, CalendarRights>> = {
  limitedRead: { reads: true, writes: false, readsPrivate: false },
  read: { reads: true, writes: false, readsPrivate: false },
  write: { reads: true, writes: true, readsPrivate: false },
  delegateWithoutPrivateEventAccess: { reads: true, writes: true, readsPrivate: false },
  delegateWithPrivateEventAccess: { reads: true, writes: true, readsPrivate: true },
}

/** What a person may do with a calendar: everything with their own, elsewhere what the folder's permission or a room's delegation says. */
export function rightsOn(tenant: Tenant, user: User, mailbox: User): CalendarRights {
  if (user.id === mailbox.id) return { reads: true, writes: true, readsPrivate: true }
  const role = calendarRole(tenant, user.id, mailbox)
  return rightsOfRole[role] ?? { reads: false, writes: false, readsPrivate: false }
}

/** The calendars a person can open, their own first. */
export function openableCalendars(tenant: Tenant, user: User): User[] {
  const others = tenant.users.filter((other) => other.id !== user.id && rightsOn(tenant, user, other).reads)
  return [user, ...others.sort((a, b) => a.displayName.localeCompare(b.displayName))]
}

/** The subject as this person may read it. */
export function subjectFor(rights: CalendarRights, item: EventItem): string {
  const hidden = item.sensitivity !== 'normal' && !rights.readsPrivate
  return hidden ? 'Private appointment' : item.subject || '(No subject)'
}
