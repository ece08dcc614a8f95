import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { mountConnections } from '#connections/routes.ts'
import { shipRecords } from '#connections/shipped-records.ts'
import { openUses } from '#connections/token-use.ts'
import { openDatabase } from '#db/database.ts'
import type { Actor } from '#http/actor.ts'
import { type Listening, listen, openRouter } from '#http/server.ts'
import { guardedFetch } from '#kit/guarded-fetch.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { sha256 } from '#kit/secret.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import type { Role } from '#people/contract.ts'
import { ensurePerson } from '#people/known-people.ts'
import { openVault } from '#vault/vault.ts'
import type { Switches } from '../../emulator/model.ts'
import { registerCallbacks } from '../../emulator/seed.ts'
import { CookieJar } from './cookie-jar.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { signInAtTenant } from './sign-in-at-tenant.ts'
import { startTenant, type TestTenant } from './tenant.ts'

/** What the demo tenant (demo/contoso.json) knows about the two apps and everybody's password. */
export const contoso = {
  tenantId: 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4',
  password: 'Rehearsal-2026',
  serviceMailbox: 'rooms@contoso.example',
  personalAuth: {
    name: 'Microsoft Exchange Online_personalAuth',
    clientId: '44d8e95c-ba5b-50be-9b21-ee8c84cff148',
    clientSecret: 'local-personal-auth-secret-for-rehearsal-only',
  },
  clientCredentials: {
    name: 'Microsoft Exchange Online_clientCredentials',
    clientId: 'a9ad7f7d-4618-5e0b-8855-9589ea44b233',
    clientSecret: 'local-client-credentials-secret-for-rehearsal-only',
  },
}

export type ConnectionsServer = {
  deps: ConnectionsDeps
  database: TestDatabase
  tenant: TestTenant
  origin: string
  rootKeyFile: string
  /** Moves the server's clock; the tenant has its own. */
  advance: (ms: number) => void
  /** Somebody signed in here, in a browser of their own. */
  person: (upn: string, roles?: Role[]) => Promise<Visitor>
  /** A second process on the same database: own pool, own vault, nothing shared in memory. */
  peer: () => Promise<ConnectionsDeps>
  close: () => Promise<void>
}

/** Connections alone over real HTTP, on a database of its own, with the local tenant standing in for Microsoft. */
export async function startConnectionsServer(
  switches: Partial<Switches> = {},
  otherHosts: Record<string, string> = {},
): Promise<ConnectionsServer> {
  const database = await freshDatabase()
  const tenant = await startTenant({ switches })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  registerCallbacks(tenant.tenant, [origin])
  const folder = mkdtempSync(join(tmpdir(), 'anteroom-connections-'))
  let movedMs = 0
  const now = () => new Date(realSeams.now().getTime() + movedMs)
  const open = async (db: ConnectionsDeps['db']) => openDeps(db, { origin, tenant, folder, now, otherHosts })
  const deps = await open(database.db)
  await shipRecords(deps)
  const visitors = new Map<string, Actor>()
  const listening = await serve(deps, port, visitors)
  const closing: (() => Promise<void>)[] = []
  return {
    deps,
    database,
    tenant,
    origin,
    rootKeyFile: join(folder, 'root.key'),
    advance: (ms) => {
      movedMs += ms
    },
    person: (upn, roles = ['admin']) => visit({ deps, origin, tenant, visitors }, upn, roles),
    peer: async () => {
      const db = openDatabase(database.connection)
      const peer = await open(db)
      closing.push(async () => {
        await peer.uses?.close()
        await db.destroy()
      })
      return peer
    },
    close: async () => {
      await listening.close()
      await deps.uses?.close()
      for (const close of closing) await close()
      await tenant.close()
      await database.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function openDeps(
  db: ConnectionsDeps['db'],
  {
    origin,
    tenant,
    folder,
    now,
    otherHosts,
  }: { origin: string; tenant: TestTenant; folder: string; now: () => Date; otherHosts: Record<string, string> },
): Promise<ConnectionsDeps> {
  const hosts = ['graph.microsoft.com', 'login.microsoftonline.com', 'graph.microsoft.us', 'api.fabrikam.example']
  const standing = { ...Object.fromEntries(hosts.map((host) => [host, tenant.origin])), ...otherHosts }
  const standIns = parseStandIns(
    Object.entries(standing)
      .map(([host, at]) => `${host}=${at}`)
      .join(','),
  )
  const seams: Seams = { ...realSeams, fetch: standIns.wrap(guardedFetch(), realSeams.fetch), now }
  const vault = await openVault({ db, rootKeyFile: join(folder, 'root.key'), seams, log: silentLog })
  const named = Object.keys(otherHosts).filter((host) => host.endsWith('.fabrikam.example'))
  const outbound = { allowedHosts: ['api.fabrikam.example', ...named], releaseTokens: true }
  const uses = openUses({ db, seams, log: silentLog })
  return { db, seams, log: silentLog, vault, publicUrl: origin, standIns, publish: () => {}, uses, ...outbound }
}

function serve(deps: ConnectionsDeps, port: number, visitors: Map<string, Actor>): Promise<Listening> {
  const router = openRouter({
    publicUrl: deps.publicUrl,
    newId: deps.seams.newId,
    log: deps.log,
    authenticate: async (context) => visitors.get(context.req.header('x-test-visitor') ?? '') ?? null,
    guardWrite: async () => {},
  })
  mountConnections(router, deps)
  return listen(router, { host: 'localhost', port })
}

type Surroundings = { deps: ConnectionsDeps; origin: string; tenant: TestTenant; visitors: Map<string, Actor> }

async function visit({ deps, origin, tenant, visitors }: Surroundings, upn: string, roles: Role[]): Promise<Visitor> {
  const account = tenant.tenant.findUser(upn)
  if (account === undefined) throw new Error(`nobody at the tenant is called ${upn}`)
  const { user } = await ensurePerson(deps, {
    tenantId: contoso.tenantId,
    objectId: account.id,
    email: upn,
    displayName: account.displayName,
    roles,
    timeZone: null,
  })
  const sessionId = deps.seams.newId()
  const times = { created_at: deps.seams.now(), last_seen_at: deps.seams.now(), expires_at: new Date('2999-01-01') }
  await deps.db
    .insertInto('sessions')
    .values({ id: sessionId, token_hash: sha256(sessionId), user_id: user.id, ...times })
    .execute()
  visitors.set(sessionId, {
    userId: user.id,
    displayName: account.displayName,
    email: upn,
    roles: new Set(roles),
    microsoft: { tenantId: contoso.tenantId, objectId: account.id },
    via: 'session',
    sessionId,
    // As if they had just signed in, whatever the test does to the clock.
    get provedAt() {
      return deps.seams.now()
    },
  })
  return new Visitor({ origin, upn, sessionId, userId: user.id })
}

export type Answer = { status: number; location: string | null; text: string; body: Record<string, unknown> }

/** A person's browser: keeps its cookies, and everything that was ever answered to it. */
export class Visitor {
  readonly upn: string
  readonly userId: string
  readonly sessionId: string
  /** Cookies of this site. */
  readonly jar: CookieJar
  /** Cookies of the sign-in pages. */
  readonly tenantJar = new CookieJar()
  readonly answers: Answer[] = []
  readonly #origin: string

  constructor(who: { origin: string; upn: string; sessionId: string; userId: string; jar?: CookieJar }) {
    this.jar = who.jar ?? new CookieJar()
    this.#origin = who.origin
    this.upn = who.upn
    this.sessionId = who.sessionId
    this.userId = who.userId
  }

  /** Another browser at the same site: with its own cookies, unless told to share some. */
  again(who: { upn: string; sessionId: string; userId: string; jar?: CookieJar }): Visitor {
    return new Visitor({ origin: this.#origin, ...who })
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const url = new URL(path, this.#origin).href
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { cookie: this.jar.header(url), 'x-test-visitor': this.sessionId, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    this.jar.remember(url, response)
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {}
    const answer = { status: response.status, location: response.headers.get('location'), text, body: json }
    this.answers.push(answer)
    return answer
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path)
  }

  /** The record of this name in a list. */
  async find(list: string, name: string): Promise<Record<string, unknown> & { id: string; version: number }> {
    const { body } = await this.get(`/api/connections/${list}?q=${encodeURIComponent(name)}`)
    const row = (body.rows as { id: string; name: string; version: number }[]).find((one) => one.name === name)
    if (row === undefined) throw new Error(`no ${name} among ${list}: ${JSON.stringify(body)}`)
    return row
  }

  /** Signs in at the tenant's pages and returns the address the browser is sent back to. */
  signInAt(authorizeUrl: string, upn: string, consent = true): Promise<string> {
    return signInAtTenant({ authorizeUrl, upn, password: contoso.password, consent, jar: this.tenantJar })
  }
}

/** Fills in a shipped OAuth app as an administrator does. */
export async function fillInApp(
  admin: Visitor,
  app: (typeof contoso)['personalAuth'],
): Promise<Record<string, unknown>> {
  const shipped = await admin.find('oauth-apps', app.name)
  const authority = `https://login.microsoftonline.com/${contoso.tenantId}/oauth2/v2.0`
  const { status, body, text } = await admin.send('PATCH', `/api/connections/oauth-apps/${shipped.id}`, {
    version: shipped.version,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    authorizationUrl: `${authority}/authorize`,
    tokenUrl: `${authority}/token`,
  })
  if (status !== 200) throw new Error(text)
  return body
}

/** Gives a credential the default profile of an app, and a System one the account it must hold. */
export async function useProfile(
  admin: Visitor,
  credentialName: string,
  appName: string,
  expectedAccount?: string,
): Promise<{ id: string }> {
  const credential = await admin.find('credentials', credentialName)
  const profile = await admin.find('entity-profiles', `${appName} default_profile`)
  const { status, text } = await admin.send('PATCH', `/api/connections/credentials/${credential.id}`, {
    version: credential.version,
    oauthEntityProfileId: profile.id,
    ...(expectedAccount === undefined ? {} : { expectedAccount }),
  })
  if (status !== 200) throw new Error(text)
  return { id: credential.id }
}
