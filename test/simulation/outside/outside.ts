import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { type Judge, judgeOf } from '../../../emulator/judge.ts'
import type { Seed } from '../../../emulator/seed.ts'
import { openTenant, type Tenant } from '../../../emulator/tenant.ts'
import { type TenantApp, tenantApp } from '../../../emulator/tenant-app.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import { apps, delegate, domain, people, stranger, tenantId } from '../world/cast.ts'
import type { Plan } from '../world/plan.ts'

/** The world outside: the local tenant in this process, at the simulation's time. */
export type Outside = {
  tenant: Tenant
  app: TenantApp
  judge: Judge
}

export type OutsideParts = {
  plan: Plan
  scheduler: Scheduler
  /** Where the tenant's notifications and handshakes go. */
  deliver: typeof globalThis.fetch
}

export function openOutside({ plan, scheduler, deliver }: OutsideParts): Outside {
  const chance = plan.random.fork('tenant')
  const tenant = openTenant({
    file: null,
    seed: seedOf(plan),
    realNow: () => scheduler.nowMs,
    random: () => chance.fraction(),
    timers: 'none',
    switches: plan.switches,
    signingKey: signingKey(),
    fetch: deliver,
    wait: (ms, signal) => scheduler.wait(null, ms, { label: 'tenant waits', ...(signal ? { signal } : {}) }),
  })
  for (const { id, profile } of plan.rooms) {
    const policy = tenant.roomPolicies.get(id)
    if (policy) tenant.roomPolicies.put({ ...policy, ...profile.policy })
  }
  const app = tenantApp(tenant)
  scheduler.addAlarm({ nextMs: () => tenant.clock.nextDueAt()?.getTime() ?? null, ring: () => tenant.clock.runDue() })
  return { tenant, app, judge: judgeOf(tenant) }
}

let key: JWK | undefined

/** Short, since it guards nothing: signing with a long one is what a token costs. */
function signingKey(): JWK {
  key ??= {
    ...(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' }) as JWK),
    alg: 'RS256',
    use: 'sig',
    kid: 'simulation',
  }
  return key
}

function seedOf(plan: Plan): Seed {
  const user = ({ id, name, email, timeZone }: (typeof people)[number]) => ({
    id,
    userPrincipalName: email,
    displayName: name,
    isTenantAdmin: false,
    timeZone,
    homeTenantId: null,
  })
  const buildings = [...new Map(plan.rooms.map(({ building }) => [building.id, building])).values()]
  return {
    tenant: { id: tenantId, displayName: 'Contoso', domain },
    password: 'Simulated-2026',
    people: [...people, stranger].map(user),
    serviceMailbox: user(delegate),
    buildings: buildings.map(({ id, name, timeZone }) => ({
      id,
      key: name,
      name,
      city: '',
      timeZone,
      roomListAddress: `${id}@${domain}`,
    })),
    rooms: plan.rooms.map(({ id, name, email, building }, index) => ({
      id,
      placeId: `${id.slice(0, -4)}ffff`.replace(/^.{8}/, `9999999${index}`),
      name,
      emailAddress: email,
      building: building.name,
      floor: 1,
      capacity: 8,
      equipment: [],
      policy: 'auto' as const,
      approvers: [],
    })),
    apps: [
      {
        clientId: apps.delegated,
        displayName: 'personal',
        secret: null,
        delegatedScopes: [],
        appRoles: [],
        callbacks: [],
        redirectUris: [],
        optionalIdTokenClaims: [],
      },
      {
        clientId: apps.application,
        displayName: 'application',
        secret: null,
        delegatedScopes: [],
        appRoles: [],
        callbacks: [],
        redirectUris: [],
        optionalIdTokenClaims: [],
      },
    ],
  }
}
