import type { EventItem, LedgerEntry, Notification, Subscription } from './model.ts'
import type { Tenant } from './tenant.ts'

/** What really is and was, for tests: nobody's permission is asked. */
export type Judge = {
  /** Raw items of a mailbox (object id, address or user principal name), oldest first; Deleted Items only when asked for. */
  items: (mailbox: string, options?: { deleted?: boolean }) => EventItem[]
  /** Every participant's copy of a meeting that is not deleted. */
  copies: (iCalUId: string) => EventItem[]
  /** What was asked and sent after an entry, oldest first. */
  ledger: (afterId?: number) => LedgerEntry[]
  subscriptions: () => Subscription[]
  /** Notifications that are still to be taken. */
  notifications: () => Notification[]
}

export function judgeOf(tenant: Tenant): Judge {
  const shown = (item: EventItem) => item.deletedAt === null
  return {
    items: (mailbox, { deleted = false } = {}) => {
      const id = tenant.findUser(mailbox)?.id ?? mailbox
      return tenant.events.listBy(id).filter((item) => item.mailboxId === id && (deleted || shown(item)))
    },
    copies: (iCalUId) => tenant.events.listBy(iCalUId).filter(shown),
    ledger: (afterId) => tenant.ledger.since(afterId),
    subscriptions: () => tenant.subscriptions.list(),
    notifications: () => tenant.notifications.list(),
  }
}
