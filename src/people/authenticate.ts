import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { type ActingToken, findApiToken, nameApiToken } from './api-token.ts'
import type { PeopleDeps } from './deps.ts'
import { type Noted, openNoted } from './noted.ts'
import { readSession } from './session.ts'
import type { UserRecord } from './user-queries.ts'

/**
 * Who makes this request: the session of the cookie, or the API token of `Authorization: Bearer an_pat_…`. Null is
 * nobody. Read from the database each time, so a deactivated person and an ended session are nobody at once.
 * @throws Refusal `http.credentials_in_url` when a token travels in the address, where logs and histories would keep it;
 * `people.api_token_refused` when a token was sent and does not hold.
 */
export function authenticate(deps: PeopleDeps): (context: Context) => Promise<Actor | null> {
  const noted = openNoted(deps)
  return async (context) => {
    await refuseCredentialsInUrl(deps, noted, context)
    const bearer = apiTokenOf(context)
    if (bearer !== null) return actorBehind(await holdingToken(deps, noted, { context, bearer }))
    const session = await readSession(deps, context)
    if (session === null) return null
    return { ...actorFrom(session.user, 'session', session.id), provedAt: session.user.proved_at }
  }
}

/** Notes the use of a token that holds, and the refusal of one that was ours. */
async function holdingToken(
  deps: PeopleDeps,
  noted: Noted,
  { context, bearer }: { context: Context; bearer: string },
): Promise<ActingToken> {
  try {
    const token = await findApiToken(deps, bearer)
    await noted.use(context, token, { id: token.owner.id, name: token.owner.display_name })
    return token
  } catch (refusal) {
    const subject = await nameApiToken(deps, bearer)
    if (subject !== null) await noted.refusal(context, { action: 'people.api_token_refused', subject })
    throw refusal
  }
}

function actorBehind({ owner, scopes }: ActingToken): Actor {
  return { ...actorFrom(owner, 'api_token', null), tokenScopes: scopes }
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
const wholeToken = /an_pat_\w{8}_\w{36}/

/** Whoever reads the logs of the way here has it by now: the trail says which token should be revoked. */
async function refuseCredentialsInUrl(deps: PeopleDeps, noted: Noted, context: Context): Promise<void> {
  const sent = [...new URL(context.req.url).searchParams]
  const found = sent.find(([name, text]) => credentialNames.includes(name.toLowerCase()) || wholeToken.test(text))
  if (found === undefined) return
  const subject = (await nameApiToken(deps, found[1])) ?? { kind: 'api_token', id: 'unknown', name: 'unknown' }
  await noted.refusal(context, { action: 'people.token_in_address_refused', subject })
  throw httpRefused('http.credentials_in_url')
}

/** Other schemes and other bearer tokens belong to whatever stands in front of us, not to us. */
function apiTokenOf(context: Context): string | null {
  return /^Bearer +(an_pat_\S*)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? null
}
