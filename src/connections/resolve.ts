import { Refusal } from '#kit/refusal.ts'
import type { Resolution } from './alias.contract.ts'
import { readAliasView } from './alias-queries.ts'
import { connectionFetch } from './connection-fetch.ts'
import { type ConnectionRecord, readActiveConnections } from './connection-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { clientFor, type GrantSetup, readGrantSetup } from './grant-setup.ts'
import { effectiveConnection } from './inheritance.ts'
import { readLineage } from './lineage-queries.ts'
import { requireOpenVault } from './sealing.ts'
import { readToken, type TokenOwner, type TokenRecord } from './token-queries.ts'

/** For whom an alias is resolved: a person, or the system by itself. */
export type ResolvingActor = { userId: string } | 'system'

export type ResolvedAccount = { name: string; email: string; tenantId: string; objectId: string }

/** What an alias comes to. `ready` says that there is a token; its `fetch` renews it when needed and carries it nowhere else. */
export type Resolved =
  | {
      is: 'ready'
      baseUrl: string
      timeoutMs: number
      /** Null for an application's own token. */
      account: ResolvedAccount | null
      credentialId: string
      fetch: (path: string, init?: RequestInit) => Promise<Response>
    }
  | { is: 'sign_in_needed'; credentialId: string; credentialName: string; say: string }
  | { is: 'refused'; code: string; say: string }

export type TraceStep = { step: string; chose: string | null; because: string }

/**
 * Resolves an alias (`scope.name` or record id) for somebody: its active connection, the effective address, the credential and that one's
 * token. No call leaves the house, so it is cheap enough to ask before every piece of work. It never throws for what is not set up.
 */
export async function resolveAlias(deps: ConnectionsDeps, aliasId: string, actor: ResolvingActor): Promise<Resolved> {
  const read = async () => (await explainAlias(deps, aliasId, actor)).resolved
  if (deps.memory === undefined) return read()
  const who = actor === 'system' ? actor : actor.userId
  return deps.memory.resolved({ aliasId, who }, read, ({ is }) => is === 'ready')
}

/** The same with the reason of every step, as the resolution endpoint shows it. @throws `connections.alias_not_found` */
export async function readResolution(
  deps: ConnectionsDeps,
  aliasId: string,
  actor: ResolvingActor,
): Promise<Resolution> {
  const { resolved, trace, found } = await explainAlias(deps, aliasId, actor)
  if (found.aliasId === undefined) throw refused('connections.alias_not_found')
  const { setup, token, connection } = found
  const last = trace.at(-1)?.because ?? ''
  return {
    aliasId: found.aliasId,
    resolved: resolved.is === 'ready',
    because: resolved.is === 'ready' ? last : resolved.say,
    connection: connection === undefined ? null : { id: connection.id, name: connection.name },
    connectionUrl: found.url ?? null,
    timeoutMs: found.timeoutMs ?? null,
    credential:
      setup === undefined
        ? null
        : { id: setup.credential.id, name: setup.credential.name, integrationType: setup.credential.integration_type },
    token: setup === undefined ? null : { state: token?.state ?? 'none', account: token?.account_email ?? null },
    trace,
  }
}

/** Is there a token for this person (or of the system) that should work? One look at our own records, for use before a reservation is made. */
export async function tokenExists(deps: ConnectionsDeps, aliasId: string, userId: string): Promise<boolean> {
  return (await resolveAlias(deps, aliasId, { userId })).is === 'ready'
}

type Found = {
  aliasId?: string
  connection?: ConnectionRecord
  url?: string | null
  timeoutMs?: number
  setup?: GrantSetup
  token?: TokenRecord
}

type Explained = { resolved: Resolved; trace: TraceStep[]; found: Found }

async function explainAlias(deps: ConnectionsDeps, aliasId: string, actor: ResolvingActor): Promise<Explained> {
  const trace: TraceStep[] = []
  const found: Found = {}
  try {
    return { resolved: await walk(deps, { aliasId, actor, trace, found }), trace, found }
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    trace.push({ step: 'stopped', chose: null, because: problem.message })
    return { resolved: { is: 'refused', code: problem.code, say: problem.message }, trace, found }
  }
}

type Walk = { aliasId: string; actor: ResolvingActor; trace: TraceStep[]; found: Found }

async function walk(deps: ConnectionsDeps, { aliasId, actor, trace, found }: Walk): Promise<Resolved> {
  const { connection, baseUrl, timeoutMs } = await findConnection(deps, { aliasId, actor, trace, found })
  if (connection.credential_id === null) {
    throw notSet(`The connection ${connection.name} has no credential. Choose one on its form.`)
  }
  const setup = { ...(await readGrantSetup(deps.db, connection.credential_id)), apiUrl: baseUrl }
  found.setup = setup
  const { credential, profile, app } = setup
  const personal = credential.integration_type === 'personal'
  trace.push({
    step: 'credential',
    chose: credential.name,
    because: personal ? 'Personal: every person has a token of their own.' : 'System: one token for everybody.',
  })
  if (!credential.active) throw notSet(`The credential ${credential.name} is not active. Activate it on its form.`)
  trace.push({ step: 'profile', chose: profile.name, because: `${profile.grantType} with ${app.name}` })
  requireOpenVault(deps.vault)
  clientFor(deps.vault, app)
  if (personal && actor === 'system') throw refused('connections.personal_needs_user')
  const owner = { credentialId: credential.id, userId: personal && actor !== 'system' ? actor.userId : null }
  return findToken(deps, { setup, owner, baseUrl, timeoutMs, trace, found })
}

async function findConnection(deps: ConnectionsDeps, { aliasId, trace, found }: Walk) {
  const alias = await readAliasView(deps.db, aliasId)
  if (alias === undefined) throw refused('connections.alias_not_found')
  found.aliasId = alias.alias_id
  trace.push({ step: 'alias', chose: alias.alias_id, because: sayParent(alias.parent_name) })
  const [connection, ...others] = await readActiveConnections(deps.db, [alias.id])
  if (connection === undefined) {
    throw notSet(`${alias.alias_id} has no active connection. Create one on its Connections tab, or activate one.`)
  }
  found.connection = connection
  const because =
    others.length === 0
      ? 'It is the alias’s only active connection.'
      : `It is the first by name of ${others.length + 1} active connections.`
  trace.push({ step: 'connection', chose: connection.name, because })
  const { connectionUrl, timeoutMs } = effectiveConnection(connection, await readLineage(deps.db, alias.id))
  found.url = connectionUrl.value
  found.timeoutMs = timeoutMs.value
  if (connectionUrl.value === null)
    throw notSet(`The connection ${connection.name} has no Connection URL, and no parent has one.`)
  trace.push({ step: 'connectionUrl', chose: connectionUrl.value, because: saySource(connectionUrl) })
  trace.push({ step: 'timeoutMs', chose: String(timeoutMs.value), because: saySource(timeoutMs) })
  return { connection, baseUrl: connectionUrl.value, timeoutMs: timeoutMs.value }
}

type Ready = {
  setup: GrantSetup
  owner: TokenOwner
  baseUrl: string
  timeoutMs: number
  trace: TraceStep[]
  found: Found
}

async function findToken(
  deps: ConnectionsDeps,
  { setup, owner, baseUrl, timeoutMs, trace, found }: Ready,
): Promise<Resolved> {
  const { credential } = setup
  const token = await readToken(deps.db, owner)
  if (token === undefined || token.state !== 'ready') {
    const why =
      token?.last_error_say ?? (token === undefined ? `${credential.name} has no token yet.` : 'The token was revoked.')
    const say = `${why} ${owner.userId === null ? 'Press Get OAuth Token on the credential.' : 'Sign in once to give permission.'}`
    trace.push({ step: 'token', chose: null, because: say })
    if (token !== undefined) found.token = token
    return { is: 'sign_in_needed', credentialId: credential.id, credentialName: credential.name, say }
  }
  found.token = token
  trace.push({ step: 'token', chose: token.account_email ?? 'the application', because: sayToken(token) })
  const fetch = connectionFetch(deps, { setup, owner, baseUrl, timeoutMs })
  return { is: 'ready', baseUrl, timeoutMs, account: accountOf(token), credentialId: credential.id, fetch }
}

function accountOf(token: TokenRecord): ResolvedAccount | null {
  const { account_tenant_id: tenantId, account_object_id: objectId } = token
  if (tenantId === null || objectId === null) return null
  return { tenantId, objectId, name: token.account_name ?? '', email: token.account_email ?? '' }
}

function notSet(say: string): Refusal {
  return refused('connections.not_set', { say })
}

function sayToken(token: TokenRecord): string {
  const since = token.obtained_at.toISOString().slice(0, 10)
  return `A token is stored (obtained by ${token.obtained_by} on ${since}); it renews itself when it is used.`
}

const sayParent = (parent: string | null) => (parent === null ? 'It has no parent.' : `It is a child of ${parent}.`)

function saySource({ source, from }: { source: string; from: string | null }): string {
  if (source === 'parent') return `Inherited from ${from}.`
  return source === 'own' ? 'Set on the connection itself.' : 'The product’s default.'
}
