import type { Context } from 'hono'
import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import { Secret, sha256 } from '#kit/secret.ts'
import { clearCookie, readCookie, writeCookie } from './browser-cookie.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { ensurePerson } from './known-people.ts'
import type { OpenIdClient, SignInWish, VerifiedPerson } from './oidc.ts'
import { ownPath } from './own-path.ts'
import type { SignedIn } from './session.ts'
import { signInEntry } from './sign-in.ts'
import { forgetSignInAttempts, insertSignInAttempt, type SignInAttempt, spendSignInAttempt } from './sign-in-queries.ts'
import { signInSecrets } from './sign-in-secrets.ts'
import { findMicrosoftUser, noteSignIn } from './user-queries.ts'

const attemptLifeMs = 10 * 60_000
const dayMs = 24 * 60 * 60_000

/**
 * Begins Sign in with Microsoft: a new secret in this browser's cookie, the hash of its state in the table, and the address
 * to send the browser to. A later start in the same browser overtakes an earlier one.
 */
export async function startSignIn(
  deps: PeopleDeps,
  client: OpenIdClient,
  { context, returnTo, prove }: { context: Context; returnTo: string; prove: Actor | null },
): Promise<string> {
  const now = deps.seams.now()
  const browserSecret = new Secret(Buffer.from(deps.seams.randomBytes(32)).toString('base64url'))
  const secrets = signInSecrets(browserSecret)
  const wish: SignInWish = prove === null ? { is: 'sign_in' } : { is: 'prove', loginHint: prove.email }
  const url = await client.authorizationUrl(secrets, wish)
  await forgetSignInAttempts(deps.db, new Date(now.getTime() - dayMs))
  await insertSignInAttempt(deps.db, {
    state_hash: sha256(secrets.state),
    return_to: ownPath(returnTo, deps.publicUrl),
    created_at: now,
    expires_at: new Date(now.getTime() + attemptLifeMs),
    proves_user_id: prove?.userId ?? null,
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
): Promise<SignedIn & { returnTo: string }> {
  const browserSecret = readCookie(context, deps.publicUrl, 'an_signin')
  const callback = new URL(context.req.url).searchParams
  if (browserSecret === null) throw refused('people.sign_in_other_browser')
  const secrets = signInSecrets(browserSecret)
  if (callback.get('state') !== secrets.state) throw refused('people.sign_in_other_browser')
  const attempt = await spendAttempt(deps, secrets.state)
  clearCookie(context, deps.publicUrl, 'an_signin')
  try {
    const person = await client.identify(callback, secrets)
    const proves = attempt.proves_user_id !== null
    const userId = await (proves ? recognise(deps, { attempt, person, requestId }) : welcome(deps, person, requestId))
    return { userId, provedAt: person.authenticatedAt, returnTo: attempt.return_to }
  } catch (problem) {
    // Who is signed in stays so, and is told on the page they came from.
    if (problem instanceof Refusal && attempt.proves_user_id !== null) problem.facts.returnTo = attempt.return_to
    throw problem
  }
}

async function spendAttempt(deps: PeopleDeps, state: string): Promise<SignInAttempt> {
  const now = deps.seams.now()
  const attempt = await spendSignInAttempt(deps.db, sha256(state), now)
  if (attempt === undefined) throw refused('people.sign_in_expired')
  if (attempt.used_at !== null) throw refused('people.sign_in_used')
  if (attempt.expires_at <= now) throw refused('people.sign_in_expired')
  return attempt
}

/** Microsoft's clock may be behind ours by as much as everywhere else. */
const skewMs = 5 * 60_000

type Recognition = { attempt: SignInAttempt; person: VerifiedPerson; requestId: string }

/** The same person must have given their password since this was started; a session that Microsoft still had proves nothing. */
async function recognise(deps: PeopleDeps, { attempt, person, requestId }: Recognition): Promise<string> {
  const user = await findMicrosoftUser(deps.db, person)
  if (user === undefined || user.id !== attempt.proves_user_id) throw refused('people.sign_in_other_person')
  if (!user.active) throw refused('people.user_inactive')
  if (person.authenticatedAt === null) throw refused('people.sign_in_time_unknown')
  if (person.authenticatedAt.getTime() < attempt.created_at.getTime() - skewMs)
    throw refused('people.sign_in_not_fresh')
  await recordAudit(deps.db, signInEntry(user.id, user.display_name, { with: 'microsoft', again: true }, requestId))
  return user.id
}

function welcome(deps: PeopleDeps, verified: VerifiedPerson, requestId: string): Promise<string> {
  return transaction(deps.db, async (trx) => {
    const within = { ...deps, db: trx }
    const { user } = await ensurePerson(within, { ...verified, roles: ['employee'], timeZone: null })
    if (!user.active) throw refused('people.user_inactive')
    await noteSignIn(trx, user.id, deps.seams.now())
    await recordAudit(trx, signInEntry(user.id, verified.displayName, { with: 'microsoft' }, requestId))
    return user.id
  })
}
