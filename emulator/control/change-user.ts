import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'

/** Changes a user object, its room going by the new name and address too. Mail to the address before still arrives. */
export function renameUser(tenant: Tenant, user: User, changes: Partial<User>): User {
  const isReaddressed = changes.mail !== undefined && changes.mail !== user.mail
  const proxyAddresses = [...(user.proxyAddresses ?? []), ...(isReaddressed ? [user.mail] : [])]
  const renamed = tenant.users.put({ ...user, ...changes, proxyAddresses })
  for (const room of tenant.rooms.listBy(user.id))
    tenant.rooms.put({ ...room, emailAddress: renamed.mail, displayName: renamed.displayName })
  return renamed
}

/** A user object and all that was its own: mailbox, room, rights and subscriptions. What it was invited to stays with the others. */
export function removeUser(tenant: Tenant, user: User): void {
  tenant.store.atomically(() => {
    for (const one of tenant.subscriptions.listBy(user.id)) tenant.subscriptions.delete(one.id)
    for (const one of tenant.events.listBy(user.id)) tenant.events.delete(one.id)
    for (const one of tenant.permissions.listBy(user.id)) tenant.permissions.delete(one.id)
    for (const one of tenant.rooms.listBy(user.id)) tenant.rooms.delete(one.id)
    tenant.roomPolicies.delete(user.id)
    tenant.changes.evict(user.id)
    tenant.users.delete(user.id)
  })
}
