import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { RoomPolicy, User } from './model.ts'
import type { Tenant } from './tenant.ts'

const person = z.object({
  id: z.string(),
  userPrincipalName: z.string(),
  displayName: z.string(),
  isTenantAdmin: z.boolean().default(false),
  timeZone: z.string().default('UTC'),
  password: z.string().nullable().optional(),
  homeTenantId: z.string().nullable().default(null),
})

const room = z.object({
  id: z.string(),
  placeId: z.string(),
  name: z.string(),
  emailAddress: z.string(),
  building: z.string(),
  floor: z.number().nullable(),
  capacity: z.number(),
  equipment: z.array(z.string()).default([]),
  policy: z.enum(['auto', 'approval']).default('auto'),
  approvers: z.array(z.string()).default([]),
})

const app = z.object({
  clientId: z.string(),
  displayName: z.string(),
  secret: z.string().nullable(),
  delegatedScopes: z.array(z.string()).default([]),
  appRoles: z.array(z.string()).default([]),
  /** Paths below each callback base. */
  callbacks: z.array(z.string()).default([]),
  redirectUris: z.array(z.string()).default([]),
  optionalIdTokenClaims: z.array(z.string()).default([]),
})

const building = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  city: z.string().default(''),
  timeZone: z.string(),
  roomListAddress: z.string(),
})

/** What a new tenant holds; `demo/contoso.json` is one. */
export const seedShape = z.object({
  tenant: z.object({ id: z.string(), displayName: z.string(), domain: z.string() }),
  password: z.string(),
  people: z.array(person).default([]),
  serviceMailbox: person.nullable().default(null),
  buildings: z.array(building).default([]),
  rooms: z.array(room).default([]),
  apps: z.array(app).default([]),
})

export type Seed = z.infer<typeof seedShape>

/** The demo data that comes with the project. */
export function readDemoSeed(): Seed {
  return readSeedFile(new URL('../demo/contoso.json', import.meta.url))
}

export function readSeedFile(path: string | URL): Seed {
  return seedShape.parse(JSON.parse(readFileSync(path, 'utf8')))
}

/** Adds the seed's records to the tenant; a record that is already there is replaced. */
export function plantSeed(tenant: Tenant, seed: Seed): void {
  tenant.directory = { tenantId: seed.tenant.id, displayName: seed.tenant.displayName, domain: seed.tenant.domain }
  tenant.demoPassword = seed.password
  for (const one of seed.people) tenant.users.put(userOf(one, 'person', one.password ?? seed.password))
  const service = seed.serviceMailbox
  if (service !== null) tenant.users.put(userOf(service, 'service', service.password ?? seed.password))
  plantBuildings(tenant, seed)
  for (const one of seed.rooms) plantRoom(tenant, seed, one)
  for (const one of seed.apps) plantApp(tenant, one)
}

/**
 * Registers each app's callback paths under further origins of Anteroom, beside those it has. A tenant whose file outlives a change of
 * Anteroom's port thus keeps working, as an administrator would have added the new redirect URI.
 */
export function registerCallbacks(tenant: Tenant, bases: string[]): void {
  for (const one of tenant.apps.list()) {
    const wanted = bases.flatMap((base) => one.callbackPaths.map((path) => new URL(path, base).href))
    const missing = wanted.filter((uri) => !one.redirectUris.includes(uri))
    if (missing.length > 0) tenant.apps.put({ ...one, redirectUris: [...one.redirectUris, ...missing] })
  }
}

/** Exchange Online's defaults for a new room mailbox (Set-CalendarProcessing). */
export const defaultRoomPolicy: RoomPolicy = {
  automateProcessing: 'AutoAccept',
  allBookInPolicy: true,
  bookInPolicy: [],
  allRequestInPolicy: false,
  requestInPolicy: [],
  allRequestOutOfPolicy: false,
  requestOutOfPolicy: [],
  resourceDelegates: [],
  tentativePendingApproval: true,
  allowConflicts: false,
  allowRecurringMeetings: true,
  bookingWindowInDays: 180,
  enforceSchedulingHorizon: true,
  maximumDurationInMinutes: 1440,
  addOrganizerToSubject: true,
  deleteSubject: true,
  deleteComments: true,
  removePrivateProperty: true,
  removeCanceledMeetings: false,
  bookingType: 'Standard',
  answersAfterMs: 700,
}

function userOf(one: z.infer<typeof person>, kind: User['kind'], password: string | null): User {
  return {
    id: one.id,
    userPrincipalName: one.userPrincipalName,
    mail: one.userPrincipalName,
    displayName: one.displayName,
    kind,
    password,
    enabled: true,
    isTenantAdmin: one.isTenantAdmin,
    homeTenantId: one.homeTenantId,
    signInSessionsValidFrom: null,
    timeZone: one.timeZone,
  }
}

function plantBuildings(tenant: Tenant, seed: Seed): void {
  for (const one of seed.buildings) {
    tenant.roomLists.put({ id: one.id, emailAddress: one.roomListAddress, displayName: one.name, address: one.city })
  }
}

function plantRoom(tenant: Tenant, seed: Seed, one: z.infer<typeof room>): void {
  const house = seed.buildings.find((candidate) => candidate.key === one.building)
  const account = { id: one.id, userPrincipalName: one.emailAddress, displayName: one.name, isTenantAdmin: false }
  // A room mailbox's account is disabled for sign-in.
  const user = userOf({ ...account, timeZone: house?.timeZone ?? 'UTC', homeTenantId: null }, 'room', null)
  tenant.users.put({ ...user, enabled: false })
  const { placesDelayMs } = tenant.switches
  tenant.rooms.put({
    id: one.placeId,
    userId: one.id,
    emailAddress: one.emailAddress,
    displayName: one.name,
    roomListId: house?.id ?? null,
    building: house?.name ?? one.building,
    floorNumber: one.floor,
    floorLabel: one.floor === null ? null : String(one.floor),
    capacity: one.capacity,
    audioDeviceName: one.equipment.includes('Phone') ? 'Phone' : null,
    videoDeviceName: one.equipment.includes('Video conference') ? 'Video conference' : null,
    displayDeviceName: one.equipment.includes('Display') ? 'Display' : null,
    isWheelChairAccessible: true,
    tags: one.equipment,
    ...(placesDelayMs > 0 ? { listedAt: new Date(tenant.now().getTime() + placesDelayMs).toISOString() } : {}),
  })
  plantRoomPolicy(tenant, one)
  if (seed.serviceMailbox !== null) letServiceDelegate(tenant, one.id, seed.serviceMailbox.id)
}

function plantRoomPolicy(tenant: Tenant, one: z.infer<typeof room>): void {
  const approval = { allBookInPolicy: false, allRequestInPolicy: true, resourceDelegates: one.approvers }
  tenant.roomPolicies.put({ id: one.id, ...defaultRoomPolicy, ...(one.policy === 'approval' ? approval : {}) })
}

function letServiceDelegate(tenant: Tenant, roomId: string, serviceId: string): void {
  const role = 'delegateWithPrivateEventAccess'
  tenant.permissions.put({ id: `${roomId}:${serviceId}`, mailboxId: roomId, granteeId: serviceId, role })
}

function plantApp(tenant: Tenant, one: z.infer<typeof app>): void {
  tenant.apps.put({
    id: one.clientId,
    clientId: one.clientId,
    displayName: one.displayName,
    secrets: one.secret === null ? [] : [{ value: one.secret, expiresAt: null }],
    certificates: [],
    redirectUris: one.redirectUris,
    callbackPaths: one.callbacks,
    delegatedScopes: one.delegatedScopes,
    appRoles: one.appRoles,
    optionalIdTokenClaims: one.optionalIdTokenClaims,
    enabled: true,
  })
}
