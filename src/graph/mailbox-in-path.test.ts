import { expect, test } from 'vitest'
import { mailboxInPath } from './mailbox-in-path.ts'

test.each([
  ['/v1.0/me/events', 'alice@contoso.example'],
  ['/v1.0/users/Mercury%40contoso.example/calendarView?startDateTime=x', 'mercury@contoso.example'],
  [
    "https://graph.microsoft.com/v1.0/users('mercury%40contoso.example')/events/delta?$skiptoken=1",
    'mercury@contoso.example',
  ],
  ['https://graph.microsoft.com/v1.0/users(%27mercury@contoso.example%27)/events', 'mercury@contoso.example'],
  ['/v1.0/users/%zz/events', '%zz'],
  ['/v1.0/places/microsoft.graph.room', null],
  ['/v1.0/subscriptions', null],
])('%s calls %s', (path, mailbox) => {
  expect(mailboxInPath(path, 'alice@contoso.example')).toBe(mailbox)
})
