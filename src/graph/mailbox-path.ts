import type { Mailbox } from './events.ts'

/** `/v1.0/me` or `/v1.0/users/{address}`. */
export function mailboxPath(mailbox: Mailbox): string {
  return mailbox.is === 'mine' ? '/v1.0/me' : `/v1.0/users/${encodeURIComponent(mailbox.address)}`
}
