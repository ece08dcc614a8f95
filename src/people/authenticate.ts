import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { findApiToken } from './api-token.ts'
import { readSession, type SessionDeps } from './session.ts'
import type { UserRecord } from './user-queries.ts'

/**
 * Who makes this request: the session of the cookie, or the API token of `Authorization: Bearer an_pat_…`. Null is
 * nobody. Read from the database each time, so a deactivated person and an ended session are nobody at once.
 * @throws Refusal `http.credentials_in_url` when a token travels in the address, where logs and histories would keep it;
 * `people.api_token_refused` when a token was sent and does not hold.
 */
export function authenticate(deps: SessionDeps): (context: Context) => Promise<Actor | null> {
  return async (context) => {
    refuseCredentialsInUrl(context)
    const bearer = apiTokenOf(context)
    if (bearer !== null) return actorFrom(await findApiToken(deps, bearer), 'api_token', null)
    const session = await readSession(deps, context)
    return session === null ? null : actorFrom(session.user, 'session', session.id)
  }
}

export function actorFrom(user: UserRecord, via: Actor['via'], sessionId: string | null): Actor {
  return {
    userId: user.id,
    displayName: user.display_name,
    email: user.email,
    roles: new Set(user.roles),
    microsoft:
      user.tenant_id === null || user.object_id === null
        ? null
        : { tenantId: user.tenant_id, objectId: user.object_id },
    via,
    sessionId,
  }
}

const credentialNames = ['token', 'access_token', 'api_key']

function refuseCredentialsInUrl(context: Context): void {
  const names = Object.keys(context.req.query())
  if (names.some((name) => credentialNames.includes(name.toLowerCase()))) throw httpRefused('http.credentials_in_url')
}

/** Other schemes and other bearer tokens belong to whatever stands in front of us, not to us. */
function apiTokenOf(context: Context): string | null {
  return /^Bearer +(an_pat_\S*)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null
}
