import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import type { Secret } from '#kit/secret.ts'
import { readCookie } from './browser-cookie.ts'
import type { Me } from './contract.ts'
import { csrfTokenFor } from './csrf.ts'
import type { PeopleDeps } from './deps.ts'
import type { SignedIn } from './session.ts'
import { readPerson } from './user.ts'
import { localAdministratorExists } from './user-queries.ts'

/** For whoever makes this request, signed in or not. */
export function meAs(deps: PeopleDeps, actor: Actor | null, context: Context): Promise<Me> {
  const token = actor?.via === 'session' ? readCookie(context, deps.publicUrl, 'an_s') : null
  const signedIn = actor === null ? null : { userId: actor.userId, provedAt: actor.provedAt ?? null }
  return describe(deps, signedIn, token)
}

/** For somebody who signed in just now, whose cookie is only on its way. */
export function meAfterSignIn(deps: PeopleDeps, signedIn: SignedIn, { token }: { token: Secret }): Promise<Me> {
  return describe(deps, signedIn, token)
}

async function describe(deps: PeopleDeps, signedIn: SignedIn | null, sessionToken: Secret | null): Promise<Me> {
  const vault = deps.vaultState()
  return {
    person: signedIn === null ? null : await readPerson(deps, signedIn.userId),
    provedAt: signedIn?.provedAt?.toISOString() ?? null,
    csrfToken: sessionToken === null ? null : csrfTokenFor(sessionToken),
    setupNeeded: !(await localAdministratorExists(deps.db)),
    microsoftSignIn: deps.signIn !== null,
    standIns: deps.standIns.list.map(({ host, target }) => ({ host, target })),
    vault: vault.is,
    vaultSealedBecause: vault.is === 'sealed' ? vault.because : null,
    demo: deps.demo,
  }
}
