import type { JWK } from 'jose'
import { Chance } from './chance.ts'
import { ChangeLog } from './change-log.ts'
import { TenantClock } from './clock.ts'
import { Ledger } from './ledger.ts'
import type {
  App,
  AppScope,
  BrowserSession,
  CalendarPermission,
  Code,
  Consent,
  Directory,
  EventItem,
  Fault,
  MailboxMove,
  Notification,
  RefreshToken,
  RoomListPlace,
  RoomPlace,
  RoomPolicy,
  Subscription,
  Switches,
  User,
} from './model.ts'
import { plantSeed, readDemoSeed, registerCallbacks, type Seed } from './seed.ts'
import { makeSigningKey } from './signed-jwt.ts'
import { type Collection, Store } from './store.ts'
import { defaultSwitches } from './switches.ts'

export type AppRecord = App & { id: string }
/** A room's calendar processing; its id is the room's user id. */
export type RoomPolicyRecord = RoomPolicy & { id: string }

export type TenantOptions = {
  /** SQLite file that keeps the state, or null for a tenant that forgets. */
  file: string | null
  /** What a new or reset tenant holds; the demo data unless told otherwise. */
  seed?: Seed
  /** Origins of Anteroom (`http://localhost:4400`) under which every app's callback paths are registered as redirect URIs. */
  callbackBases?: string[]
  switches?: Partial<Switches>
  realNow?: () => number
  /** From 0 up to 1: ids, keys, token lives and every probability come from it, so that one seed gives one run. */
  random?: () => number
  /** `none`: nothing happens by itself, only `advance` and `runDue` move things, and no timer is ever set. */
  timers?: 'real' | 'none'
  /** What notifications and handshakes are sent with. */
  fetch?: typeof globalThis.fetch
  /** How a slow answer waits; without timers it is the tenant's own clock. */
  wait?: Wait
  /** Signs tokens; made when needed unless given. */
  signingKey?: JWK
}

/** Resolves after so many milliseconds; never, once the signal aborts. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>

type Setting = { id: string; value: unknown }

/** Everything one Microsoft 365 tenant holds. Behaviour lives beside it in entra/, graph/ and exchange/; this is only the records. */
export class Tenant {
  readonly store: Store
  readonly clock: TenantClock
  readonly ledger: Ledger
  readonly chance: Chance
  /** What changed in each mailbox. */
  readonly changes: ChangeLog
  readonly fetch: typeof globalThis.fetch
  readonly wait: Wait
  readonly users: Collection<User>
  readonly apps: Collection<AppRecord>
  readonly consents: Collection<Consent>
  readonly codes: Collection<Code>
  readonly refreshTokens: Collection<RefreshToken>
  readonly browserSessions: Collection<BrowserSession>
  readonly rooms: Collection<RoomPlace>
  readonly roomLists: Collection<RoomListPlace>
  readonly roomPolicies: Collection<RoomPolicyRecord>
  /** Keys for listBy: mailbox id and grantee id. */
  readonly permissions: Collection<CalendarPermission>
  /** Keys for listBy: mailbox id, iCalUId, immutable id, and `transactionKey`. */
  readonly events: Collection<EventItem>
  readonly faults: Collection<Fault>
  readonly appScopes: Collection<AppScope>
  readonly mailboxMoves: Collection<MailboxMove>
  /** Keys for listBy: mailbox id and client id. */
  readonly subscriptions: Collection<Subscription>
  /** Keys for listBy: the address and the subscription's id. */
  readonly notifications: Collection<Notification>
  readonly #settings: Collection<Setting>
  readonly #options: TenantOptions
  readonly #inFlight = new Set<Promise<unknown>>()
  #switches: Switches | null = null
  #closed = false

  constructor(options: TenantOptions) {
    const store = new Store(options.file)
    const { realNow = Date.now, timers = 'real' } = options
    this.#options = options
    this.store = store
    this.chance = new Chance(options.random)
    this.clock = new TenantClock(store, { realNow, timers, chance: this.chance })
    this.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
    this.wait = options.wait ?? (timers === 'real' ? realWait : (ms, signal) => this.clock.sleep(ms, signal))
    this.ledger = new Ledger(store)
    this.users = store.collection('users', (user) => [
      fold(user.userPrincipalName),
      fold(user.mail),
      ...(user.proxyAddresses ?? []).map(fold),
    ])
    this.apps = store.collection('apps')
    this.consents = store.collection('consents', (consent) => [consent.clientId])
    this.codes = store.collection('codes')
    this.refreshTokens = store.collection('refreshTokens', (token) => [token.userId])
    this.browserSessions = store.collection('browserSessions')
    this.rooms = store.collection('rooms', (room) => [room.userId, fold(room.emailAddress)])
    this.roomLists = store.collection('roomLists')
    this.roomPolicies = store.collection('roomPolicies')
    this.permissions = store.collection('permissions', (permission) => [permission.mailboxId, permission.granteeId])
    this.events = store.collection('events', eventKeys)
    this.faults = store.collection('faults')
    this.appScopes = store.collection('appScopes')
    this.mailboxMoves = store.collection('mailboxMoves')
    this.subscriptions = store.collection('subscriptions', (one) => [one.mailboxId, one.clientId])
    this.notifications = store.collection('notifications', (one) => [one.url, one.subscriptionId])
    this.#settings = store.collection('settings')
    this.changes = new ChangeLog(store, this.events, {
      now: () => this.now(),
      keep: () => this.switches.deltaChangesKept,
      silences: (kind) => kind === 'deleted' && this.chance.happens(this.switches.deltaSilentDeletions),
    })
    if (this.#settings.get('directory') === undefined) this.#plant()
    this.registerCallbacks()
  }

  now(): Date {
    return this.clock.now()
  }

  /** Where the state is kept, so that whoever finds this tenant on a port can tell whose it is; null in memory. */
  get dataFile(): string | null {
    return this.#options.file
  }

  get directory(): Directory {
    return this.#setting<Directory>('directory') ?? { tenantId: '', displayName: '', domain: '' }
  }

  set directory(directory: Directory) {
    this.#settings.put({ id: 'directory', value: directory })
  }

  get switches(): Switches {
    const turned = () => this.#setting<Partial<Switches>>('switches')
    this.#switches ??= { ...defaultSwitches, ...this.#options.switches, ...turned() }
    return this.#switches
  }

  turnSwitches(changes: Partial<Switches>): Switches {
    this.#settings.put({ id: 'switches', value: { ...this.#setting<Partial<Switches>>('switches'), ...changes } })
    this.#switches = null
    return this.switches
  }

  /** The password all demo people share, shown on the sign-in page; null hides it. */
  get demoPassword(): string | null {
    return this.#setting<string>('demoPassword') ?? null
  }

  set demoPassword(password: string | null) {
    this.#settings.put({ id: 'demoPassword', value: password })
  }

  /** The private RSA key that signs id and access tokens (RS256), made once and kept. */
  get signingKey(): JWK {
    return this.#setting<JWK>('signingKey') ?? this.#keepSigningKey()
  }

  /** What delta tokens are sealed with; those of before a reset are not known any more. */
  get deltaSecret(): string {
    const known = this.#setting<string>('deltaSecret')
    if (known !== undefined) return known
    const value = this.chance.bytes(16).toString('hex')
    this.#settings.put({ id: 'deltaSecret', value })
    return value
  }

  /** Finds a user by object id, user principal name or mail address, in any case. */
  findUser(idOrUpnOrMail: string): User | undefined {
    return this.users.get(idOrUpnOrMail.toLowerCase()) ?? this.users.listBy(fold(idOrUpnOrMail))[0]
  }

  findApp(clientId: string): AppRecord | undefined {
    return this.apps.get(clientId.toLowerCase())
  }

  /** Lets work go on beside the request or task that started it. */
  background(work: Promise<unknown>): void {
    const done = work.catch((cause: unknown) => {
      if (!this.#closed) process.stderr.write(`tenant: ${cause instanceof Error ? cause.stack : String(cause)}\n`)
    })
    this.#inFlight.add(done)
    void done.then(() => this.#inFlight.delete(done))
  }

  /** Does work that must be over in time; `late` when it is not, and then its signal is aborted. */
  async within<R>(ms: number, work: (signal: AbortSignal) => Promise<R>): Promise<R | 'late'> {
    const over = new AbortController()
    const late = this.wait(ms, over.signal).then(() => 'late' as const)
    try {
      return await Promise.race([work(over.signal), late])
    } finally {
      over.abort()
    }
  }

  /** Resolves when nothing is on its way any more: every notification sent was answered or timed out. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight)
  }

  /**
   * Moves the tenant's time forward as `clock.advance` does, and lets what each piece of work started come to its end before time goes
   * on. Without timers, what itself waits for time is left on its way.
   */
  async advance(ms: number): Promise<void> {
    await this.#comeToRest()
    for (const _ of this.clock.steps(ms)) await this.#comeToRest()
  }

  /** Back to the seed, at the real time, with an empty ledger. The signing key stays, so that clients' key caches stay right. */
  reset(): void {
    this.store.atomically(() => {
      const key = this.signingKey
      for (const collection of this.#everything()) collection.clear()
      this.changes.clear()
      this.#switches = null
      this.clock.reset()
      this.ledger.clear()
      this.#settings.put({ id: 'signingKey', value: key })
      this.#plant()
      this.registerCallbacks()
    })
  }

  /** Registers every app's callbacks under the origins this tenant was opened with. */
  registerCallbacks(): void {
    registerCallbacks(this, this.#options.callbackBases ?? [])
  }

  close(): void {
    this.#closed = true
    this.clock.stop()
    this.store.close()
  }

  #everything(): Collection<{ id: string }>[] {
    const { users, apps, consents, codes, refreshTokens, browserSessions, rooms, roomLists } = this
    const { roomPolicies, permissions, events, faults } = this
    const { subscriptions, notifications, appScopes, mailboxMoves } = this
    const collections: unknown[] = [users, apps, consents, codes, refreshTokens, browserSessions, rooms, roomLists]
    collections.push(roomPolicies, permissions, events, faults, appScopes, mailboxMoves)
    collections.push(subscriptions, notifications, this.#settings)
    return collections as Collection<{ id: string }>[]
  }

  #plant(): void {
    this.store.atomically(() => plantSeed(this, this.#options.seed ?? readDemoSeed()))
  }

  async #comeToRest(): Promise<void> {
    if (this.#options.timers !== 'none') return this.settled()
    // Whatever can go on without time goes on in these turns of the event loop.
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  #setting<T>(id: string): T | undefined {
    return this.#settings.get(id)?.value as T | undefined
  }

  #keepSigningKey(): JWK {
    const key = this.#options.signingKey ?? makeSigningKey(this.chance.uuid())
    this.#settings.put({ id: 'signingKey', value: key })
    return key
  }
}

/** Opens a tenant's state, planting the seed if it holds nothing yet. */
export function openTenant(options: TenantOptions): Tenant {
  return new Tenant(options)
}

/** The key under which a mailbox finds what a transaction made. */
export function transactionKey(mailboxId: string, transactionId: string): string {
  return `${mailboxId} ${transactionId}`
}

function eventKeys({ mailboxId, iCalUId, immutableId, transactionId }: EventItem): string[] {
  const keys = [mailboxId, iCalUId, immutableId]
  return transactionId === null ? keys : [...keys, transactionKey(mailboxId, transactionId)]
}

function fold(name: string): string {
  return name.toLowerCase()
}

function realWait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => clearTimeout(timer))
  })
}
