import { join } from 'node:path'
import { sql } from 'kysely'
import { mountAudit } from '#audit/routes.ts'
import type { Tallies } from '#audit/tally.ts'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { workConnections } from '#connections/jobs.ts'
import { settleRefreshes } from '#connections/refresh-call.ts'
import { resolveAlias, withoutRetries } from '#connections/resolve.ts'
import { mountConnections } from '#connections/routes.ts'
import { sealedColumns } from '#connections/sealed-values.ts'
import { shipRecords } from '#connections/shipped-records.ts'
import { openTokenMemory, type TokenMemory } from '#connections/token-memory.ts'
import { byItself, openUses } from '#connections/token-use.ts'
import { connectionOf, type Database, openDatabase } from '#db/database.ts'
import { listen as hear } from '#db/listen.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { migrate } from '#db/migrate.ts'
import { notify } from '#db/notify.ts'
import { refused } from '#http/errors.ts'
import { type Change, type LiveUpdates, openLiveUpdates, withAvailability } from '#http/live.ts'
import { actorOf, type Router } from '#http/mount.ts'
import { openApiDocument } from '#http/openapi.ts'
import { publishSeldom } from '#http/publish-seldom.ts'
import { listen, openRouter } from '#http/server.ts'
import { mountWeb } from '#http/static-files.ts'
import { type Jobs, openJobs } from '#jobs/jobs.ts'
import { watchingClock } from '#kit/clock-watch.ts'
import type { Config } from '#kit/config.ts'
import { guardedFetch } from '#kit/guarded-fetch.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { Secret } from '#kit/secret.ts'
import { workMail } from '#mail/jobs.ts'
import type { Mailer } from '#mail/letter.ts'
import { mailFolder } from '#mail/mail-folder.ts'
import { openPost, type Post } from '#mail/post.ts'
import { mountMail } from '#mail/routes.ts'
import { smtpMailer } from '#mail/smtp.ts'
import { authenticate } from '#people/authenticate.ts'
import { guardWrite } from '#people/csrf.ts'
import type { PeopleDeps } from '#people/deps.ts'
import { mountPeople } from '#people/routes.ts'
import { newSetupCode } from '#people/setup.ts'
import { askedByName } from '#providers/acting.ts'
import { pointersToAliases } from '#providers/calendar-provider.ts'
import type { ConfiguringDeps, ProvidersDeps } from '#providers/deps.ts'
import { workProviders } from '#providers/jobs.ts'
import { probeRoom } from '#providers/probe.ts'
import { mountProviders } from '#providers/routes.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { mountReservations } from '#reservations/routes.ts'
import { continueDrafts } from '#reservations/submit.ts'
import { mountRoomRecords } from '#rooms/record-routes.ts'
import { mountRooms } from '#rooms/routes.ts'
import { mountScan } from '#scan/routes.ts'
import type { SyncDeps } from '#sync/deps.ts'
import { verifySoon, wakeLane } from '#sync/jobs.ts'
import { lookForReader } from '#sync/look-for-reader.ts'
import { roomsOfEvent } from '#sync/rooms-of-event.ts'
import { mountSync } from '#sync/routes.ts'
import { permissionFor, rulesOf } from '#sync/rules.ts'
import { bringBackSweeping, startSweeping, workSync } from '#sync/work.ts'
import { workVault } from '#vault/jobs.ts'
import { keepPresent } from '#vault/presence.ts'
import { mountVault } from '#vault/routes.ts'
import { openVault, type Vault } from '#vault/vault.ts'
import { arrangeWatches } from '#watch/arrange.ts'
import type { WatchDeps } from '#watch/deps.ts'
import { watchCounts, watchFacts } from '#watch/facts.ts'
import { hintRoom } from '#watch/hint.ts'
import { noteNewToken } from '#watch/note-new-token.ts'
import { mountNotificationDoor } from '#watch/notification-door.ts'
import { mountWatch } from '#watch/routes.ts'
import { startWatching, workWatch } from '#watch/work.ts'
import { demoApp, plantDemo, readDemo } from './demo.ts'

export type Service = {
  /** For the start banner; null when a local administrator exists. */
  setupCode: Secret | null
  vault: Vault
  /** Every route that answers, as `GET /api/reservations/:id`: what the access test walks. */
  routes: readonly string[]
  stop: () => Promise<void>
}

export type ServiceParts = {
  config: Config
  seams: Seams
  log: Log
  projectDir: string
  /** Called when the managed database goes away without being asked to: nothing can be finished then. */
  onDatabaseLost: (why: string) => void
}

type Stops = (() => Promise<void>)[]
type Built = ServiceParts & {
  db: Database
  vault: Vault
  jobs: Jobs
  live: LiveUpdates
  publish: (change: Change) => void
  memory: TokenMemory
  uses: Tallies
  mailer: Mailer
  post: Post
}

const microsoft = 'https://login.microsoftonline.com'
const liveChannel = 'anteroom_live'
/** Asked to stop, it still waits so long for tokens that are on their way. */
const patienceAtStopMs = 10_000

/** Builds every part in order, mounts and works what the role asks for, and returns when requests are answered. */
export async function startService(parts: ServiceParts): Promise<Service> {
  const stops: Stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const built = await build(parts, stops)
    await shipRecords(built)
    if (parts.config.demo)
      await plantDemo({ ...configuringDeps(built), ...connectionsDeps(built) }, readDemo(parts.projectDir))
    // A worker shows no banner that anybody reads, and a new code voids the one that the web process printed.
    const setupCode = parts.config.role === 'worker' ? null : await newSetupCode(built)
    const routes = await start(built, stops)
    return { setupCode, vault: built.vault, routes, stop }
  } catch (problem) {
    await stop()
    throw problem
  }
}

async function build(parts: ServiceParts, stops: Stops): Promise<Built> {
  const { config, log } = parts
  const guarded = watchingClock(guardedFetch(), { now: parts.seams.now, log })
  const seams: Seams = { ...parts.seams, fetch: config.standIns.wrap(guarded, parts.seams.fetch) }
  const db = await openStore(parts, stops)
  const vault = await openVault({ db, rootKeyFile: config.rootKeyFile, seams, log })
  const jobs = openJobs({ connection: connectionOf(db), log, now: seams.now, newId: seams.newId, wait: seams.wait })
  const live = openLiveUpdates(seams.wait)
  stops.push(async () => live.close())
  const tell = (change: Change) => {
    notify(db, liveChannel, JSON.stringify(change)).catch((problem) =>
      log.warn({ problem: String(problem) }, 'a live update was not sent'),
    )
  }
  const rarely = { topics: ['sync', 'watch', 'availability'], everyMs: 1_000, wait: seams.wait } as const
  const publish = withAvailability(publishSeldom(tell, rarely))
  const memory = await openTokenMemory({ db, seams })
  stops.push(memory.close)
  const uses = openUses({ db, seams, log })
  stops.push(uses.close)
  stops.push(() => settleRefreshes({ db, seams }, patienceAtStopMs))
  stops.push(await keepPresent({ db, vault, log, seams }))
  const post = openPost({ jobs, seams })
  return { ...parts, seams, db, vault, jobs, live, publish, memory, uses, mailer: mailerOf(parts), post }
}

async function openStore(parts: ServiceParts, stops: Stops): Promise<Database> {
  const { config, log } = parts
  const db = openDatabase(
    config.databaseUrl ? { connectionString: config.databaseUrl.open('call') } : await ownPostgres(parts, stops),
  )
  stops.push(() => db.destroy())
  await requireAnswer(db)
  const applied = await migrate(db)
  if (applied.length > 0) log.info({ applied }, 'database brought up to date')
  return db
}

async function requireAnswer(db: Database): Promise<void> {
  await sql`select 1`.execute(db).catch((cause: unknown) => {
    // A refused connection to a name with several addresses has its reasons inside.
    const reasons = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : String(cause)
    throw new Error(
      `the database does not let us in (${reasons}). Check that it runs, and ANTEROOM_DATABASE_URL. Nothing was changed.`,
      { cause },
    )
  })
}

async function ownPostgres({ config, seams, log, onDatabaseLost }: ServiceParts, stops: Stops) {
  const postgres = await startManagedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    binDir: config.postgresBin ?? undefined,
    log,
    wait: seams.wait,
  })
  void postgres.lost.then(onDatabaseLost)
  stops.push(() => postgres.stop())
  return postgres.connection
}

async function start(built: Built, stops: Stops): Promise<string[]> {
  const { config, db, live, jobs, seams } = built
  const router = openRouter({
    publicUrl: config.publicUrl,
    newId: seams.newId,
    log: built.log,
    authenticate: authenticate(peopleDeps(built)),
    guardWrite: guardWrite(peopleDeps(built)),
    outside: config.role === 'worker' ? undefined : (app) => mountNotificationDoor(app, watchDeps(built)),
  })
  const layers = router.app.routes.length
  mountHealth(router, built)
  if (config.role !== 'worker') mountFeatures(router, built)
  if (config.role !== 'web') {
    workProviders(jobs, built)
    workSync(jobs, syncDeps(built))
    bringBackSweeping(jobs)
    workWatch(jobs, watchDeps(built))
    workConnections(jobs, { ...connectionsDeps(built), post: built.post })
    workMail(jobs, built)
    workVault(jobs, { ...built, columns: sealedColumns })
  }
  await jobs.start()
  stops.push(() => jobs.stop())
  if (config.role !== 'web') {
    await startSweeping(built)
    await startWatching(built)
  }
  stops.push(
    await hear(db, {
      channel: liveChannel,
      onPayload: (payload) => live.publish(JSON.parse(payload) as Change),
      wait: seams.wait,
    }),
  )
  const listening = await listen(router, config)
  stops.push(async () => {
    live.close()
    await listening.close()
  })
  // What is answered outside of the layers is a route like any other; the layers themselves match every method.
  const outside = router.app.routes.slice(0, layers).filter(({ method }) => method !== 'ALL')
  return [...outside, ...router.app.routes.slice(layers)].map(({ method, path }) => `${method} ${path}`)
}

/** `/livez`: the process answers. `/readyz`: and so does its database; a sealed vault is said, and does not make it unready. */
function mountHealth(router: Router, { db, vault }: Built): void {
  router.app.get('/livez', (context) => context.json({ live: true }))
  router.app.get('/readyz', async (context) => {
    await sql`select 1`.execute(db)
    return context.json({ ready: true, vault: vault.state().is })
  })
}

function mountFeatures(router: Router, built: Built): void {
  mountPeople(router, peopleDeps(built))
  mountConnections(router, connectionsDeps(built))
  mountRooms(router, built)
  mountRoomRecords(router, configuringDeps(built))
  mountProviders(router, configuringDeps(built))
  mountWatch(router, watchDeps(built))
  mountReservations(router, reservationsDeps(built))
  mountSync(router, { ...syncDeps(built), reservations: reservationsDeps(built) })
  mountScan(router, { ...configuringDeps(built), ...connectionsDeps(built) })
  mountAudit(router, built)
  mountMail(router, { ...built, publicUrl: built.config.publicUrl })
  mountVault(router, { ...built, rootKeyFile: built.config.rootKeyFile, columns: sealedColumns })
  router.app.get('/api/live', (context) => {
    const actor = actorOf(context)
    if (actor === null) throw refused('http.sign_in_required')
    return built.live.stream(context, actor.userId)
  })
  router.app.get('/api/openapi.json', (context) => context.json(openApiDocument(router.list, built.config.publicUrl)))
  mountWeb(router, built.config.webDir)
}

function peopleDeps(built: Built): PeopleDeps {
  const { config, vault } = built
  const { publicUrl, standIns, demo, trustedProxyHops } = config
  return {
    ...built,
    publicUrl,
    standIns,
    demo,
    trustedProxyHops,
    signIn: signInApp(built),
    vaultState: () => vault.state(),
  }
}

/** The configured app, or in the rehearsal the one that the local tenant knows. */
function signInApp({ config, projectDir }: ServiceParts): PeopleDeps['signIn'] {
  if (config.signIn !== null) return { ...config.signIn, authority: microsoft }
  if (!config.demo) return null
  const demo = readDemo(projectDir)
  return { tenantId: demo.tenant.id, ...demoApp(demo, 'signIn'), authority: microsoft }
}

function connectionsDeps(built: Built): ConnectionsDeps {
  const { publicUrl, standIns, allowedHosts, releaseTokens } = built.config
  const onPersonalToken = (userId: string) => continueDrafts(reservationsDeps(built), userId)
  const onSystemToken = () => noteNewToken(watchDeps(built))
  const others = { onPersonalToken, onSystemToken, askedByName, pointersToAliases }
  return { ...built, publicUrl, standIns, allowedHosts, releaseTokens, ...others }
}

/** Without a mail server, letters are files that can be looked at: DATA/mail. */
function mailerOf({ config, seams }: ServiceParts): Mailer {
  const { smtp: server, mailFrom: from } = config
  if (server === null) return mailFolder({ folder: join(config.dataDir, 'mail'), from })
  return smtpMailer({ server, from, ownName: new URL(config.publicUrl).hostname, seams })
}

function reservationsDeps(built: Built): ReservationsDeps {
  const { db, seams, log, publish, post } = built
  const sync = syncDeps(built)
  return {
    db,
    seams,
    log,
    publish,
    post,
    rules: (roomIds) => rulesOf(sync, roomIds),
    permission: (question, rule) => permissionFor(sync, question, rule),
    opened: (reservationId, userId) => lookForReader(built, reservationId, userId),
    wake: (executor, lane) => wakeLane(built, executor, lane),
  }
}

function configuringDeps(built: Built): ConfiguringDeps & { log: Log } {
  const { db, seams, log, publish } = built
  return {
    db,
    seams,
    log,
    publish,
    resolve: resolvingFor(built, 'calendar providers'),
    changed: (roomIds) => arrangeWatches(watchDeps(built), roomIds),
    watchFacts: (roomIds) => watchFacts(db, roomIds),
    watchCounts: (providerId) => watchCounts(db, providerId),
  }
}

function syncDeps(built: Built): SyncDeps {
  return {
    ...built,
    resolve: resolvingFor(built, 'calendar synchronization'),
    hintRoom: (roomId) => hintRoom(built, roomId),
  }
}

function watchDeps(built: Built): WatchDeps {
  const resolve = resolvingFor(built, 'calendar watch')
  return {
    ...built,
    resolve,
    notificationUrl: built.config.notificationUrl,
    apply: (executor, roomId) => wakeLane(built, executor, roomId),
    probe: (provider, room) => probeRoom({ ...built, resolve }, provider, room),
    wholeRead: (roomId, window) => verifySoon(built, { roomId, ...window }),
    roomsOfEvent: (eventId) => roomsOfEvent(built.db, eventId),
  }
}

/** The queue waits by itself, and a lane must not stand still while one call is repeated. `purpose`: what the audit trail says of its calls. */
function resolvingFor(built: Built, purpose: string): ProvidersDeps['resolve'] {
  const use = byItself(purpose)
  return async (aliasId, who) => withoutRetries(await resolveAlias(connectionsDeps(built), aliasId, who, { use }))
}
