import { realSeams } from '#kit/seams.ts'
import type { SyncMode } from '#providers/contract.ts'
import { delegatedUser } from '../../test/support/founding-page.ts'
import type { Stage } from './stage.ts'

const name = 'Bench'

/** From now on these rooms are kept in step in this mode. */
export async function keepInStep({ db }: Stage, roomIds: readonly string[], mode: SyncMode): Promise<void> {
  const rule = { mode, delegated_user_email: mode === 'normal' ? null : delegatedUser }
  const known = await db.updateTable('calendar_providers').set(rule).where('name', '=', name).returning('id').execute()
  if (known.length > 0) return
  const provider_id = realSeams.newId()
  await db
    .insertInto('calendar_providers')
    .values({ id: provider_id, name, ...rule })
    .execute()
  const configurations = roomIds.map((room_id) => ({ id: realSeams.newId(), room_id, provider_id, active: true }))
  await db.insertInto('sync_configurations').values(configurations).execute()
}
