import { listCalendarProviders } from '#providers/calendar-provider.contract.ts'
import { activateSyncConfigurations, createForBuilding } from '#providers/sync-configuration.contract.ts'
import type { Stage } from './stage.ts'

/** All rooms of a building are kept in step from now on, by the demo's calendar provider. Its mode is the property's. */
export async function keepInStep({ admin }: Stage, buildingId: string): Promise<void> {
  const { rows } = await admin.call(listCalendarProviders)
  const [provider] = rows
  if (provider === undefined) throw new Error('The demo has no calendar provider.')
  const made = await admin.call(createForBuilding, { body: { buildingId, providerId: provider.id } })
  const ids = made.outcomes.map(({ id }) => id)
  const { outcomes } = await admin.call(activateSyncConfigurations, { body: { ids } })
  const refusals = outcomes.filter(({ ok }) => !ok)
  if (refusals.length > 0) throw new Error(`Rooms are not kept in step: ${JSON.stringify(refusals)}`)
}
