import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { Refusal } from '#kit/refusal.ts'
import { mountApiTokens } from './api-token-routes.ts'
import { openAttempts } from './attempts.ts'
import * as contract from './contract.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { meAfterSignIn, meAs } from './me.ts'
import { completeSignIn, startSignIn } from './microsoft-sign-in.ts'
import { type Noted, openNoted } from './noted.ts'
import { type OpenIdClient, openIdClient } from './oidc.ts'
import { endSession, type SignedIn, startSession } from './session.ts'
import { setUpAdministrator } from './setup.ts'
import { checkPasswordSignIn } from './sign-in.ts'
import { changeTimeZone, changeUser, listUsers, searchDirectory } from './user.ts'

/** Puts everything about people on the server. */
export function mountPeople(router: Router, deps: PeopleDeps): void {
  mountMe(router, deps)
  mountSignIn(router, deps)
  mountUsers(router, deps)
  mountApiTokens(router, deps)
}

function mountMe(router: Router, deps: PeopleDeps): void {
  mount(router, contract.readMe, ({ actor, context }) => {
    context.header('Cache-Control', 'no-store')
    return meAs(deps, actor, context)
  })
  mountSignedIn(router, contract.updateMe, ({ actor, body, requestId }) =>
    changeTimeZone(deps, actor, { ...body, requestId }),
  )
}

function mountSignIn(router: Router, deps: PeopleDeps): void {
  const attempts = openAttempts(deps)
  const noted = openNoted(deps)
  const client = deps.signIn === null ? null : openIdClient(deps, deps.signIn)

  mount(router, contract.setUp, async ({ body, context, requestId }) => {
    attempts.fromAddress(context)
    const userId = await noting(noted, { context, name: body.email, by: 'setup code' }, () =>
      setUpAdministrator(deps, body, requestId),
    )
    return begin(deps, context, { userId, provedAt: deps.seams.now() })
  })
  mount(router, contract.signInWithPassword, async ({ body, context, requestId }) => {
    const signedIn = await noting(noted, { context, name: body.email, by: 'password' }, async () => {
      attempts.fromAddress(context)
      return checkPasswordSignIn(deps, attempts, { ...body, requestId })
    })
    return begin(deps, context, signedIn)
  })
  mount(router, contract.startMicrosoftSignIn, async ({ body, context }) => {
    if (client === null) throw refused('people.microsoft_sign_in_off')
    attempts.startingFromAddress(context)
    return { url: await startSignIn(deps, client, { context, returnTo: body.returnTo, prove: null }) }
  })
  mountSignedIn(router, contract.proveByPassword, async ({ actor, body, context, requestId }) => {
    requireSession(actor)
    const signedIn = await noting(noted, { context, name: actor.email, by: 'password' }, async () => {
      attempts.fromAddress(context)
      const { email } = actor
      return checkPasswordSignIn(deps, attempts, { ...body, email, requestId, again: true })
    })
    return begin(deps, context, signedIn)
  })
  mountSignedIn(router, contract.proveByMicrosoftSignIn, async ({ actor, body, context }) => {
    requireSession(actor)
    if (client === null || actor.microsoft === null) throw refused('people.microsoft_sign_in_off')
    attempts.startingFromAddress(context)
    return { url: await startSignIn(deps, client, { context, returnTo: body.returnTo, prove: actor }) }
  })
  mount(router, contract.signOut, async ({ context, requestId }) => {
    await endSession(deps, context, requestId)
    return { done: true as const }
  })
  if (client !== null) {
    router.app.get('/api/people/sign-in/callback', (context) =>
      noting(noted, { context, name: '', by: 'microsoft' }, () => answerCallback(deps, client, context)).catch(
        backToSignIn(context),
      ),
    )
  }
}

async function begin(deps: PeopleDeps, context: Context, signedIn: SignedIn): Promise<contract.Me> {
  return meAfterSignIn(deps, signedIn, await startSession(deps, context, signedIn))
}

function requireSession(actor: Actor): void {
  if (actor.via !== 'session') throw refused('people.session_required', { say: saySessionNeeded })
}

const saySessionNeeded = 'An API token has no password to give. Sign in with a browser.'

/**
 * The one address a browser is sent to from outside. It always answers with a redirect to a page of ours; problems travel as
 * their code, and the page has the sentence. The code in this address must not reach another site, hence no referrer.
 */
async function answerCallback(deps: PeopleDeps, client: OpenIdClient, context: Context): Promise<Response> {
  context.header('Referrer-Policy', 'no-referrer')
  context.header('Cache-Control', 'no-store')
  const requestId = String(context.get('requestId') ?? '')
  const { returnTo, ...signedIn } = await completeSignIn(deps, client, { context, requestId })
  await startSession(deps, context, signedIn)
  return context.redirect(returnTo, 303)
}

function backToSignIn(context: Context): (problem: unknown) => Response {
  return (problem) => {
    if (!(problem instanceof Refusal)) throw problem
    const page = new URL(String(problem.facts.returnTo ?? '/sign-in'), context.req.url)
    page.searchParams.set('problem', problem.code)
    return context.redirect(page.pathname + page.search, 303)
  }
}

/** Lets a sign-in try, and notes its refusal: by address as it was typed, since whose it is must not make a difference. */
async function noting<T>(
  noted: Noted,
  { context, name, by }: { context: Context; name: string; by: string },
  signIn: () => Promise<T>,
): Promise<T> {
  try {
    return await signIn()
  } catch (problem) {
    if (problem instanceof Refusal && problem.status < 500) {
      // Some people type their password into the wrong field.
      const typed = /^[^\s@]+@[^\s@]+$/.test(name) ? name : 'unknown'
      const subject = { kind: 'sign_in', id: by, name: typed }
      await noted.refusal(context, { action: 'people.sign_in_refused', subject, details: { code: problem.code } })
    }
    throw problem
  }
}

function mountUsers(router: Router, deps: PeopleDeps): void {
  mountSignedIn(router, contract.searchDirectory, async ({ query }) => ({
    people: await searchDirectory(deps, query.q),
  }))
  mountSignedIn(router, contract.listUsers, ({ query }) => listUsers(deps, query))
  mountSignedIn(router, contract.updateUser, ({ actor, params, body, requestId }) =>
    changeUser(deps, actor, { id: params.id, change: body, requestId }),
  )
}
