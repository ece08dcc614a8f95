import { readAlias } from '#connections/alias.ts'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { descendsFrom } from '#connections/descends-from.ts'
import { Refusal } from '#kit/refusal.ts'
import { delegatedAlias, personalAlias } from '#providers/acting.ts'
import type { CalendarProvider } from '#providers/calendar-provider.contract.ts'
import { listProviders, readProvider } from '#providers/calendar-provider.ts'
import type { ConfiguringDeps } from '#providers/deps.ts'
import { listConfigurations } from '#providers/sync-configuration.ts'
import { listRooms } from '#rooms/room-record.ts'

/** Nobody has more calendar providers than this, and one scan looks at no more. */
const providersMax = 200

/** A user id that nobody has: what everybody would be told who has given no permission yet. */
const nobody = '00000000-0000-4000-8000-000000000000'

export type ScannedProvider = Omit<CalendarProvider, 'overrideAlias'> & {
  overrideAlias: { aliasId: string; descends: boolean } | null
}

/** What the scan judges: records and what whoever watches rooms says. No call leaves the house for it. */
export type ScanFacts = {
  providers: ScannedProvider[]
  /** Of every alias that calendars are reached through. */
  connections: { id: string; name: string; active: boolean; url: string | null; aliasId: string }[]
  rooms: { inUse: number; active: number }
  noRequestCount: number
  /** Why nobody could use the personal alias, apart from signing in. */
  personalRefusal: string | null
  today: string
}

export type ScanDeps = ConnectionsDeps & ConfiguringDeps

export async function readScanFacts(deps: ScanDeps): Promise<ScanFacts> {
  const providers = await readProviders(deps)
  const aliasIds = new Set([personalAlias, ...providers.map(({ alias }) => alias.aliasId)])
  const one = { page: 1, pageSize: 1 }
  const personal = await deps.resolve(personalAlias, { userId: nobody })
  return {
    providers,
    connections: (await Promise.all([...aliasIds].map((aliasId) => readConnections(deps, aliasId)))).flat(),
    rooms: {
      inUse: (await listRooms(deps, { ...one, active: true })).total,
      active: (await listConfigurations(deps, { ...one, active: true })).total,
    },
    noRequestCount: (await listConfigurations(deps, { ...one, noRequest: true, active: true })).total,
    personalRefusal: personal.is === 'refused' ? personal.say : null,
    today: deps.seams.now().toISOString().slice(0, 10),
  }
}

async function readProviders(deps: ScanDeps): Promise<ScannedProvider[]> {
  const { rows } = await listProviders(deps, { page: 1, pageSize: providersMax })
  return Promise.all(
    rows.map(async ({ id }) => {
      const { overrideAlias, ...provider } = await readProvider(deps, id)
      if (overrideAlias === null) return { ...provider, overrideAlias }
      const descends = await unlessMissing(() => descendsFrom(deps.db, overrideAlias.id, delegatedAlias))
      return { ...provider, overrideAlias: { aliasId: overrideAlias.aliasId, descends: descends ?? false } }
    }),
  )
}

async function readConnections(deps: ScanDeps, aliasId: string): Promise<ScanFacts['connections']> {
  const alias = await unlessMissing(() => readAlias(deps.db, aliasId))
  const connections = alias?.connections ?? []
  return connections.map(({ id, name, active, connectionUrl }) => ({
    id,
    name,
    active,
    url: connectionUrl.value,
    aliasId,
  }))
}

/** What a record that is not there would have said: null. */
export async function unlessMissing<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 404) return null
    throw problem
  }
}
