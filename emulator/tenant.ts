import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { TenantClock } from './clock.ts'
import { Ledger } from './ledger.ts'
import type {
  App,
  BrowserSession,
  CalendarPermission,
  Code,
  Consent,
  Directory,
  EventItem,
  Fault,
  RefreshToken,
  RoomListPlace,
  RoomPlace,
  RoomPolicy,
  Switches,
  User,
} from './model.ts'
import { plantSeed, readDemoSeed, registerCallbacks, type Seed } from './seed.ts'
import { type Collection, Store } from './store.ts'

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
}

type Setting = { id: string; value: unknown }

const defaultSwitches: Switches = {
  singleUseRefreshTokens: false,
  accessTokenLifetimeSeconds: null,
  deliveryDelayMs: 300,
  throttle: true,
  requestsPerTenMinutes: 10_000,
  concurrentPerMailbox: 4,
  endpointsOn: 'microsoft',
  serviceTimeMs: 0,
}

/** Everything one Microsoft 365 tenant holds. Behaviour lives beside it in entra/, graph/ and exchange/; this is only the records. */
export class Tenant {
  readonly store: Store
  readonly clock: TenantClock
  readonly ledger: Ledger
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
  /** Keys for listBy: mailbox id and iCalUId. */
  readonly events: Collection<EventItem>
  readonly faults: Collection<Fault>
  readonly #settings: Collection<Setting>
  readonly #options: TenantOptions

  constructor(options: TenantOptions) {
    const store = new Store(options.file)
    this.#options = options
    this.store = store
    this.clock = new TenantClock(store, options.realNow)
    this.ledger = new Ledger(store)
    this.users = store.collection('users', (user) => [fold(user.userPrincipalName), fold(user.mail)])
    this.apps = store.collection('apps')
    this.consents = store.collection('consents', (consent) => [consent.clientId])
    this.codes = store.collection('codes')
    this.refreshTokens = store.collection('refreshTokens', (token) => [token.userId])
    this.browserSessions = store.collection('browserSessions')
    this.rooms = store.collection('rooms', (room) => [room.userId, fold(room.emailAddress)])
    this.roomLists = store.collection('roomLists')
    this.roomPolicies = store.collection('roomPolicies')
    this.permissions = store.collection('permissions', (permission) => [permission.mailboxId, permission.granteeId])
    this.events = store.collection('events', (event) => [event.mailboxId, event.iCalUId])
    this.faults = store.collection('faults')
    this.#settings = store.collection('settings')
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
    return { ...defaultSwitches, ...this.#options.switches, ...this.#setting<Partial<Switches>>('switches') }
  }

  turnSwitches(changes: Partial<Switches>): Switches {
    this.#settings.put({ id: 'switches', value: { ...this.#setting<Partial<Switches>>('switches'), ...changes } })
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
    return this.#setting<JWK>('signingKey') ?? this.#makeSigningKey()
  }

  /** Finds a user by object id, user principal name or mail address, in any case. */
  findUser(idOrUpnOrMail: string): User | undefined {
    return this.users.get(idOrUpnOrMail.toLowerCase()) ?? this.users.listBy(fold(idOrUpnOrMail))[0]
  }

  findApp(clientId: string): AppRecord | undefined {
    return this.apps.get(clientId.toLowerCase())
  }

  /** Back to the seed, at the real time, with an empty ledger. The signing key stays, so that clients' key caches stay right. */
  reset(): void {
    this.store.atomically(() => {
      const key = this.signingKey
      for (const collection of this.#everything()) collection.clear()
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
    this.clock.stop()
    this.store.close()
  }

  #everything(): Collection<{ id: string }>[] {
    const { users, apps, consents, codes, refreshTokens, browserSessions, rooms, roomLists } = this
    const { roomPolicies, permissions, events, faults } = this
    const collections: unknown[] = [users, apps, consents, codes, refreshTokens, browserSessions, rooms, roomLists]
    collections.push(roomPolicies, permissions, events, faults, this.#settings)
    return collections as Collection<{ id: string }>[]
  }

  #plant(): void {
    this.store.atomically(() => plantSeed(this, this.#options.seed ?? readDemoSeed()))
  }

  #setting<T>(id: string): T | undefined {
    return this.#settings.get(id)?.value as T | undefined
  }

  #makeSigningKey(): JWK {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = { ...(privateKey.export({ format: 'jwk' }) as JWK), alg: 'RS256', use: 'sig', kid: randomUUID() }
    this.#settings.put({ id: 'signingKey', value: key })
    return key
  }
}

/** Opens a tenant's state, planting the seed if it holds nothing yet. */
export function openTenant(options: TenantOptions): Tenant {
  return new Tenant(options)
}

function fold(name: string): string {
  return name.toLowerCase()
}
