import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeService, type WholeService } from '../test/support/whole-service.ts'

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
