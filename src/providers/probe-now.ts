import { selectProviderRow } from './calendar-provider-queries.ts'
import type { ProbeAnswer } from './contract.ts'
import type { ConfiguringDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type Probed, probeRoom } from './probe.ts'
import { readProperty } from './property.ts'
import { providerOf } from './room-sync.ts'
import { type ConfiguredRoom, selectConfiguredRoom, selectRoomsOfProvider } from './sync-configuration-queries.ts'

/** Test again: one room, by live calls, while somebody waits. @throws `providers.configuration_not_found` */
export async function probeConfiguration(deps: ConfiguringDeps, id: string): Promise<ProbeAnswer> {
  const room = await selectConfiguredRoom(deps.db, id)
  if (room === undefined) throw refused('providers.configuration_not_found')
  return answerOf(await probeOne(deps, room))
}

/** Test again: what the provider can do with one of its rooms, an active one if there is any. @throws `providers.provider_not_found` */
export async function probeProvider(
  deps: ConfiguringDeps,
  id: string,
): Promise<{ room: { id: string; name: string } | null; found: ProbeAnswer | null; say: string }> {
  if ((await selectProviderRow(deps.db, id)) === undefined) throw refused('providers.provider_not_found')
  const [room] = await selectRoomsOfProvider(deps.db, id, 1)
  if (room === undefined) {
    const say = 'No room uses this provider yet. Create a reservable sync configuration for one, then test.'
    return { room: null, found: null, say }
  }
  const found = answerOf(await probeOne(deps, room))
  const say = `Tested with ${room.room_name}. Each room is also tested by itself when it is watched.`
  return { room: { id: room.room_id, name: room.room_name }, found, say }
}

async function probeOne(
  deps: ConfiguringDeps,
  { room_id, room_name, mailbox, provider_id }: ConfiguredRoom,
): Promise<Probed> {
  const row = await selectProviderRow(deps.db, provider_id)
  if (row === undefined) throw refused('providers.provider_not_found')
  const provider = providerOf(row, await readProperty(deps.db, 'sync.mode'))
  const probed = await probeRoom(deps, provider, { name: room_name, mailbox }, 'interactive')
  // Whoever watches the room tries it as well, and keeps what comes of it: a permission that came meanwhile is used at once.
  await deps.changed([room_id])
  return probed
}

function answerOf({ capabilities, method, watcher }: Probed): ProbeAnswer {
  return { capabilities, method, watcher: watcher?.identity ?? null }
}
