import type { Context } from 'hono'
import { mount, mountSignedIn, type Router } from '#http/mount.ts'
import { Refusal } from '#kit/refusal.ts'
import { apiTokensOf, issueApiToken, revokeApiToken } from './api-token.ts'
import type { ApiTokenRecord } from './api-token-queries.ts'
import { openAttempts } from './attempts.ts'
import * as contract from './contract.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { meAfterSignIn, meAs } from './me.ts'
import { completeSignIn, startSignIn } from './microsoft-sign-in.ts'
import { type OpenIdClient, openIdClient } from './oidc.ts'
import { endSession, startSession } from './session.ts'
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
  mountSignedIn(router, contract.updateMe, ({ actor, body }) => changeTimeZone(deps, actor.userId, body.timeZone))
}

function mountSignIn(router: Router, deps: PeopleDeps): void {
  const attempts = openAttempts(deps)
  const client = deps.signIn === null ? null : openIdClient(deps, deps.signIn)

  mount(router, contract.setUp, async ({ body, context, requestId }) => {
    attempts.fromAddress(context)
    const userId = await setUpAdministrator(deps, body, requestId)
    return meAfterSignIn(deps, userId, await startSession(deps, context, userId))
  })
  mount(router, contract.signInWithPassword, async ({ body, context, requestId }) => {
    attempts.fromAddress(context)
    const userId = await checkPasswordSignIn(deps, attempts, { ...body, requestId })
    return meAfterSignIn(deps, userId, await startSession(deps, context, userId))
  })
  mount(router, contract.startMicrosoftSignIn, async ({ body, context }) => {
    if (client === null) throw refused('people.microsoft_sign_in_off')
    attempts.startingFromAddress(context)
    return { url: await startSignIn(deps, client, { context, returnTo: body.returnTo }) }
  })
  mount(router, contract.signOut, async ({ context }) => {
    await endSession(deps, context)
    return { done: true as const }
  })
  if (client !== null) {
    router.app.get('/api/people/sign-in/callback', (context) => answerCallback(deps, client, context))
  }
}

/**
 * The one address a browser is sent to from outside. It always answers with a redirect to a page of ours; problems travel as
 * their code, and the page has the sentence. The code in this address must not reach another site, hence no referrer.
 */
async function answerCallback(deps: PeopleDeps, client: OpenIdClient, context: Context): Promise<Response> {
  context.header('Referrer-Policy', 'no-referrer')
  context.header('Cache-Control', 'no-store')
  const requestId = String(context.get('requestId') ?? '')
  try {
    const { userId, returnTo } = await completeSignIn(deps, client, { context, requestId })
    await startSession(deps, context, userId)
    return context.redirect(returnTo, 303)
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    deps.log.warn({ requestId }, problem.code)
    return context.redirect(`/sign-in?problem=${problem.code}`, 303)
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

function mountApiTokens(router: Router, deps: PeopleDeps): void {
  mountSignedIn(router, contract.listApiTokens, async ({ actor }) => ({
    tokens: (await apiTokensOf(deps, actor.userId)).map(tokenRow),
  }))
  mountSignedIn(router, contract.createApiToken, async ({ actor, body, context, requestId }) => {
    // A leaked token could otherwise make itself a successor and outlive its own end.
    if (actor.via !== 'session') throw refused('people.session_required')
    context.header('Cache-Control', 'no-store')
    const { record, token } = await issueApiToken(deps, {
      owner: { id: actor.userId, displayName: actor.displayName },
      by: { id: actor.userId, name: actor.displayName },
      ...body,
      requestId,
    })
    return { ...tokenRow(record), token: token.open('show_once') }
  })
  mountSignedIn(router, contract.revokeApiToken, async ({ actor, params, requestId }) => {
    await revokeApiToken(deps, actor, { id: params.id, requestId })
    return { done: true as const }
  })
}

function tokenRow(record: ApiTokenRecord) {
  return {
    id: record.id,
    name: record.name,
    publicId: record.public_id,
    createdAt: record.created_at.toISOString(),
    expiresAt: record.expires_at.toISOString(),
    lastUsedAt: record.last_used_at?.toISOString() ?? null,
  }
}
