import type { Context } from 'hono'
import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import { Secret, sha256 } from '#kit/secret.ts'
import { clearCookie, readCookie, writeCookie } from './browser-cookie.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { ensurePerson } from './known-people.ts'
import type { OpenIdClient, VerifiedPerson } from './oidc.ts'
import { ownPath } from './own-path.ts'
import { forgetSignInAttempts, insertSignInAttempt, spendSignInAttempt } from './sign-in-queries.ts'
import { signInSecrets } from './sign-in-secrets.ts'
import { noteSignIn } from './user-queries.ts'

const attemptLifeMs = 10 * 60_000
const dayMs = 24 * 60 * 60_000

/**
 * Begins Sign in with Microsoft: a new secret in this browser's cookie, the hash of its state in the table, and the address
 * to send the browser to. A later start in the same browser overtakes an earlier one.
 */
export async function startSignIn(
  deps: PeopleDeps,
  client: OpenIdClient,
  { context, returnTo }: { context: Context; returnTo: string },
): Promise<string> {
  const now = deps.seams.now()
  const browserSecret = new Secret(Buffer.from(deps.seams.randomBytes(32)).toString('base64url'))
  const secrets = signInSecrets(browserSecret)
  const url = await client.authorizationUrl(secrets)
  await forgetSignInAttempts(deps.db, new Date(now.getTime() - dayMs))
  await insertSignInAttempt(deps.db, {
    state_hash: sha256(secrets.state),
    return_to: ownPath(returnTo, deps.publicUrl),
    created_at: now,
    expires_at: new Date(now.getTime() + attemptLifeMs),
  })
  const maxAgeSeconds = attemptLifeMs / 1000
  writeCookie(context, deps.publicUrl, { name: 'an_signin', value: browserSecret, maxAgeSeconds })
  return deps.standIns.resolve(url.href)
}

/**
 * Completes it when Microsoft sends the browser back: the state must be the one of this browser, in time and unused, before
 * anything is asked of Microsoft. The person is created on the first sign-in, with the role employee.
 * @throws Refusal with the condition that the sign-in page explains
 */
export async function completeSignIn(
  deps: PeopleDeps,
  client: OpenIdClient,
  { context, requestId }: { context: Context; requestId: string },
): Promise<{ userId: string; returnTo: string }> {
  const browserSecret = readCookie(context, deps.publicUrl, 'an_signin')
  const callback = new URL(context.req.url).searchParams
  if (browserSecret === null) throw refused('people.sign_in_other_browser')
  const secrets = signInSecrets(browserSecret)
  if (callback.get('state') !== secrets.state) throw refused('people.sign_in_other_browser')
  const returnTo = await spendAttempt(deps, secrets.state)
  clearCookie(context, deps.publicUrl, 'an_signin')
  const person = await client.identify(callback, secrets)
  return { userId: await welcome(deps, person, requestId), returnTo }
}

async function spendAttempt(deps: PeopleDeps, state: string): Promise<string> {
  const now = deps.seams.now()
  const attempt = await spendSignInAttempt(deps.db, sha256(state), now)
  if (attempt === undefined) throw refused('people.sign_in_expired')
  if (attempt.used_at !== null) throw refused('people.sign_in_used')
  if (attempt.expires_at <= now) throw refused('people.sign_in_expired')
  return attempt.return_to
}

function welcome(deps: PeopleDeps, verified: VerifiedPerson, requestId: string): Promise<string> {
  return transaction(deps.db, async (trx) => {
    const within = { ...deps, db: trx }
    const { user } = await ensurePerson(within, { ...verified, roles: ['employee'], timeZone: null })
    if (!user.active) throw refused('people.user_inactive')
    await noteSignIn(trx, user.id, deps.seams.now())
    await recordAudit(trx, {
      actorId: user.id,
      actorName: verified.displayName,
      action: 'people.signed_in',
      subject: { kind: 'user', id: user.id, name: verified.displayName },
      details: { with: 'microsoft' },
      requestId,
    })
    return user.id
  })
}
