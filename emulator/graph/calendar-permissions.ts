import { z } from 'zod'
import { grantRole } from '../exchange/calendar-roles.ts'
import type { CalendarPermission, CalendarRole } from '../model.ts'
import { calendarReach, holdsAny, organizationRole } from './access.ts'
import { collectionAnswer, entityAnswer, plainly } from './collection.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { accessDenied, GraphProblem, invalidRequest, itemNotFound } from './graph-problem.ts'
import { anyCase, parseBody } from './request-body.ts'
import { mailboxRoutes, type Route } from './router.ts'

const allowedRoles: CalendarRole[] = [
  'freeBusyRead',
  'limitedRead',
  'read',
  'write',
  'delegateWithoutPrivateEventAccess',
  'delegateWithPrivateEventAccess',
]
const anyRole = anyCase(['none', ...allowedRoles])
const creation = z.object({
  emailaddress: z.object({ address: z.string(), name: z.string().nullish() }),
  role: anyRole,
})
const change = z.object({ role: anyRole })

/** Who may do what on a calendar (Graph calendar-list-calendarpermissions and its create, update and delete). */
export const calendarPermissionRoutes: Route[] = ['/calendar', '/calendars/:calendar'].flatMap((calendar) => {
  const path = `${calendar}/calendarPermissions`
  return [
    ...mailboxRoutes('GET', path, listPermissions),
    ...mailboxRoutes('POST', path, postPermission),
    ...mailboxRoutes('GET', `${path}/:permission`, getPermission),
    ...mailboxRoutes('PATCH', `${path}/:permission`, patchPermission),
    ...mailboxRoutes('DELETE', `${path}/:permission`, removePermission),
  ]
})

function listPermissions(call: MailboxCall): GraphAnswer {
  const permissions = permissionsOf(call, 'read')
  const shape = { context: contextOf(call), pageSize: 10, pageSizeMax: 1000, always: ['id'] }
  return collectionAnswer(
    call,
    plainly([organizationJson(), ...permissions.map((one) => permissionJson(call, one))]),
    shape,
  )
}

function getPermission(call: MailboxCall): GraphAnswer {
  const permissions = permissionsOf(call, 'read')
  if (call.params.permission === organizationId) return entityAnswer(call, organizationJson(), contextOf(call), ['id'])
  return permissionAnswer(call, named(call, permissions))
}

/** Naming somebody a second time changes the role they have. */
function postPermission(call: MailboxCall): GraphAnswer {
  permissionsOf(call, 'write')
  const { emailaddress, role } = parseBody(call, creation)
  const grantee = call.tenant.findUser(emailaddress.address)
  if (grantee === undefined) throw invalidRequest(`The recipient '${emailaddress.address}' is not known here.`)
  const permission = grantRole(call.tenant, { mailboxId: call.mailbox.id, granteeId: grantee.id, role })
  return { ...permissionAnswer(call, permission), status: 201 }
}

function patchPermission(call: MailboxCall): GraphAnswer {
  const permission = named(call, permissionsOf(call, 'write'))
  const { role } = parseBody(call, change)
  return permissionAnswer(call, grantRole(call.tenant, { ...permission, role }))
}

function removePermission(call: MailboxCall): GraphAnswer {
  call.tenant.permissions.delete(named(call, permissionsOf(call, 'write')).id)
  return { status: 204 }
}

/** Only the owner, or an application, reads or writes a calendar's permissions; anybody else meets `ErrorNotSupported`. */
function permissionsOf(call: MailboxCall, to: 'read' | 'write'): CalendarPermission[] {
  const { tenant, token, mailbox } = call
  if (token.accountId !== null && token.accountId !== mailbox.id) {
    throw new GraphProblem(403, 'ErrorNotSupported', "The caller can't manage the permissions of this calendar.")
  }
  calendarReach(tenant, token, mailbox)
  const writers = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared']
  if (to === 'write' && !holdsAny(token, writers)) throw accessDenied()
  return tenant.permissions.listBy(mailbox.id).filter((one) => one.mailboxId === mailbox.id)
}

function named(call: MailboxCall, permissions: CalendarPermission[]): CalendarPermission {
  const permission = permissions.find((one) => graphId(one) === call.params.permission)
  if (permission === undefined) throw itemNotFound()
  return permission
}

function permissionAnswer(call: MailboxCall, permission: CalendarPermission): GraphAnswer {
  return entityAnswer(call, permissionJson(call, permission), contextOf(call), ['id'])
}

function permissionJson({ tenant }: MailboxCall, permission: CalendarPermission): Record<string, unknown> {
  const grantee = tenant.users.get(permission.granteeId)
  return {
    id: graphId(permission),
    isRemovable: true,
    isInsideOrganization: grantee?.homeTenantId === null,
    role: permission.role,
    allowedRoles,
    emailAddress: { name: grantee?.displayName ?? '', address: grantee?.mail ?? '' },
  }
}

const organizationId = graphId({ id: 'organization' })

function organizationJson(): Record<string, unknown> {
  return {
    id: organizationId,
    isRemovable: false,
    isInsideOrganization: true,
    role: organizationRole,
    allowedRoles: ['none', 'freeBusyRead', 'limitedRead', 'read', 'write'],
    emailAddress: { name: 'My Organization' },
  }
}

function contextOf({ mailbox }: MailboxCall): string {
  return `users('${mailbox.id}')/calendar/calendarPermissions`
}

function graphId({ id }: { id: string }): string {
  return `L289RXhjaGFuZ2VMYWJz${Buffer.from(id).toString('base64url')}`
}
