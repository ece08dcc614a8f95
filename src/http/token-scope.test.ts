import { expect, test } from 'vitest'
import { requireTokenScope, scopesFor } from './token-scope.ts'

test.each([
  ['GET', '/api/people/me', 'read reservations connections everything'],
  ['GET', '/api/reservations', 'read reservations everything'],
  ['POST', '/api/reservations', 'reservations everything'],
  ['GET', '/api/rooms/availability', 'read reservations everything'],
  ['POST', '/api/rooms/records', 'everything'],
  ['GET', '/api/people/directory', 'read reservations everything'],
  ['GET', '/api/live', 'read reservations everything'],
  ['PATCH', '/api/connections/aliases/1', 'connections everything'],
  ['GET', '/api/connections/aliases/1/resolution', 'read connections everything'],
  ['GET', '/api/connections/aliases/1/proxy/me/events', 'connections everything'],
  ['POST', '/api/connections/aliases/1/access-token', 'everything'],
  ['GET', '/api/audit', 'read everything'],
  ['PATCH', '/api/people/me', 'everything'],
  ['PATCH', '/api/people/users/1', 'everything'],
  ['POST', '/api/people/api-tokens', 'everything'],
  ['POST', '/api/reservations-archive', 'everything'],
  ['POST', '/api/what-nobody-thought-of', 'everything'],
  ['TRACE', '/api/reservations', 'reservations everything'],
])('%s %s needs one of: %s', (method, path, scopes) => {
  expect(scopesFor(method, path).join(' ')).toBe(scopes)
})

const who = { userId: '', displayName: '', email: '', roles: new Set<string>(), microsoft: null, sessionId: null }

test('only API tokens are limited, and one that says nothing about its scopes may do nothing', () => {
  requireTokenScope(null, 'POST', '/api/audit')
  requireTokenScope({ ...who, via: 'session' }, 'POST', '/api/audit')
  requireTokenScope({ ...who, via: 'api_token', tokenScopes: ['read', 'reservations'] }, 'POST', '/api/reservations')
  expect(() => requireTokenScope({ ...who, via: 'api_token' }, 'GET', '/api/people/me')).toThrow('for: nothing')
})
