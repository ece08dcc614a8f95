import type { Resolved } from '#connections/resolve.ts'
import type { Graph } from '#graph/client.ts'
import type { Mailbox } from '#graph/events.ts'
import { mailboxInPath } from '#graph/mailbox-in-path.ts'
import { passing, type Urgency } from '#pace/pace.ts'
import type { SyncMode } from './contract.ts'
import type { ProvidersDeps } from './deps.ts'
import type { Provider } from './room-sync.ts'

/** Each person's own permission at Exchange Online: the alias of the founding page. */
export const personalAlias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

/** The delegated mailbox's permission: strict mode, and in personal mode everything that no person does. */
export const delegatedAlias = 'exchange_online.Microsoft_Exchange_Online'

/** The application's own permission: normal mode; in any mode the best way to watch rooms. */
export const applicationAlias = 'exchange_online.Microsoft_Exchange_Online_clientCred'

/** Who asks for these aliases by their names, which therefore stay. */
export const askedByName = [
  { aliasId: personalAlias, by: 'Reservations in personal mode' },
  { aliasId: delegatedAlias, by: 'Calendar providers in strict and personal mode' },
  { aliasId: applicationAlias, by: 'Calendar providers in normal mode' },
]

export type ActsAs = 'application' | 'delegated' | 'personal'

/** Somebody whose permission can be used now. */
export type Acting = {
  is: 'ready'
  actsAs: ActsAs
  /** The account whose permission it is, or `the application`, as timelines name it. */
  identity: string
  /** Its own mailbox; an application has none. */
  address: string | null
  aliasId: string
  credentialId: string
  /** The OAuth app: what it has subscribed to is its own. */
  clientId: string
  graph: Graph
}

export type NotActing =
  | { is: 'sign_in_needed'; credentialId: string; say: string }
  | { is: 'refused'; code: string; say: string }

/** A person, for what that person does in their own mailbox. Nobody else ever acts with this. */
export async function actAsPerson(
  deps: ProvidersDeps,
  userId: string,
  urgency: Urgency = 'interactive',
): Promise<Acting | NotActing> {
  const found = await deps.resolve(personalAlias, { userId })
  if (found.is === 'ready' && found.account === null)
    return { is: 'refused', code: 'sync.not_a_person', say: notAPerson }
  return acting(deps, { found, aliasId: personalAlias, actsAs: 'personal', urgency })
}

/** Whoever acts for the system with this provider: the application in normal mode, the delegated mailbox otherwise. */
export async function actAsSystem(
  deps: ProvidersDeps,
  provider: Provider,
  urgency: Urgency = 'interactive',
): Promise<Acting | NotActing> {
  const aliasId = provider.overrideAliasId ?? defaultAliasOf(provider.mode)
  const found = await deps.resolve(aliasId, 'system')
  const wanted = provider.mode === 'normal' ? 'application' : 'delegated'
  const actsAs = actsAsOf(found) ?? wanted
  return checked(provider, acting(deps, { found, aliasId, actsAs, urgency }), wanted)
}

/** The alias that acts for the system in a mode, unless the provider has one of its own. */
export function defaultAliasOf(mode: SyncMode): string {
  return mode === 'normal' ? applicationAlias : delegatedAlias
}

/** Who may be able to watch rooms, the best first: an application can subscribe and read changes, a delegated account can only look. */
export async function findWatchers(
  deps: ProvidersDeps,
  provider: Provider,
  urgency: Urgency = 'interactive',
): Promise<(Acting | NotActing)[]> {
  const system = await actAsSystem(deps, provider, urgency)
  if (provider.mode === 'normal' || provider.overrideAliasId !== null) return [system]
  const found = await deps.resolve(applicationAlias, 'system')
  if (found.is !== 'ready' || found.account !== null) return [system]
  return [acting(deps, { found, aliasId: applicationAlias, actsAs: 'application', urgency }), system]
}

/** How the acting account names a mailbox: its own is `/me`. */
export function mailboxFor({ address }: Pick<Acting, 'address'>, mailbox: string): Mailbox {
  return address?.toLowerCase() === mailbox.toLowerCase() ? { is: 'mine' } : { is: 'of', address: mailbox }
}

function actsAsOf(found: Resolved): ActsAs | null {
  if (found.is !== 'ready') return null
  return found.account === null ? 'application' : 'delegated'
}

type Found = { found: Resolved; aliasId: string; actsAs: ActsAs; urgency: Urgency }

function acting(deps: ProvidersDeps, { found, aliasId, actsAs, urgency }: Found): Acting | NotActing {
  if (found.is === 'sign_in_needed') return { is: found.is, credentialId: found.credentialId, say: found.say }
  if (found.is === 'refused') return found
  const { account, credentialId, clientId } = found
  const { newId, now } = deps.seams
  return {
    is: 'ready',
    actsAs,
    identity: account?.email ?? 'the application',
    address: account?.email ?? null,
    aliasId,
    credentialId,
    clientId,
    graph: { fetch: paced(deps, found, urgency), newId, now },
  }
}

/** Every call waits for its turn at the mailbox that it goes to; calls that go to none do not. */
function paced(deps: ProvidersDeps, found: Extract<Resolved, { is: 'ready' }>, urgency: Urgency): Graph['fetch'] {
  return (path, init) => {
    const call = () => found.fetch(path, init)
    const mailbox = mailboxInPath(path, found.account?.email ?? null)
    return mailbox === null ? call() : passing(deps, { application: found.clientId, mailbox, urgency }, call)
  }
}

/** A token of the wrong kind or of the wrong account writes nothing. */
function checked(provider: Provider, found: Acting | NotActing, wanted: ActsAs): Acting | NotActing {
  if (found.is !== 'ready') return found
  const { delegatedUserEmail: expected, name, mode } = provider
  if (found.actsAs !== wanted)
    return { is: 'refused', code: 'providers.wrong_grant', say: sayWrongGrant(found, provider) }
  if (wanted === 'application') return found
  if (expected === null) {
    const say = `The calendar provider ${name} works in ${mode} mode and names no delegated user. Enter the delegated mailbox on its form.`
    return { is: 'refused', code: 'providers.delegated_user_missing', say }
  }
  if (found.address?.toLowerCase() === expected.toLowerCase()) return found
  const say = `The token belongs to ${found.identity}, and the calendar provider ${name} expects ${expected}. Press Get OAuth Token and sign in as ${expected}, or change the provider.`
  return { is: 'refused', code: 'providers.wrong_delegated_user', say }
}

function sayWrongGrant({ actsAs }: Acting, { name, mode }: Provider): string {
  return actsAs === 'application'
    ? `The calendar provider ${name} works in ${mode} mode, which needs a delegated user’s token, and its alias has the application’s. Choose an authorization code profile on the credential and press Get OAuth Token.`
    : `The calendar provider ${name} works in normal mode, which needs the application’s own token, and its alias has a person’s. Choose a client credentials profile on the credential and press Get OAuth Token.`
}

const notAPerson = `The alias ${personalAlias} must use each person’s own permission. Ask an administrator to make its credential Personal.`
