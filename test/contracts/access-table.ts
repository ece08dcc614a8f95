import type { Role } from '#people/contract.ts'

/**
 * Who may call what, written down by hand and apart from the code, so that a change of either is noticed. `admin` may whatever
 * any role may. `session`: anybody signed in with a browser, but no API token. Everything else a role list allows, an API token
 * of somebody with the role is allowed too, as far as its scopes go.
 */
export type Who = 'anyone' | 'signed_in' | 'session' | readonly Role[]

/** Who sees the records behind connections, and who changes which. */
const configurators = ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'] as const
const admins: readonly Role[] = ['admin']

export const accessTable: Record<string, Who> = {
  'GET /livez': 'anyone',
  'GET /readyz': 'anyone',
  'GET /*': 'anyone',
  'GET /oauth/callback/:context': 'anyone',
  'GET /api/openapi.json': 'anyone',
  'GET /api/live': 'signed_in',

  'GET /api/people/me': 'anyone',
  'POST /api/people/setup': 'anyone',
  'POST /api/people/sign-in': 'anyone',
  'POST /api/people/sign-in/microsoft': 'anyone',
  'GET /api/people/sign-in/callback': 'anyone',
  'POST /api/people/sign-out': 'anyone',
  'PATCH /api/people/me': 'signed_in',
  'POST /api/people/me/proof': 'session',
  'POST /api/people/me/proof/microsoft': 'session',
  'GET /api/people/directory': 'signed_in',
  'GET /api/people/users': admins,
  'PATCH /api/people/users/:id': admins,
  'GET /api/people/users/:id/api-tokens': admins,
  'POST /api/people/users/:id/api-tokens': admins,
  'DELETE /api/people/users/:id/api-tokens/:tokenId': admins,
  'POST /api/people/service-accounts': admins,
  'GET /api/people/api-tokens': 'signed_in',
  'POST /api/people/api-tokens': 'session',
  'DELETE /api/people/api-tokens/:id': 'signed_in',

  'GET /api/rooms': 'signed_in',
  'GET /api/rooms/buildings': 'signed_in',
  'GET /api/rooms/records': configurators,
  'POST /api/rooms/records': ['rsvsync_admin'],
  'GET /api/rooms/records/:id': configurators,
  'PATCH /api/rooms/records/:id': ['rsvsync_admin'],
  'GET /api/rooms/building-records': configurators,
  'POST /api/rooms/building-records': ['rsvsync_admin'],
  'GET /api/rooms/building-records/:id': configurators,
  'PATCH /api/rooms/building-records/:id': ['rsvsync_admin'],
  'GET /api/reservations': 'signed_in',
  'GET /api/reservations/availability': 'signed_in',
  'GET /api/reservations/rules': 'signed_in',
  'POST /api/reservations': 'signed_in',
  'GET /api/reservations/:id': 'signed_in',
  'PATCH /api/reservations/:id': 'signed_in',
  'POST /api/reservations/:id/cancel': 'signed_in',
  'POST /api/reservations/:id/submit': 'signed_in',
  'POST /api/reservations/:id/approve': ['approver'],
  'POST /api/reservations/:id/reject': ['approver'],

  'GET /api/sync/events': ['rsvsync_admin'],
  'GET /api/sync/events/:seq': ['rsvsync_admin'],
  'POST /api/sync/events/reprocess': ['rsvsync_admin'],
  'POST /api/sync/events/:seq/reprocess': ['rsvsync_admin'],
  'GET /api/sync/health': ['rsvsync_admin'],
  // Whose reservation it is, is decided behind it, as for the reservation itself.
  'GET /api/sync/reservations/:id/story': 'signed_in',

  'GET /api/connections/application-scopes': 'signed_in',
  'GET /api/connections/aliases': configurators,
  'POST /api/connections/aliases': ['connection_admin'],
  'GET /api/connections/aliases/:id': configurators,
  'PATCH /api/connections/aliases/:id': ['connection_admin'],
  'DELETE /api/connections/aliases/:id': ['connection_admin'],
  'GET /api/connections/aliases/:id/resolution': 'signed_in',
  // A System credential behind it needs connection_admin: src/connections/proxy.test.ts.
  'GET /api/connections/aliases/:id/proxy/*': 'signed_in',
  'POST /api/connections/aliases/:id/proxy/*': 'signed_in',
  'PUT /api/connections/aliases/:id/proxy/*': 'signed_in',
  'PATCH /api/connections/aliases/:id/proxy/*': 'signed_in',
  'DELETE /api/connections/aliases/:id/proxy/*': 'signed_in',
  'POST /api/connections/aliases/:id/access-token': ['connection_admin'],
  // Always the caller's own.
  'GET /api/connections/aliases/:id/personal-token': 'signed_in',
  'DELETE /api/connections/aliases/:id/personal-token': 'signed_in',
  'POST /api/connections/aliases/:id/attributes': ['connection_admin'],
  'PATCH /api/connections/aliases/:id/attributes/:attributeId': ['connection_admin'],
  'DELETE /api/connections/aliases/:id/attributes/:attributeId': ['connection_admin'],
  'GET /api/connections/connections': configurators,
  'POST /api/connections/connections': ['connection_admin'],
  'GET /api/connections/connections/:id': configurators,
  'PATCH /api/connections/connections/:id': ['connection_admin'],
  'DELETE /api/connections/connections/:id': ['connection_admin'],
  'GET /api/connections/credentials': configurators,
  'POST /api/connections/credentials': ['credential_admin'],
  'GET /api/connections/credentials/:id': configurators,
  'PATCH /api/connections/credentials/:id': ['credential_admin'],
  'DELETE /api/connections/credentials/:id': ['credential_admin'],
  'POST /api/connections/credentials/:id/key-pair': ['credential_admin'],
  'POST /api/connections/credentials/:id/test': configurators,
  'POST /api/connections/credentials/:id/authorization': ['credential_admin'],
  'POST /api/connections/credentials/:id/probe': configurators,
  'DELETE /api/connections/credentials/:id/token': ['credential_admin'],
  'GET /api/connections/expiry': configurators,
  'GET /api/connections/oauth-apps': configurators,
  'POST /api/connections/oauth-apps': ['oauth_admin'],
  'GET /api/connections/oauth-apps/:id': configurators,
  'PATCH /api/connections/oauth-apps/:id': ['oauth_admin'],
  'DELETE /api/connections/oauth-apps/:id': ['oauth_admin'],
  'POST /api/connections/oauth-apps/:id/scopes': ['oauth_admin'],
  'POST /api/connections/oauth-apps/:id/secrets': ['oauth_admin'],
  'PATCH /api/connections/oauth-apps/:id/secrets/:secretId': ['oauth_admin'],
  'DELETE /api/connections/oauth-apps/:id/secrets/:secretId': ['oauth_admin'],
  'POST /api/connections/oauth-apps/:id/key-pairs': ['oauth_admin'],
  'POST /api/connections/oauth-apps/:id/certificates': ['oauth_admin'],
  'PATCH /api/connections/oauth-apps/:id/certificates/:certificateId': ['oauth_admin'],
  'DELETE /api/connections/oauth-apps/:id/certificates/:certificateId': ['oauth_admin'],
  'DELETE /api/connections/oauth-apps/:id/scopes/:scopeId': ['oauth_admin'],
  'GET /api/connections/entity-profiles': configurators,
  'POST /api/connections/entity-profiles': ['oauth_admin'],
  'GET /api/connections/entity-profiles/:id': configurators,
  'PATCH /api/connections/entity-profiles/:id': ['oauth_admin'],
  'DELETE /api/connections/entity-profiles/:id': ['oauth_admin'],
  'GET /api/connections/retry-policies': configurators,
  'POST /api/connections/retry-policies': ['connection_admin'],
  'GET /api/connections/retry-policies/:id': configurators,
  'PATCH /api/connections/retry-policies/:id': ['connection_admin'],
  'DELETE /api/connections/retry-policies/:id': ['connection_admin'],
  'GET /api/connections/templates': configurators,
  'POST /api/connections/templates/:key/check': ['connection_admin'],
  'POST /api/connections/templates/:key/records': ['connection_admin'],
  'GET /api/connections/authorizations/:id': 'signed_in',
  'GET /api/connections/personal': 'signed_in',
  'POST /api/connections/personal/:id/authorization': 'signed_in',
  'DELETE /api/connections/personal/:id/token': 'signed_in',

  'GET /api/providers/properties': configurators,
  'PUT /api/providers/properties/:name': ['rsvsync_admin'],
  'GET /api/providers/calendar-providers': configurators,
  'POST /api/providers/calendar-providers': ['rsvsync_admin'],
  'GET /api/providers/calendar-providers/:id': configurators,
  'PATCH /api/providers/calendar-providers/:id': ['rsvsync_admin'],
  'DELETE /api/providers/calendar-providers/:id': ['rsvsync_admin'],
  'POST /api/providers/calendar-providers/:id/probe': configurators,
  'GET /api/providers/sync-configurations': configurators,
  'POST /api/providers/sync-configurations': ['rsvsync_admin'],
  'POST /api/providers/sync-configurations/activate': ['rsvsync_admin'],
  'POST /api/providers/sync-configurations/deactivate': ['rsvsync_admin'],
  'POST /api/providers/sync-configurations/for-building': ['rsvsync_admin'],
  'GET /api/providers/sync-configurations/:id': configurators,
  'PATCH /api/providers/sync-configurations/:id': ['rsvsync_admin'],
  'DELETE /api/providers/sync-configurations/:id': ['rsvsync_admin'],
  'POST /api/providers/sync-configurations/:id/probe': configurators,

  // The address is the secret, and each notification has another: src/watch/notification-door.test.ts.
  'POST /api/watch/notifications/:nonce': 'anyone',
  'POST /api/watch/lifecycle/:nonce': 'anyone',
  'GET /api/watch/rooms': ['rsvsync_admin'],
  'GET /api/watch/rooms/:id': ['rsvsync_admin'],
  'POST /api/watch/rooms/:id/read': ['rsvsync_admin'],
  'POST /api/watch/rooms/:id/compare': ['rsvsync_admin'],
  'POST /api/watch/rooms/:id/probe': ['rsvsync_admin'],
  'POST /api/watch/rooms/:id/release': admins,
  'POST /api/watch/rooms/:id/look': 'signed_in',
  'GET /api/watch/subscriptions': ['rsvsync_admin'],
  'POST /api/watch/subscriptions/:id/renew': ['rsvsync_admin'],
  'GET /api/watch/registry': ['rsvsync_admin'],
  'POST /api/watch/registry/rotate': ['rsvsync_admin'],
  'GET /api/watch/notifications': ['rsvsync_admin'],
  'GET /api/watch/items': ['rsvsync_admin'],
  'GET /api/watch/items/:id': ['rsvsync_admin'],
  'POST /api/watch/items/process': ['rsvsync_admin'],

  'GET /api/scan/setup': configurators,
  'GET /api/scan/findings': configurators,

  'GET /api/vault/keys': admins,
  'POST /api/vault/rotation': admins,

  'GET /api/mail': admins,
  'GET /api/mail/letters': admins,
  'POST /api/mail/letters/:id/send-again': admins,
  'POST /api/mail/test-letter': admins,

  'GET /api/audit': admins,
  'GET /api/audit/export': admins,
  'GET /api/audit/verification': admins,
}

/** Bodies that get past the parser, where what is decided about the caller is decided behind it. */
export const bodies: Record<string, object> = {
  'POST /api/people/api-tokens': { name: 'made by the access test' },
  'POST /api/people/me/proof': { password: 'not the password' },
}

/**
 * Records that belong to somebody: what their owner is answered, and what others are, by role. Whoever is not named is answered
 * as if there were none. Destructive operations come last.
 */
export type RecordRow = {
  record: 'reservation' | 'api token' | 'authorization' | 'personal token'
  operation: string
  body?: object
  own: number
  /** Others with one of these roles, and what they are answered. */
  others?: Partial<Record<Role, number>>
  /** What everybody else is answered. */
  foreign: number
}

export const recordTable: RecordRow[] = [
  // Administrators and those who run the synchronization see everybody's reservations, and change nobody's drafts, as these are.
  {
    record: 'reservation',
    operation: 'GET /api/reservations/:id',
    own: 200,
    others: { admin: 200, rsvsync_admin: 200 },
    foreign: 404,
  },
  {
    record: 'reservation',
    operation: 'PATCH /api/reservations/:id',
    body: { version: 1, subject: 'Changed by the access test' },
    own: 200,
    others: { admin: 409, rsvsync_admin: 409 },
    foreign: 404,
  },
  {
    record: 'reservation',
    operation: 'POST /api/reservations/:id/submit',
    own: 200,
    others: { admin: 409, rsvsync_admin: 409 },
    foreign: 404,
  },
  {
    record: 'reservation',
    operation: 'POST /api/reservations/:id/cancel',
    own: 200,
    others: { admin: 409, rsvsync_admin: 409 },
    foreign: 404,
  },
  { record: 'authorization', operation: 'GET /api/connections/authorizations/:id', own: 200, foreign: 404 },
  { record: 'api token', operation: 'DELETE /api/people/api-tokens/:id', own: 200, foreign: 404 },
  // The address names the credential; whose token is meant is always the caller's own. Others have none, and end none.
  { record: 'personal token', operation: 'DELETE /api/connections/personal/:id/token', own: 200, foreign: 200 },
]
