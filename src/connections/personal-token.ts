import type { Actor } from '#http/actor.ts'
import { type CredentialRecord, readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type FoundConnection, findPlace } from './find-connection.ts'
import { readGrantSetup } from './grant-setup.ts'
import { revokePersonalToken } from './personal.ts'
import type { PersonalToken } from './personal-token.contract.ts'
import { providerOf } from './provider.ts'
import { readPersonalPanel } from './read-panel.ts'
import type { Editor } from './record.ts'
import { resolveAlias } from './resolve.ts'
import type { RevocationReceipt, TokenPanel } from './token.contract.ts'

type Person = Pick<Actor, 'userId' | 'microsoft'>

/**
 * What a program may ask about one person's permission: is it valid, why, and what makes it so. It never starts a sign-in by itself: a sign-in
 * that somebody else began is not finished by anybody (RFC 9700 update, session fixation), so the person is sent to a page of ours.
 *
 * @throws `connections.alias_not_found`, `connections.not_set`, `connections.not_personal`
 */
export async function readPersonalToken(
  deps: ConnectionsDeps,
  aliasId: string,
  person: Person,
): Promise<PersonalToken> {
  const { credential, aliasText } = await personalCredentialOf(deps, aliasId)
  const panel = await readPersonalPanel(deps, credential, person)
  const url = initiatorUrl(deps.publicUrl, credential.id)
  return {
    aliasId: aliasText,
    credential: { id: credential.id, name: credential.name },
    ...(await validityOf(deps, { aliasId: aliasText, credential, person, panel, url })),
    initiatorUrl: url,
    account: panel.account?.email ?? null,
    worksUntil: panel.worksUntil,
  }
}

/** Ends the person's own permission, as Revoke under My connections does. */
export async function revokePersonalTokenOfAlias(
  deps: ConnectionsDeps,
  aliasId: string,
  editor: Editor,
): Promise<PersonalToken & { receipt: RevocationReceipt | null }> {
  const { credential } = await personalCredentialOf(deps, aliasId)
  const { receipt } = await revokePersonalToken(deps, credential.id, editor)
  return { ...(await readPersonalToken(deps, aliasId, editor.actor)), receipt }
}

/** Where a person authorises: signed in as themselves, in their own browser. The address is no secret and starts nothing by being opened. */
export function initiatorUrl(publicUrl: string, credentialId: string): string {
  return `${publicUrl}/my-connections?authorise=${credentialId}`
}

async function personalCredentialOf(
  deps: ConnectionsDeps,
  aliasId: string,
): Promise<{ credential: CredentialRecord; aliasText: string }> {
  const found: FoundConnection = {}
  const { credentialId } = await findPlace(deps, { aliasId }, { trace: [], found })
  const credential = await readCredentialRow(deps.db, credentialId)
  if (credential?.integration_type !== 'personal') throw refused('connections.not_personal')
  return { credential, aliasText: found.alias?.alias_id ?? aliasId }
}

type Validity = Pick<PersonalToken, 'valid' | 'state' | 'reason' | 'nextStep' | 'whoMustAct'>
type Asked = { aliasId: string; credential: CredentialRecord; person: Person; panel: TokenPanel; url: string }

async function validityOf(
  deps: ConnectionsDeps,
  { aliasId, credential, person, panel, url }: Asked,
): Promise<Validity> {
  const resolved = await resolveAlias(deps, aliasId, { userId: person.userId })
  const byPerson = { nextStep: `Open ${url}, press Authorise and sign in as yourself.`, whoMustAct: 'person' as const }
  if (resolved.is === 'refused') {
    const nextStep = 'An administrator must complete the credential.'
    return { valid: false, state: 'not_set_up', reason: resolved.say, nextStep, whoMustAct: 'administrator' }
  }
  if (resolved.is === 'ready' && !hasEnded(deps, panel))
    return { valid: true, state: 'ready', reason: panel.sentence, nextStep: null, whoMustAct: null }
  if (resolved.is === 'ready') return { valid: false, state: 'ended', reason: panel.sentence, ...byPerson }
  const state = panel.state === 'ready' ? 'ended' : panel.state
  if (person.microsoft !== null || !(await needsOurPeople(deps, credential)))
    return { valid: false, state, reason: panel.sentence, ...byPerson }
  return { valid: false, state, reason: panel.sentence, nextStep: sayLocal, whoMustAct: 'person' }
}

/** A token that cannot be renewed is only as good as its access token. */
function hasEnded({ seams }: ConnectionsDeps, { worksUntil, accessExpiresAt }: TokenPanel): boolean {
  return worksUntil === null && (accessExpiresAt === null || Date.parse(accessExpiresAt) <= seams.now().getTime())
}

async function needsOurPeople({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<boolean> {
  return providerOf((await readGrantSetup(db, credential.id)).app).knowsOurPeople
}

const sayLocal =
  'You are known here as a local user or a service account, which has nothing to authorise. Somebody who signs in with Microsoft can.'
