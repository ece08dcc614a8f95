import type { Database } from '#db/database.ts'
import { insertMicrosoftUser } from '#people/user-queries.ts'
import { ensureBuilding, ensureRoom } from '#rooms/room.ts'
import { delegate, idOf, type Person, people, tenantId } from './cast.ts'
import type { Plan } from './plan.ts'

/** Ids of people in Anteroom, which are not those they have at Microsoft. */
export const users: ReadonlyMap<string, Person> = new Map(people.map((person, index) => [idOf('2', index), person]))

/** Puts people, rooms, providers and configurations where the service will find them. */
export async function plantScenery(db: Database, plan: Plan): Promise<void> {
  const now = new Date(plan.startMs)
  for (const [id, person] of users) {
    const identity = { tenant_id: tenantId, object_id: person.id, email: person.email, display_name: person.name }
    await insertMicrosoftUser(db, { id, ...identity, password_hash: null, time_zone: person.timeZone, now })
  }
  for (const room of plan.rooms) {
    const { id, name, timeZone } = room.building
    const buildingId = await ensureBuilding(db, { id, name, city: '', timeZone })
    const needsApproval = (room.profile.policy.resourceDelegates ?? []).length > 0
    const more = { floor: 1, capacity: 8, equipment: [], needsApproval }
    await ensureRoom(db, { id: room.id, name: room.name, mailbox: room.email, buildingId, ...more })
    if (room.profile.ownApproval)
      await db.updateTable('rooms').set({ own_approval: true }).where('id', '=', room.id).execute()
  }
  await plantConfiguration(db, plan)
}

async function plantConfiguration(db: Database, plan: Plan): Promise<void> {
  await db
    .insertInto('properties')
    .values({ name: 'sync.mode', value: JSON.stringify(plan.mode) })
    .execute()
  if (plan.expiresAfterMinutes !== null)
    await db
      .insertInto('properties')
      .values({ name: 'sync.unconfirmed_minutes', value: JSON.stringify(plan.expiresAfterMinutes) })
      .execute()
  for (const { id, name, mode } of plan.providers) {
    const delegated = (mode ?? plan.mode) === 'normal' ? null : delegate.email
    await db.insertInto('calendar_providers').values({ id, name, mode, delegated_user_email: delegated }).execute()
  }
  for (const room of plan.rooms) {
    const provider = plan.providers[room.provider]
    const id = configurationIdOf(plan, room.id)
    if (provider) {
      await db
        .insertInto('sync_configurations')
        .values({ id, room_id: room.id, provider_id: provider.id, active: true })
        .execute()
    }
  }
}

/** The sync configuration of a room. */
export function configurationIdOf({ rooms }: Plan, roomId: string): string {
  return idOf(
    '8',
    rooms.findIndex(({ id }) => id === roomId),
  )
}
