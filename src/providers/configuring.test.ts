import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAlias, deleteAlias, listAliases, readAlias } from '#connections/alias.contract.ts'
import { createRoom, listBuildingRecords, listRoomRecords } from '#rooms/room-record.contract.ts'
import { Person } from '../../test/support/person.ts'
import { refusalOf } from '../../test/support/refusal-of.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import {
  createCalendarProvider,
  deleteCalendarProvider,
  listCalendarProviders,
  readCalendarProvider,
  updateCalendarProvider,
} from './calendar-provider.contract.ts'
import { listProperties, setProperty } from './property.contract.ts'
import { readProperty } from './property.ts'
import { findRoomSync, findRoomSyncs } from './room-sync.ts'
import {
  activateSyncConfigurations,
  createForBuilding,
  createSyncConfiguration,
  deactivateSyncConfigurations,
  deleteSyncConfiguration,
  listSyncConfigurations,
  updateSyncConfiguration,
} from './sync-configuration.contract.ts'

const providersPath = '/api/providers/calendar-providers'
const configurationsPath = '/api/providers/sync-configurations'

let whole: WholeService
let ada: Person
beforeAll(async () => {
  whole = await startWholeService()
  ada = await Person.signIn(whole.origin, 'ada.admin@contoso.example')
})
afterAll(() => whole.close())

const shippedProvider = async () => {
  const [row] = (await ada.call(listCalendarProviders)).rows
  if (row === undefined) throw new Error('the demo data has no provider')
  return row
}
const actionsOf = async (like: string) => {
  const query = whole.database.db.selectFrom('audit_entries').selectAll().where('action', 'like', like)
  return query.orderBy('seq').execute()
}

test('the demo data has one provider, and every room is kept in step by it', async () => {
  const provider = await shippedProvider()
  expect(provider).toMatchObject({
    name: 'Microsoft Exchange Online',
    mode: 'personal',
    ownMode: null,
    delegatedUserEmail: 'rooms@contoso.example',
    acting: { ok: false, code: 'connections.profile_missing' },
  })
  const rooms = await ada.call(listRoomRecords, { query: { pageSize: 200 } })
  expect(provider).toMatchObject({ roomCount: rooms.total, activeRoomCount: rooms.total })
  const syncs = await findRoomSyncs(whole.database.db, 'all')
  expect([...syncs.values()].every(({ active }) => active)).toBe(true)
})

describe('properties', () => {
  test('say what they are, take only what fits, and leave an entry for each change', async () => {
    const { properties } = await ada.call(listProperties)
    expect(properties.map(({ name, value }) => [name, value])).toEqual([
      ['sync.mode', 'personal'],
      ['sync.unconfirmed_minutes', 360],
      ['sync.horizon_days', 190],
      ['sync.safety_poll_healthy_seconds', 300],
      ['sync.safety_poll_unproven_seconds', 60],
      ['sync.use_persons_time_zone', false],
    ])
    const params = { name: 'sync.horizon_days' }
    const set = await ada.call(setProperty, { params, body: { value: 30, version: 0 } })
    expect(set).toMatchObject({ value: 30, shipped: 190, isSet: true, version: 1, updatedBy: 'Ada Okafor' })
    expect(await readProperty(whole.database.db, 'sync.horizon_days')).toBe(30)
    const path = '/api/providers/properties/sync.horizon_days'
    expect(await refusalOf(await ada.send('PUT', path, { value: 0 }))).toMatchObject({
      code: 'providers.property_refused',
      fields: { value: 'Enter a whole number of days from 1 to 1080.' },
    })
    expect((await refusalOf(await ada.send('PUT', path, { value: '30' }))).status).toBe(422)
    expect(await refusalOf(await ada.send('PUT', path, { value: 31, version: 0 }))).toMatchObject({
      code: 'providers.changed_by_someone_else',
      facts: { current: 1, updatedBy: 'Ada Okafor' },
    })
    await ada.call(setProperty, { params, body: { value: null, version: 1 } })
    expect(await readProperty(whole.database.db, 'sync.horizon_days')).toBe(190)
    const entries = await actionsOf('providers.set_property')
    expect(entries.map(({ details }) => details)).toEqual([
      { from: 190, to: 30 },
      { from: 30, to: 190 },
    ])
    expect((await ada.send('PUT', '/api/providers/properties/sync.nothing', { value: 1 })).status).toBe(404)
  })

  test('normal mode forgets nothing: back in personal mode the delegated user is there again', async () => {
    const { db } = whole.database
    const set = (value: string) => ada.call(setProperty, { params: { name: 'sync.mode' }, body: { value } })
    await set('normal')
    const [roomId = ''] = (await findRoomSyncs(db, 'all')).keys()
    expect((await findRoomSync(db, roomId))?.provider).toMatchObject({ mode: 'normal', delegatedUserEmail: null })
    expect(await shippedProvider()).toMatchObject({ mode: 'normal', delegatedUserEmail: null })
    await set('personal')
    expect((await shippedProvider()).delegatedUserEmail).toBe('rooms@contoso.example')
  })

  test('a mode in which nobody could act for a provider is refused with its name', async () => {
    const set = (value: string) => ada.send('PUT', '/api/providers/properties/sync.mode', { value })
    expect((await set('normal')).status).toBe(200)
    const { id, name } = await ada.call(createCalendarProvider, { body: { name: 'East wing' } })
    const refusal = await refusalOf(await set('strict'))
    expect(refusal).toMatchObject({ code: 'providers.delegated_user_missing', facts: { providers: [{ id, name }] } })
    expect(refusal.detail).toContain('East wing')
    await ada.call(deleteCalendarProvider, { params: { id } })
    expect((await set('personal')).status).toBe(200)
  })
})

describe('calendar providers', () => {
  test('a delegated user is required where one acts, and refused where none does', async () => {
    const missing = await refusalOf(await ada.send('POST', providersPath, { name: 'Nobody', mode: 'strict' }))
    expect(missing).toMatchObject({
      code: 'providers.delegated_user_missing',
      fields: { delegatedUserEmail: expect.stringContaining('Enter its e-mail address') },
    })
    const body = { name: 'Nobody', mode: 'normal', delegatedUserEmail: 'rooms@contoso.example' }
    expect((await refusalOf(await ada.send('POST', providersPath, body))).code).toBe(
      'providers.delegated_user_not_used',
    )
  })

  test('names are unique whatever their capitals, and synchronization ends after it starts', async () => {
    const delegatedUserEmail = 'rooms@contoso.example'
    const twice = { name: 'MICROSOFT exchange online', delegatedUserEmail }
    expect(await refusalOf(await ada.send('POST', providersPath, twice))).toMatchObject({
      code: 'providers.provider_exists',
      fields: { name: expect.any(String) },
    })
    const dates = { name: 'Short', delegatedUserEmail, syncStartsOn: '2027-01-02', syncEndsOn: '2027-01-02' }
    expect((await refusalOf(await ada.send('POST', providersPath, dates))).fields).toHaveProperty('syncEndsOn')
  })

  test('an alias of its own descends from the default one, and is then in use', async () => {
    const { rows } = await ada.call(listAliases, { query: { q: 'Microsoft_Exchange_Online' } })
    const parent = rows.find(({ name }) => name === 'Microsoft_Exchange_Online')
    if (parent === undefined) throw new Error('the shipped alias is missing')
    const applicationScopeId = parent.applicationScope.id
    const make = (name: string, parentId: string | null) =>
      ada.call(createAlias, { body: { name, applicationScopeId, parentId, type: 'connection_and_credential' } })
    const [child, stranger] = [await make('East_wing', parent.id), await make('Elsewhere', null)]
    const delegatedUserEmail = 'rooms@contoso.example'
    const body = (overrideAliasId: string) => ({ name: 'East wing', delegatedUserEmail, overrideAliasId })
    expect(await refusalOf(await ada.send('POST', providersPath, body(stranger.id)))).toMatchObject({
      code: 'connections.alias_not_descendant',
      fields: { overrideAliasId: expect.any(String) },
    })
    expect((await ada.send('POST', providersPath, body(parent.id))).status).toBe(409)
    const made = await ada.call(createCalendarProvider, { body: body(child.id) })
    expect(made).toMatchObject({ overrideAlias: { name: 'East_wing' }, alias: { aliasId: child.aliasId } })
    const inUse = await refusalOf(await ada.send('DELETE', `/api/connections/aliases/${child.id}`))
    expect(inUse).toMatchObject({
      code: 'connections.alias_in_use',
      detail: expect.stringContaining('used by the calendar provider East wing'),
    })
    // Neither it, nor what it descends through, is moved from below the default.
    const between = await make('Wings', parent.id)
    const move = async (id: string, parentId: string | null) => {
      const { version } = await ada.call(readAlias, { params: { id } })
      return ada.send('PATCH', `/api/connections/aliases/${id}`, { version, parentId })
    }
    expect((await move(child.id, between.id)).status).toBe(200)
    for (const id of [child.id, between.id]) {
      expect(await refusalOf(await move(id, stranger.id))).toMatchObject({
        code: 'connections.alias_parent_refused',
        fields: { parentId: expect.stringContaining('the calendar provider East wing') },
      })
    }
    await ada.call(deleteCalendarProvider, { params: { id: made.id } })
    await ada.call(deleteAlias, { params: { id: child.id } })
  })

  test('one that keeps rooms in step is not deleted, and the refusal names them', async () => {
    const { id } = await shippedProvider()
    const refusal = await refusalOf(await ada.send('DELETE', `${providersPath}/${id}`))
    expect(refusal).toMatchObject({ code: 'providers.provider_in_use', detail: expect.stringContaining('Bowery') })
    expect(refusal.facts.rooms).toContainEqual({ id: expect.any(String), name: 'Mercury' })
  })

  test('an edit from an old reading is refused with who was quicker', async () => {
    const { id, version } = await shippedProvider()
    await ada.call(updateCalendarProvider, { params: { id }, body: { version, description: 'First' } })
    const late = await refusalOf(await ada.send('PATCH', `${providersPath}/${id}`, { version, description: 'Second' }))
    expect(late).toMatchObject({ code: 'providers.changed_by_someone_else', facts: { updatedBy: 'Ada Okafor' } })
    expect((await ada.call(readCalendarProvider, { params: { id } })).description).toBe('First')
  })
})

describe('reservable sync configurations', () => {
  const named = async (name: string) => {
    const { rows } = await ada.call(listSyncConfigurations, { query: { q: name } })
    const row = rows.find(({ room }) => room.name === name)
    if (row === undefined) throw new Error(`${name} has no configuration`)
    return row
  }

  test('an address that is not the room’s mailbox is refused with both; capitals do not matter', async () => {
    const { id, version } = await named('Venus')
    const other = await refusalOf(
      await ada.send('PATCH', `${configurationsPath}/${id}`, { version, email: 'mars@contoso.example' }),
    )
    expect(other.code).toBe('providers.email_differs')
    expect(other.fields.email).toMatch(/venus@contoso\.example, not mars@contoso\.example/)
    const same = { version, email: 'VENUS@contoso.example', noRequest: true }
    const changed = await ada.call(updateSyncConfiguration, { params: { id }, body: same })
    expect(changed).toMatchObject({ noRequest: true, room: { mailbox: 'venus@contoso.example' } })
  })

  test('many are deactivated and activated, each with its own outcome', async () => {
    const [venus, mars] = [await named('Venus'), await named('Mars')]
    const gone = '00000000-0000-4000-8000-000000000000'
    const ids = [venus.id, gone, mars.id]
    const off = await ada.call(deactivateSyncConfigurations, { body: { ids } })
    expect(off.outcomes.map(({ ok, code }) => [ok, code])).toEqual([
      [true, 'deactivated'],
      [false, 'providers.configuration_not_found'],
      [true, 'deactivated'],
    ])
    expect(await findRoomSync(whole.database.db, venus.room.id)).toBeNull()
    const provider = await shippedProvider()
    const setProvider = (active: boolean, version: number) =>
      ada.call(updateCalendarProvider, { params: { id: provider.id }, body: { active, version } })
    const inactive = await setProvider(false, provider.version)
    const refused = await ada.call(activateSyncConfigurations, { body: { ids: [venus.id] } })
    expect(refused.outcomes).toMatchObject([
      { ok: false, code: 'providers.provider_inactive', say: expect.stringContaining('Microsoft Exchange Online') },
    ])
    await setProvider(true, inactive.version)
    const on = await ada.call(activateSyncConfigurations, { body: { ids: [venus.id, mars.id, venus.id] } })
    expect(on.outcomes.map(({ code }) => code)).toEqual(['activated', 'activated', 'already_activated'])
    expect(await findRoomSync(whole.database.db, venus.room.id)).toMatchObject({ active: true, noRequest: true })
    expect((await actionsOf('providers.activate_sync_configuration')).at(-1)?.subject_name).toBe('Mars')
  })

  test('all rooms of a building at once; those that have a configuration keep theirs', async () => {
    const provider = await shippedProvider()
    const [building] = (await ada.call(listBuildingRecords, { query: { q: 'Spree' } })).rows
    if (building === undefined) throw new Error('the demo data has no Spree House')
    const room = { name: 'Pluto', mailbox: 'pluto@contoso.example', capacity: 2, buildingId: building.id }
    const pluto = await ada.call(createRoom, { body: room })
    const body = { buildingId: building.id, providerId: provider.id }
    const { outcomes } = await ada.call(createForBuilding, { body })
    expect(outcomes.filter(({ ok }) => ok).map(({ name }) => name)).toEqual(['Pluto'])
    expect(outcomes.length).toBeGreaterThan(1)
    expect(await named('Pluto')).toMatchObject({ active: false, keptInStep: false, watch: null })
    const again = { roomId: pluto.id, providerId: provider.id }
    expect((await refusalOf(await ada.send('POST', configurationsPath, again))).code).toBe(
      'providers.configuration_exists',
    )
    await ada.call(deleteSyncConfiguration, { params: { id: (await named('Pluto')).id } })
    const made = await ada.call(createSyncConfiguration, { body: { ...again, email: 'Pluto@contoso.example' } })
    expect(made).toMatchObject({ active: false, room: { name: 'Pluto', building: { name: building.name } } })
  })
})

test('other roles than rsvsync_admin look, and change nothing', async () => {
  const { id } = await whole.person('Only credentials', ['credential_admin'])
  const headers = { ...(await whole.session(id)), 'content-type': 'application/json' }
  expect((await fetch(`${whole.origin}${providersPath}`, { headers })).status).toBe(200)
  const write = { method: 'POST', headers, body: JSON.stringify({ name: 'Mine' }) }
  expect((await fetch(`${whole.origin}${providersPath}`, write)).status).toBe(403)
})
