import { sayDay } from '#kit/day.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Resolution, TraceStep } from './alias.contract.ts'
import type { AttributeValue } from './attribute.contract.ts'
import { clientFor } from './client-for.ts'
import { type ConnectionFetch, connectionFetch } from './connection-fetch.ts'
import { type CredentialRecord, readCredentialRow } from './credential-queries.ts'
import { openValue } from './credential-secret.ts'
import { credentialTypes, sendsItsValue } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type FoundConnection, findPlace, type Place, type Sought } from './find-connection.ts'
import { cautionOf } from './grant.ts'
import { type GrantSetup, readGrantSetup } from './grant-setup.ts'
import type { Outlet } from './outlet.ts'
import { requireUsable } from './present-value.ts'
import { requireOpenVault } from './sealing.ts'
import { readToken, type TokenOwner, type TokenRecord } from './token-queries.ts'
import { byItself, type Use } from './token-use.ts'

/** For whom an alias is resolved: a person, or the system by itself. */
export type ResolvingActor = { userId: string } | 'system'

export type ResolvedAccount = { name: string; email: string; tenantId: string; objectId: string }

export type ResolveOptions = {
  /** Name or id of one of several active connections. */
  connection?: string | undefined
  /** On whose behalf the credential will be used; Anteroom by itself unless it is said. */
  use?: Use
}

/** What an alias comes to. `ready` says that there is a token; its `fetch` renews it when needed and carries it nowhere else. */
export type Resolved =
  | {
      is: 'ready'
      baseUrl: string
      timeoutMs: number
      /** Null for an application's own token, and for a credential that needs none. */
      account: ResolvedAccount | null
      credentialId: string
      /** The OAuth app's client id, by which providers count and limit an application's calls; of a credential without one, its own id. */
      clientId: string
      /** What the connection says besides its address. */
      attributes: Readonly<Record<string, AttributeValue | null>>
      fetch: ConnectionFetch
    }
  | NotReady

type NotReady =
  | { is: 'sign_in_needed'; credentialId: string; credentialName: string; say: string }
  | { is: 'refused'; code: string; say: string }

/** The same before anybody uses it: what this process may remember. */
type ComesTo = (Omit<Extract<Resolved, { is: 'ready' }>, 'fetch'> & { outlet: Outlet }) | NotReady

/**
 * Resolves an alias (`scope.name` or record id) for somebody: its active connection, the effective address, the credential and that one's
 * token. No call leaves the house, so it is cheap enough to ask before every piece of work. It never throws for what is not set up.
 */
export async function resolveAlias(
  deps: ConnectionsDeps,
  aliasId: string,
  actor: ResolvingActor,
  { connection, use = byItself(`${aliasId} was resolved`) }: ResolveOptions = {},
): Promise<Resolved> {
  const comesTo = await remembered(deps, { aliasId, connection }, actor)
  if (comesTo.is !== 'ready') return comesTo
  const { outlet, ...ready } = comesTo
  return { ...ready, fetch: connectionFetch(deps, outlet, { use }) }
}

function remembered(deps: ConnectionsDeps, sought: Sought, actor: ResolvingActor): ComesTo | Promise<ComesTo> {
  const read = async () => (await explainAlias(deps, sought, actor)).resolved
  if (deps.memory === undefined) return read()
  const who = actor === 'system' ? actor : actor.userId
  const key = sought.connection === undefined ? sought.aliasId : `${sought.aliasId} ${sought.connection}`
  return deps.memory.resolved({ aliasId: key, who }, read, isReady)
}

const isReady = ({ is }: ComesTo) => is === 'ready'

/** The same with the reason of every step, as the resolution endpoint shows it. @throws `connections.alias_not_found` */
export async function readResolution(
  deps: ConnectionsDeps,
  aliasId: string,
  actor: ResolvingActor,
  { connection: named }: ResolveOptions = {},
): Promise<Resolution> {
  const { resolved, trace, found } = await explainAlias(deps, { aliasId, connection: named }, actor)
  if (found.alias === undefined) throw refused('connections.alias_not_found')
  const { credential, setup, token, connection } = found
  const last = trace.at(-1)?.because ?? ''
  return {
    aliasId: found.alias.alias_id,
    resolved: resolved.is === 'ready',
    because: resolved.is === 'ready' ? last : resolved.say,
    connection: connection === undefined ? null : { id: connection.id, name: connection.name },
    connectionUrl: found.url ?? null,
    timeoutMs: found.timeoutMs ?? null,
    attributes: found.attributes ?? [],
    retryPolicy: found.retryPolicy ? { id: found.retryPolicy.id, name: found.retryPolicy.name } : null,
    credential:
      credential === undefined
        ? null
        : {
            id: credential.id,
            name: credential.name,
            type: credential.type,
            integrationType: credential.integration_type,
          },
    token: setup === undefined ? null : { state: token?.state ?? 'none', account: token?.account_email ?? null },
    trace,
  }
}

/**
 * The same for what calls in another way than `fetch` does: whose token, and the only address it may go to.
 * @throws what resolving refuses with, and `connections.sign_in_needed`
 */
export async function resolveOutlet(
  deps: ConnectionsDeps,
  aliasId: string,
  actor: ResolvingActor,
  { connection }: ResolveOptions = {},
): Promise<Outlet> {
  const known = await remembered(deps, { aliasId, connection }, actor)
  if (known.is === 'ready') return known.outlet
  const { resolved, found, problem } = await explainAlias(deps, { aliasId, connection }, actor)
  if (found.outlet !== undefined) return found.outlet
  throw problem ?? refused('connections.sign_in_needed', resolved.is === 'ready' ? {} : { say: resolved.say })
}

/** For whoever has a queue of its own and waits there: every call is made once. */
export function withoutRetries(resolved: Resolved): Resolved {
  if (resolved.is !== 'ready') return resolved
  return { ...resolved, fetch: (path, init) => resolved.fetch(path, init, { retries: false }) }
}

/** Is there a token for this person (or of the system) that should work? One look at our own records, for use before a reservation is made. */
export async function tokenExists(deps: ConnectionsDeps, aliasId: string, userId: string): Promise<boolean> {
  return (await resolveAlias(deps, aliasId, { userId })).is === 'ready'
}

type Found = FoundConnection & {
  credential?: CredentialRecord
  setup?: GrantSetup
  token?: TokenRecord
  outlet?: Outlet
}

type Explained = { resolved: ComesTo; trace: TraceStep[]; found: Found; problem?: Refusal }

async function explainAlias(deps: ConnectionsDeps, sought: Sought, actor: ResolvingActor): Promise<Explained> {
  const trace: TraceStep[] = []
  const found: Found = {}
  try {
    return { resolved: await walk(deps, { sought, actor, trace, found }), trace, found }
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    trace.push({ step: 'stopped', chose: null, because: problem.message })
    return { resolved: { is: 'refused', code: problem.code, say: problem.message }, trace, found, problem }
  }
}

type Walk = { sought: Sought; actor: ResolvingActor; trace: TraceStep[]; found: Found }

async function walk(deps: ConnectionsDeps, { sought, actor, trace, found }: Walk): Promise<ComesTo> {
  const place = await findPlace(deps, sought, { trace, found })
  const credential = await readCredentialRow(deps.db, place.credentialId)
  if (credential === undefined) throw refused('connections.credential_not_found')
  found.credential = credential
  const step = { place, credential, actor, trace, found }
  return sendsItsValue(credential.type) ? findValue(deps, step) : findGrant(deps, step)
}

type Step = Omit<Walk, 'sought'> & { place: Place; credential: CredentialRecord }

/** A credential that needs no token: it is ready when its values are there, and are for the address that the alias leads to. */
async function findValue(deps: ConnectionsDeps, { place, credential, trace, found }: Step): Promise<ComesTo> {
  trace.push({ step: 'credential', chose: credential.name, because: 'System: one value for everybody.' })
  requireUsable(credential)
  const baseUrl = addressOf(place, credential.destination, { trace, found })
  // Opened to see that it does, and forgotten: every call opens it again.
  openValue(deps, credential, new URL(baseUrl).origin)
  trace.push({ step: 'value', chose: credentialTypes[credential.type].sentAs, because: sayValue(credential) })
  const owner = { credentialId: credential.id, userId: null }
  const { timeoutMs } = place
  const outlet = { ...followed(found), credential, setup: null, token: null, owner, baseUrl, timeoutMs }
  return ready(found, outlet, null)
}

async function findGrant(deps: ConnectionsDeps, { place, credential, actor, trace, found }: Step): Promise<ComesTo> {
  const known = await readGrantSetup(deps.db, credential.id)
  const baseUrl = addressOf(place, known.apiUrl, { trace, found })
  const setup = { ...known, apiUrl: baseUrl }
  found.setup = setup
  const { profile, app } = setup
  const personal = credential.integration_type === 'personal'
  trace.push({
    step: 'credential',
    chose: credential.name,
    because: personal ? 'Personal: every person has a token of their own.' : 'System: one token for everybody.',
  })
  requirePermitted(setup, found)
  if (!credential.active) throw notSet(`The credential ${credential.name} is not active. Activate it on its form.`)
  const because = [`${profile.grantType} with ${app.name}`, cautionOf(profile.grantType)].filter(Boolean).join('. ')
  trace.push({ step: 'profile', chose: profile.name, because })
  requireOpenVault(deps.vault)
  clientFor(deps, setup)
  if (personal && actor === 'system') throw refused('connections.personal_needs_user')
  const owner = { credentialId: credential.id, userId: personal && actor !== 'system' ? actor.userId : null }
  return findToken(deps, { place: { ...place, baseUrl }, setup, owner, trace, found })
}

/** The connection's address, or where the credential itself is used. */
function addressOf(
  { baseUrl }: Place,
  own: string | null,
  { trace, found }: { trace: TraceStep[]; found: Found },
): string {
  if (baseUrl !== null) return baseUrl
  if (own === null) throw notSet('The credential says no address. Use it through a connection.')
  found.url = own
  trace.push({ step: 'connectionUrl', chose: own, because: 'It is where the credential is used.' })
  return own
}

/** An OAuth app may be kept to its own application scope; an alias of another one is not let near its tokens. */
function requirePermitted({ app }: GrantSetup, { alias }: Found): void {
  if (app.accessible_from === 'all_application_scopes' || app.application_scope_id === alias?.application_scope_id)
    return
  const say = `${app.name} may be used from its own application scope only, and ${alias?.alias_id} is in another one.`
  throw refused('connections.not_permitted', { say })
}

type ForToken = { place: Place; setup: GrantSetup; owner: TokenOwner; trace: TraceStep[]; found: Found }

async function findToken(deps: ConnectionsDeps, { place, setup, owner, trace, found }: ForToken): Promise<ComesTo> {
  const { credential } = setup
  const token = await readToken(deps.db, owner)
  if (token === undefined || token.state !== 'ready') {
    const say = owner.userId === null ? saySystemToken(credential.name, token) : sayPersonalToken(token)
    trace.push({ step: 'token', chose: null, because: say })
    if (token !== undefined) found.token = token
    return { is: 'sign_in_needed', credentialId: credential.id, credentialName: credential.name, say }
  }
  found.token = token
  trace.push({ step: 'token', chose: token.account_email ?? 'the application', because: sayToken(token) })
  const { id, account_email } = token
  const where = { baseUrl: setup.apiUrl, timeoutMs: place.timeoutMs }
  const outlet = { ...followed(found), ...where, credential, setup, token: { id, account_email }, owner }
  return ready(found, outlet, accountOf(token))
}

/** What a call follows beside its credential. */
function followed({ alias, retryPolicy = null }: Found): Pick<Outlet, 'aliasId' | 'retryPolicy'> {
  return { aliasId: alias?.alias_id ?? null, retryPolicy }
}

function ready(found: Found, outlet: Outlet, account: ResolvedAccount | null): ComesTo {
  const { credential, setup, baseUrl, timeoutMs } = outlet
  found.outlet = outlet
  return {
    is: 'ready',
    baseUrl,
    timeoutMs,
    account,
    credentialId: credential.id,
    clientId: setup?.app.client_id ?? credential.id,
    attributes: Object.fromEntries((found.attributes ?? []).map(({ name, value }) => [name, value])),
    outlet,
  }
}

/** For administrators, in the words of the form that they mend it on. */
function saySystemToken(credentialName: string, token: TokenRecord | undefined): string {
  const missing = token === undefined ? `${credentialName} has no token yet.` : 'The token was revoked.'
  return `${token?.last_error_say ?? missing} Press Get OAuth Token on the credential.`
}

/** For the person whose permission it is, who has never heard of credentials and tokens. */
function sayPersonalToken(token: TokenRecord | undefined): string {
  const missing = token === undefined ? 'You have not given your permission yet.' : 'You took your permission back.'
  return `${token?.last_error_say ?? missing} Sign in at Microsoft once to give it.`
}

function accountOf(token: TokenRecord): ResolvedAccount | null {
  const { account_tenant_id: tenantId, account_object_id: objectId } = token
  if (tenantId === null || objectId === null) return null
  return { tenantId, objectId, name: token.account_name ?? '', email: token.account_email ?? '' }
}

function notSet(say: string): Refusal {
  return refused('connections.not_set', { say })
}

function sayValue({ secret_set_at: at, secret_set_by: by }: CredentialRecord): string {
  return `It was set${at === null ? '' : ` on ${sayDay(at)}`} by ${by ?? 'somebody'}, and goes with every call as it is.`
}

function sayToken(token: TokenRecord): string {
  return `A token is stored (obtained by ${token.obtained_by} on ${sayDay(token.obtained_at)}); it renews itself when it is used.`
}
