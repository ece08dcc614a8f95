import { randomUUID } from 'node:crypto'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'
import { readDemoSeed } from '../../emulator/seed.ts'
import { Person } from '../../test/support/person.ts'
import { keepInStep } from './keep-in-step.ts'
import type { Stage } from './stage.ts'

/**
 * So many more rooms than the demo has, known to the tenant, and kept in step here. They accept what is free, as quickly as the demo's.
 * @returns their ids
 */
export async function plantRooms(stage: Stage, count: number): Promise<string[]> {
  const { tenant, db } = stage
  const rooms = Array.from({ length: count }, (_, n) => {
    const name = `Bench ${n + 1}`
    return { name, emailAddress: `bench-${n + 1}@contoso.example`, floor: 1, capacity: 8, equipment: [] }
  })
  const { serviceMailbox } = readDemoSeed()
  const known = rooms.map((room) => ({ ...room, id: randomUUID(), placeId: randomUUID(), building: 'bench' }))
  const attended = known.map((room) => ({ ...room, policy: 'auto' as const, approvers: [] }))
  await tenant.plant({ rooms: attended, serviceMailbox })
  const building = { id: randomUUID(), name: 'Bench', city: 'Berlin', timeZone: 'Europe/Berlin' }
  const buildingId = await ensureBuilding(db, building)
  const ids: string[] = []
  for (const { emailAddress, ...room } of rooms) {
    const place = { id: randomUUID(), mailbox: emailAddress, buildingId, needsApproval: false }
    ids.push(await ensureRoom(db, { ...room, ...place }))
  }
  await keepInStep(stage, buildingId)
  return ids
}

/** So many people beside the demo's, each with a mailbox, signed in, with their own permission given. */
export async function signInPeople({ tenant, origin }: Stage, count: number): Promise<Person[]> {
  const upns = Array.from({ length: count }, (_, n) => `person-${n + 1}@contoso.example`)
  const people = upns.map((userPrincipalName, n) => ({
    id: randomUUID(),
    userPrincipalName,
    displayName: `Person ${n + 1}`,
    isTenantAdmin: false,
    timeZone: 'Europe/Berlin',
    homeTenantId: null,
  }))
  await tenant.plant({ people })
  const signedIn: Person[] = []
  for (const upn of upns) {
    const person = await Person.signIn(origin, upn)
    await person.authorise()
    signedIn.push(person)
  }
  return signedIn
}
