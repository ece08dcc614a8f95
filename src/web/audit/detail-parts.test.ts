import { expect, test } from 'vitest'
import { detailParts } from './detail-parts.ts'

test('what an auditor looks for comes first, calls become a table, and nothing is left out', () => {
  const calls = [{ method: 'GET', to: 'graph.microsoft.com/v1.0/me', status: 200, count: 3 }]
  const nested = { before: { a: 1 } }
  const details = {
    token: 't',
    last: 'later',
    oauthApp: 'app',
    count: 3,
    account: 'alice',
    purpose: null,
    calls,
    nested,
  }
  expect(detailParts({ ...details, fields: ['name', 'active'], newRoot: true })).toEqual({
    facts: [
      { label: 'Account', value: 'alice' },
      { label: 'Count', value: '3' },
      { label: 'Last', value: 'later' },
      { label: 'Token', value: 't' },
      { label: 'Oauth app', value: 'app' },
      { label: 'Fields', value: 'name, active' },
      { label: 'New root', value: 'yes' },
    ],
    calls,
    others: { nested },
  })
  expect(detailParts({})).toEqual({ facts: [], calls: [], others: null })
})
