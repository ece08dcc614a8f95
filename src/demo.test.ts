import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveAlias } from '#connections/resolve.ts'
import type { Actor } from '#http/actor.ts'
import { deleteConfiguration, listConfigurations } from '#providers/sync-configuration.ts'
import { listRooms, updateRoom } from '#rooms/room-record.ts'
import { startConnectionsServer } from '../test/support/connections-server.ts'
import { startWholeService, type WholeService } from '../test/support/whole-service.ts'

import { type DemoDeps, plantDemo, readDemo } from './demo.ts'

let whole: WholeService
beforeAll(async () => {
  whole = await startWholeService()
})
afterAll(() => whole.close())

test('what the demo data set up is on nobody’s account in the trail', async () => {
  const entries = await whole.database.db
    .selectFrom('audit_entries')
    .select(['action', 'actor_name'])
    .where('action', 'like', 'connections.%')
    .execute()
  expect(entries.map(({ action }) => action).sort()).toEqual([
    'connections.update_credential',
    'connections.update_credential',
    'connections.update_oauth_app',
    'connections.update_oauth_app',
  ])
  expect(new Set(entries.map(({ actor_name }) => actor_name))).toEqual(new Set(['demo data']))
})

test('planting again changes nothing that somebody made of it: an edited room stays edited, a room taken out stays out', async () => {
  const server = await startConnectionsServer()
  const deps: DemoDeps = {
    ...server.deps,
    resolve: (aliasId, who) => resolveAlias(server.deps, aliasId, who),
    changed: async () => undefined,
    watchFacts: async () => new Map(),
    watchCounts: async () => ({ watching: 0, waiting: 0, held: 0 }),
  }
  const demo = readDemo(resolve(import.meta.dirname, '..'))
  await plantDemo(deps, demo)
  const one = { page: 1, pageSize: 1 }
  const [room] = (await listRooms(deps, one)).rows
  const [configuration] = (await listConfigurations(deps, one)).rows
  if (room === undefined || configuration === undefined) throw new Error('nothing was planted')
  await updateRoom(deps, room.id, { version: room.version, name: 'The den', mailbox: 'den@contoso.example' }, editor)
  await deleteConfiguration(deps, configuration.id, editor)
  const before = [(await listRooms(deps, one)).total, (await listConfigurations(deps, one)).total]
  await plantDemo(deps, demo)
  expect([(await listRooms(deps, one)).total, (await listConfigurations(deps, one)).total]).toEqual(before)
  expect((await listRooms(deps, { ...one, q: 'The den' })).rows[0]).toMatchObject({ mailbox: 'den@contoso.example' })
  await server.close()
})

const somebody: Actor = {
  userId: '00000000-0000-4000-8000-000000000001',
  displayName: 'Ada Okafor',
  email: 'ada.admin@contoso.example',
  roles: new Set(['admin']),
  microsoft: null,
  via: 'session',
  sessionId: null,
}
const editor = { actor: somebody, requestId: 'test' }
