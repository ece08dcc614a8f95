import type { Resolved } from '#connections/resolve.ts'
import type { Actor } from '#http/actor.ts'
import type { Change } from '#http/live.ts'
import { openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams, type Seams } from '#kit/seams.ts'
import { openPost } from '#mail/post.ts'
import type { LetterRecord } from '#mail/queries.ts'
import { insertMicrosoftUser } from '#people/user-queries.ts'
import { applicationAlias } from '#providers/acting.ts'
import type { SyncMode } from '#providers/contract.ts'
import { probeRoom } from '#providers/probe.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'
import type { SyncDeps } from '#sync/deps.ts'
import { verifySoon, wakeLane } from '#sync/jobs.ts'
import { lookForReader } from '#sync/look-for-reader.ts'
import { roomsOfEvent } from '#sync/rooms-of-event.ts'
import { permissionFor, rulesOf } from '#sync/rules.ts'
import { bringBackSweeping, workSync } from '#sync/work.ts'
import { arrangeWatches } from '#watch/arrange.ts'
import type { WatchDeps } from '#watch/deps.ts'
import { hintRoom } from '#watch/hint.ts'
import { workWatch } from '#watch/work.ts'
import { mintAccessToken } from '../../emulator/access-token.ts'
import type { Switches } from '../../emulator/model.ts'
import type { Tenant } from '../../emulator/tenant.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { startTenant, type TestTenant } from './tenant.ts'

const applicationApp = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'
const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const scopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'User.Read']

export type DeskOptions = {
  switches?: Partial<Switches>
  seams?: Partial<Seams>
  answersAfterMs?: number
  /** Of the provider that keeps every room in step. */
  mode?: SyncMode
  /** Whether the application's own token may be used for watching, also where the mode is not normal. */
  applicationWatches?: boolean
  /** Rooms' calendars are read as in the service. */
  watches?: boolean
  /** Every minute the sweep takes up what was forgotten, as in the service, which is the default; a test of the sweep does it itself. */
  sweeps?: boolean
}

/** Reservations and sync on a real database, a real queue and a local tenant; only the resolving of aliases is the test's. */
export type Desk = {
  database: TestDatabase
  tenant: TestTenant
  reservations: ReservationsDeps
  sync: SyncDeps
  watch: WatchDeps
  changes: Change[]
  /** Letters that wait to be sent, in the order in which they were written. */
  letters: () => Promise<LetterRecord[]>
  /** Somebody who has given permission, unless `withdraw` was called for them. */
  person: (name: string) => Promise<Actor>
  withdraw: (actor: Actor) => void
  give: (actor: Actor) => void
  /** Id of a demo room by its name. */
  room: (name: string) => string
  close: () => Promise<void>
}

/** The mailbox that organises for everybody where the mode says so. */
export const delegatedUser = 'rooms@contoso.example'

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const database = await freshDatabase()
  const tenant = await startTenant({ switches: { deliveryDelayMs: 20, ...options.switches } })
  for (const policy of tenant.tenant.roomPolicies.list()) {
    tenant.tenant.roomPolicies.put({ ...policy, answersAfterMs: options.answersAfterMs ?? 30 })
  }
  const seams = { ...realSeams, ...options.seams }
  const changes: Change[] = []
  const publish = (change: Change) => void changes.push(change)
  // The clock that a test turns forward is not the queue's.
  const jobs = openJobs({ connection: database.connection, log: silentLog, ...seams, wait: realSeams.wait })
  const post = openPost({ jobs, seams })
  const allowed = new Map<string, Actor>()
  const resolve = resolverFor(tenant, { allowed, options })
  const both = { db: database.db, seams, log: silentLog, jobs, publish, resolve }
  const sync: SyncDeps = {
    ...both,
    post,
    hintRoom: async (roomId) => (options.watches ? hintRoom(both, roomId) : undefined),
  }
  const watch = watchDepsOf(both, sync)
  workSync(jobs, sync)
  if (options.sweeps ?? true) bringBackSweeping(jobs)
  if (options.watches) workWatch(jobs, watch)
  await jobs.start()
  const rooms = await plantRooms(database, tenant.tenant)
  await keepInStep(database, [...rooms.values()], options.mode ?? 'personal')
  if (options.watches) await arrangeWatches(watch)
  const reservations: ReservationsDeps = {
    db: database.db,
    seams,
    log: silentLog,
    publish,
    post,
    rules: (roomIds) => rulesOf(sync, roomIds),
    permission: (question, rule) => permissionFor(sync, question, rule),
    opened: (reservationId, userId) => lookForReader(sync, reservationId, userId),
    wake: (executor, lane) => wakeLane(sync, executor, lane),
  }
  return {
    database,
    tenant,
    reservations,
    sync,
    watch,
    changes,
    letters: () => database.db.selectFrom('letters').selectAll().orderBy('written_at').orderBy('id').execute(),
    person: async (name) => {
      const actor = await signedUp(database, tenant.tenant, name)
      allowed.set(actor.userId, actor)
      return actor
    },
    withdraw: (actor) => void allowed.delete(actor.userId),
    give: (actor) => void allowed.set(actor.userId, actor),
    room: (name) => {
      const id = rooms.get(name)
      if (!id) throw new Error(`The demo data has no room ${name}.`)
      return id
    },
    close: async () => {
      await jobs.stop(2_000)
      await tenant.close()
      await database.drop()
    },
  }
}

function watchDepsOf(both: Omit<SyncDeps, 'post' | 'hintRoom'>, sync: SyncDeps): WatchDeps {
  return {
    ...both,
    notificationUrl: 'https://anteroom.invalid',
    apply: (executor, roomId) => wakeLane(sync, executor, roomId),
    probe: (provider, room) => probeRoom(both, provider, room),
    wholeRead: (roomId, window) => verifySoon(sync, { roomId, ...window }),
    roomsOfEvent: (eventId) => roomsOfEvent(both.db, eventId),
  }
}

async function keepInStep({ db }: TestDatabase, roomIds: string[], mode: SyncMode): Promise<void> {
  const id = realSeams.newId()
  const delegated_user_email = mode === 'normal' ? null : delegatedUser
  await db
    .insertInto('calendar_providers')
    .values({ id, name: 'Microsoft Exchange Online', mode, delegated_user_email })
    .execute()
  const configurations = roomIds.map((room_id) => ({ id: realSeams.newId(), room_id, provider_id: id, active: true }))
  await db.insertInto('sync_configurations').values(configurations).execute()
}

type Resolver = { allowed: Map<string, Actor>; options: DeskOptions }

/** What connections would resolve: people by their own permission, the delegated mailbox, the application. */
function resolverFor(tenant: TestTenant, { allowed, options }: Resolver): SyncDeps['resolve'] {
  return async (aliasId, who) => {
    if (who !== 'system') return personal(tenant, allowed.get(who.userId))
    const wantsApplication = aliasId === applicationAlias
    if (wantsApplication && (options.mode === 'normal' || options.applicationWatches)) return application(tenant)
    const user = tenant.tenant.findUser(delegatedUser)
    if (!user) throw new Error('The demo data has no delegated mailbox.')
    const account = { name: user.displayName, email: user.mail, tenantId: '', objectId: user.id }
    return ready(tenant, { clientId: personalApp, accountId: user.id, scopes, roles: [], account })
  }
}

function application(tenant: TestTenant): Promise<Resolved> {
  const grant = { clientId: applicationApp, accountId: null, scopes: [], roles: ['Calendars.ReadWrite'] }
  return ready(tenant, { ...grant, account: null })
}

const credentialId = '00000000-0000-4000-8000-000000000001'

async function personal(tenant: TestTenant, actor: Actor | undefined): Promise<Resolved> {
  const accountId = actor?.microsoft?.objectId
  if (!actor?.microsoft || !accountId) {
    const say = 'Allow Anteroom to use your calendar.'
    return { is: 'sign_in_needed', credentialId, credentialName: 'Ms Graph Personal', say }
  }
  const account = { name: actor.displayName, email: actor.email, ...actor.microsoft }
  return ready(tenant, { clientId: personalApp, accountId, scopes, roles: [], account })
}

type Grant = Parameters<typeof mintAccessToken>[1] & { account: Extract<Resolved, { is: 'ready' }>['account'] }

async function ready({ tenant, origin }: TestTenant, { account, ...grant }: Grant): Promise<Resolved> {
  const token = await mintAccessToken(tenant, grant, 3600)
  return {
    is: 'ready',
    baseUrl: 'https://graph.microsoft.com',
    timeoutMs: 20_000,
    account,
    credentialId,
    clientId: personalApp,
    attributes: {},
    fetch: (path, init) => {
      const headers = new Headers(init?.headers)
      headers.set('authorization', `Bearer ${token}`)
      return fetch(`${origin}${path}`, { ...init, headers })
    },
  }
}

async function signedUp({ db }: TestDatabase, tenant: Tenant, name: string): Promise<Actor> {
  const user = tenant.findUser(`${name}@contoso.example`)
  if (!user) throw new Error(`The demo data has no ${name}.`)
  const id = realSeams.newId()
  const microsoft = { tenantId: tenant.directory.tenantId, objectId: user.id }
  await insertMicrosoftUser(db, {
    id,
    tenant_id: microsoft.tenantId,
    object_id: microsoft.objectId,
    email: user.mail,
    display_name: user.displayName,
    password_hash: null,
    time_zone: user.timeZone,
    now: realSeams.now(),
  })
  const roles = new Set(['employee'])
  return {
    userId: id,
    displayName: user.displayName,
    email: user.mail,
    roles,
    microsoft,
    via: 'session',
    sessionId: id,
  }
}

async function plantRooms({ db }: TestDatabase, tenant: Tenant): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const place of tenant.rooms.list()) {
    const timeZone = place.building.startsWith('Berlin') ? 'Europe/Berlin' : 'America/New_York'
    const building = { id: realSeams.newId(), name: place.building, city: place.building.split(',')[0] ?? '', timeZone }
    const needsApproval = tenant.roomPolicies.get(place.userId)?.allBookInPolicy === false
    const id = await ensureRoom(db, {
      id: realSeams.newId(),
      name: place.displayName,
      mailbox: place.emailAddress,
      buildingId: await ensureBuilding(db, building),
      floor: place.floorNumber,
      capacity: place.capacity,
      equipment: [],
      needsApproval,
    })
    ids.set(place.displayName, id)
  }
  return ids
}
