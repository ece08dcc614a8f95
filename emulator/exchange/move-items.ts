import type { EventItem } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { newImmutableId, newItemId } from './item-ids.ts'
import { touched } from './meeting.ts'
import { penOf } from './pen.ts'

/**
 * An item goes to another folder and back: it is another item by its id, and the same by its immutable id. When a whole mailbox goes to
 * an archive or is imported anew, not even that stays.
 */
export function moveItem(tenant: Tenant, item: EventItem, keeps: 'immutableId' | 'nothing'): EventItem {
  const pen = penOf(tenant)
  const immutableId = keeps === 'nothing' ? newImmutableId(pen.chance) : item.immutableId
  return tenant.store.atomically(() => {
    tenant.events.put({ ...touched(item, pen), deletedAt: pen.at })
    return tenant.events.put({ ...touched(item, pen), id: newItemId(pen.chance), immutableId })
  })
}

/** The item an id once meant: the same one, or what it became by moving. */
export function followItem(tenant: Tenant, id: string): EventItem | undefined {
  const item = tenant.events.get(id)
  if (item === undefined || item.deletedAt === null) return item
  return tenant.events.listBy(item.immutableId).find((one) => one.deletedAt === null) ?? item
}
