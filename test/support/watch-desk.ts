import type { Resolved } from '#connections/resolve.ts'
import type { Actor } from '#http/actor.ts'
import type { Change } from '#http/live.ts'
import { type Listening, listen, openRouter } from '#http/server.ts'
import { type Jobs, openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { applicationAlias } from '#providers/acting.ts'
import type { SyncMode } from '#providers/contract.ts'
import { probeRoom as tryRoom } from '#providers/probe.ts'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'
import { arrangeWatches } from '#watch/arrange.ts'
import type { WatchDeps } from '#watch/deps.ts'
import { mountNotificationDoor } from '#watch/notification-door.ts'
import { probeRoom } from '#watch/probe.ts'
import { readRoom } from '#watch/read.ts'
import type { RoomEventRow } from '#watch/room-event-queries.ts'
import { mountWatch } from '#watch/routes.ts'
import type { WatchRow } from '#watch/watch-queries.ts'
import { startWatching, workWatch } from '#watch/work.ts'
import { mintAccessToken } from '../../emulator/access-token.ts'
import type { EventItem, Switches } from '../../emulator/model.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { callAs, meetInOutlook, type OutlookMeeting } from './outlook-meeting.ts'
import { startTenant, type TestTenant } from './tenant.ts'

const applicationApp = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'
const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const delegatedUser = 'rooms@contoso.example'
const scopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'User.Read']

export type WatchDeskOptions = {
  switches?: Partial<Switches>
  mode?: SyncMode
  /** Works the jobs; without it they only wait, and a test calls what it wants itself. */
  works?: boolean
  /** Takes notifications, over HTTP; without it Graph cannot reach us. */
  listens?: boolean
}

export type Meeting = OutlookMeeting & { room?: string }

/** Watching on a real database and queue, with a local tenant over HTTP; only the resolving of aliases is the test's. One clock for all. */
export type WatchDesk = {
  database: TestDatabase
  tenant: TestTenant
  deps: WatchDeps
  /** Whose tokens there are. */
  tokens: { application: boolean; delegated: boolean }
  changes: Change[]
  /** Rooms of which something became due, each time it did. */
  applied: string[]
  /** Id of a demo room by its name. */
  room: (name: string) => string
  mailboxOf: (name: string) => string
  providerId: string
  /** Keeps a demo room in step, and tries it out. */
  watch: (name: string) => Promise<WatchRow>
  watched: (name: string) => Promise<WatchRow>
  mirror: (name: string) => Promise<RoomEventRow[]>
  /** Lets the tenant do what it has to, and reads the room as its job would. */
  read: (name: string) => Promise<void>
  /** Moves everybody's time. */
  pass: (ms: number) => Promise<void>
  /** A meeting that somebody makes in Outlook, with a room. */
  meet: (meeting?: Meeting) => Promise<{ id: string; iCalUId: string }>
  /** Somebody's own call to Graph. */
  graph: (who: string, method: string, path: string, body?: unknown) => Promise<Response>
  /** An administrator's call to the API below `/api/watch`; needs `listens`. */
  api: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }>
  /** What is in a room's calendar, whoever may see it. */
  items: (name: string) => EventItem[]
  /** As before it was watched: no meetings, no watches, no faults. */
  forget: (name: string) => Promise<void>
  close: () => Promise<void>
}

export async function openWatchDesk(options: WatchDeskOptions = {}): Promise<WatchDesk> {
  const database = await freshDatabase()
  const tenant = await startTenant({ switches: { deliveryDelayMs: 5, ...options.switches } })
  for (const policy of tenant.tenant.roomPolicies.list()) {
    tenant.tenant.roomPolicies.put({ ...policy, answersAfterMs: 5 })
  }
  const jobs = openJobs({ connection: database.connection, log: silentLog, ...realSeams })
  const told = { tokens: { application: true, delegated: true }, changes: [] as Change[], applied: [] as string[] }
  const port = await freePort()
  const notificationUrl = options.listens ? `http://localhost:${port}` : 'https://anteroom.invalid'
  const deps = depsOf({ database, tenant, jobs, notificationUrl }, told)
  const listening = options.listens ? await listenFor(deps, port) : null
  if (options.works) workWatch(jobs, deps)
  await jobs.start()
  if (options.works) await startWatching(deps)
  const rooms = await plantRooms(database, tenant)
  const providerId = await plantProvider(database, options.mode ?? 'normal')
  const roomNamed = (name: string) => {
    const found = rooms.get(name)
    if (found === undefined) throw new Error(`The demo data has no room ${name}.`)
    return found
  }
  const room = (name: string) => roomNamed(name).id
  const watched = (name: string) => watchOf(database, room(name))
  const pass = async (ms: number) => void (await tenant.control('POST', '/clock/advance', { ms }))
  return {
    database,
    tenant,
    deps,
    ...told,
    room,
    mailboxOf: (name) => roomNamed(name).mailbox,
    providerId,
    watched,
    watch: async (name) => {
      await keepInStep(database, room(name), providerId)
      await arrangeWatches(deps, [room(name)])
      if (!options.works) await probeRoom(deps, room(name))
      return watched(name)
    },
    mirror: (name) => mirrorOf(database, room(name)),
    read: async (name) => {
      await pass(2_000)
      await readRoom(deps, room(name))
    },
    pass,
    meet: ({ room: name = 'Mercury', ...meeting } = {}) => meetInOutlook(tenant, roomNamed(name).mailbox, meeting),
    graph: (who, method, path, body) => callAs(tenant, who, { method, path, body }),
    api: (method, path, body) => ask(deps, { method, path, body }),
    items: (name) => itemsOf(tenant, roomNamed(name).mailbox),
    forget: (name) => forget({ database, tenant, mailbox: roomNamed(name).mailbox }, told),
    close: async () => {
      await listening?.close()
      await jobs.stop(2_000)
      await tenant.close()
      await database.drop()
    },
  }
}

type Parts = { database: TestDatabase; tenant: TestTenant; jobs: Jobs; notificationUrl: string }

function depsOf(
  { database, tenant, jobs, notificationUrl }: Parts,
  told: Pick<WatchDesk, 'tokens' | 'changes' | 'applied'>,
) {
  const { tokens, changes, applied } = told
  const deps: WatchDeps = {
    db: database.db,
    seams: { ...realSeams, now: () => tenant.tenant.now() },
    log: silentLog,
    jobs,
    resolve: async (aliasId) =>
      aliasId === applicationAlias ? application(tenant, tokens.application) : delegated(tenant, tokens.delegated),
    publish: (change) => void changes.push(change),
    notificationUrl,
    apply: async (_, roomId) => void applied.push(roomId),
    probe: (provider, room) => tryRoom(deps, provider, room),
    wholeRead: async () => undefined,
    roomsOfEvent: async () => [],
  }
  return deps
}

/** Everybody who asks is an administrator. */
const ada: Actor = {
  userId: '00000000-0000-4000-8000-0000000000ad',
  displayName: 'Ada Okafor',
  email: 'ada.admin@contoso.example',
  roles: new Set(['admin']),
  microsoft: null,
  via: 'session',
  sessionId: null,
}

async function ask(deps: WatchDeps, { method, path, body }: { method: string; path: string; body: unknown }) {
  const answer = await fetch(`${deps.notificationUrl}/api/watch${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

function listenFor(deps: WatchDeps, port: number): Promise<Listening> {
  const router = openRouter({
    publicUrl: deps.notificationUrl,
    newId: deps.seams.newId,
    log: deps.log,
    authenticate: async () => ada,
    guardWrite: async () => {},
    outside: (app) => mountNotificationDoor(app, deps),
  })
  mountWatch(router, deps)
  return listen(router, { host: 'localhost', port })
}

async function forget(
  { database, tenant, mailbox }: { database: TestDatabase; tenant: TestTenant; mailbox: string },
  { applied }: Pick<WatchDesk, 'applied'>,
): Promise<void> {
  await tenant.control('DELETE', '/faults')
  for (const { id } of itemsOf(tenant, mailbox)) tenant.tenant.events.delete(id)
  for (const table of ['subscriptions', 'room_events', 'room_watches', 'mailbox_pauses'] as const) {
    await database.db.deleteFrom(table).execute()
  }
  applied.length = 0
}

function watchOf({ db }: TestDatabase, roomId: string): Promise<WatchRow> {
  return db.selectFrom('room_watches').selectAll().where('room_id', '=', roomId).executeTakeFirstOrThrow()
}

function mirrorOf({ db }: TestDatabase, roomId: string): Promise<RoomEventRow[]> {
  return db.selectFrom('room_events').selectAll().where('room_id', '=', roomId).orderBy('starts_at').execute()
}

const needed: Resolved = {
  is: 'sign_in_needed',
  credentialId: '00000000-0000-4000-8000-000000000001',
  credentialName: 'Ms Graph',
  say: 'Ms Graph has no token yet. Press Get OAuth Token on the credential.',
}

function application(tenant: TestTenant, hasToken: boolean): Promise<Resolved> {
  if (!hasToken) return Promise.resolve(needed)
  const grant = { clientId: applicationApp, accountId: null, scopes: [], roles: ['Calendars.ReadWrite'] }
  return ready(tenant, { ...grant, account: null })
}

function delegated(tenant: TestTenant, hasToken: boolean): Promise<Resolved> {
  const user = tenant.tenant.findUser(delegatedUser)
  if (!hasToken || user === undefined) return Promise.resolve(needed)
  const account = { name: user.displayName, email: user.mail, tenantId: '', objectId: user.id }
  return ready(tenant, { clientId: personalApp, accountId: user.id, scopes, roles: [], account })
}

type Grant = Parameters<typeof mintAccessToken>[1] & { account: Extract<Resolved, { is: 'ready' }>['account'] }

async function ready({ tenant, origin }: TestTenant, { account, ...grant }: Grant): Promise<Resolved> {
  const token = await mintAccessToken(tenant, grant, 3600)
  return {
    is: 'ready',
    baseUrl: 'https://graph.microsoft.com',
    timeoutMs: 20_000,
    account,
    credentialId: '00000000-0000-4000-8000-000000000001',
    clientId: grant.clientId,
    attributes: {},
    fetch: (path, init) => {
      const headers = new Headers(init?.headers)
      headers.set('authorization', `Bearer ${token}`)
      return fetch(`${origin}${path}`, { ...init, headers })
    },
  }
}

function itemsOf({ tenant }: TestTenant, mailbox: string): EventItem[] {
  const id = tenant.findUser(mailbox)?.id ?? ''
  return tenant.events.listBy(id).filter((item) => item.mailboxId === id && item.deletedAt === null)
}

async function plantRooms({ db }: TestDatabase, { tenant }: TestTenant) {
  const rooms = new Map<string, { id: string; mailbox: string }>()
  for (const place of tenant.rooms.list()) {
    const timeZone = place.building.startsWith('Berlin') ? 'Europe/Berlin' : 'America/New_York'
    const building = { id: realSeams.newId(), name: place.building, city: '', timeZone }
    const buildingId = await ensureBuilding(db, building)
    const facts = { floor: place.floorNumber, capacity: place.capacity, equipment: [], needsApproval: false }
    const named = { id: realSeams.newId(), name: place.displayName, mailbox: place.emailAddress, buildingId }
    rooms.set(place.displayName, { id: await ensureRoom(db, { ...named, ...facts }), mailbox: place.emailAddress })
  }
  return rooms
}

async function plantProvider({ db }: TestDatabase, mode: SyncMode): Promise<string> {
  const id = realSeams.newId()
  const delegated_user_email = mode === 'normal' ? null : delegatedUser
  await db.insertInto('calendar_providers').values({ id, name: 'Exchange', mode, delegated_user_email }).execute()
  return id
}

async function keepInStep({ db }: TestDatabase, room_id: string, provider_id: string): Promise<void> {
  await db
    .insertInto('sync_configurations')
    .values({ id: realSeams.newId(), room_id, provider_id, active: true })
    .onConflict((conflict) => conflict.column('room_id').doUpdateSet({ active: true, provider_id }))
    .execute()
}
