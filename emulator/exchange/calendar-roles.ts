import type { CalendarPermission, CalendarRole } from '../model.ts'
import type { Tenant } from '../tenant.ts'

export type Grant = { mailboxId: string; granteeId: string; role: CalendarRole }

/**
 * Gives somebody a role on a calendar. It shows at once and works after a while, as Exchange's caches have it: after so many
 * milliseconds, or as the switch `permissionDelayMs` says.
 */
export function grantRole(tenant: Tenant, grant: Grant, effectiveInMs?: number): CalendarPermission {
  const { mailboxId, granteeId, role } = grant
  const known = tenant.permissions
    .listBy(mailboxId)
    .find((one) => one.mailboxId === mailboxId && one.granteeId === granteeId)
  const delayMs = effectiveInMs ?? tenant.switches.permissionDelayMs
  const later = {
    effectiveAt: new Date(tenant.now().getTime() + delayMs).toISOString(),
    roleBefore: known === undefined ? null : roleNow(tenant, known),
  }
  const id = known?.id ?? tenant.chance.uuid()
  return tenant.permissions.put({ id, mailboxId, granteeId, role, ...(delayMs > 0 ? later : {}) })
}

/** The role a permission gives at this moment; null when it is as if there were none. */
export function roleNow(tenant: Tenant, permission: CalendarPermission): CalendarRole | null {
  const { role, effectiveAt, roleBefore = null } = permission
  return effectiveAt !== undefined && effectiveAt > tenant.now().toISOString() ? roleBefore : role
}
