import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { updateCredential } from '#connections/credential.contract.ts'
import { listEntityProfiles } from '#connections/oauth-app.contract.ts'
import type { LedgerEntry } from '../../emulator/model.ts'
import { credentialNamed, delegatedUser, followFoundingPage, getToken } from '../../test/support/founding-page.ts'
import { Person } from '../../test/support/person.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import {
  listCalendarProviders,
  probeCalendarProvider,
  readCalendarProvider,
  updateCalendarProvider,
} from './calendar-provider.contract.ts'
import { mergeCapabilities } from './capability.ts'
import { setProperty } from './property.contract.ts'
import { listSyncConfigurations, probeSyncConfiguration } from './sync-configuration.contract.ts'

const mercury = 'mercury@contoso.example'

let whole: WholeService
let ada: Person
let configurationId: string
let providerId: string
let seenBefore = 0

beforeAll(async () => {
  // Without workers nobody else calls: what the ledger holds is the test's own.
  whole = await startWholeService({ ANTEROOM_ROLE: 'web' })
  ada = await Person.signIn(whole.origin, 'ada.admin@contoso.example')
  const { rows } = await ada.call(listSyncConfigurations, { query: { q: 'Mercury' } })
  configurationId = rows[0]?.id ?? ''
  providerId = rows[0]?.provider.id ?? ''
})
beforeEach(() => {
  seenBefore = whole.tenant.ledger().at(-1)?.id ?? 0
})
afterEach(() => {
  for (const { id } of whole.tenant.tenant.faults.list()) whole.tenant.tenant.faults.delete(id)
})
afterAll(() => whole.close())

const probe = () => ada.call(probeSyncConfiguration, { params: { id: configurationId }, body: {} })
const calls = (): LedgerEntry[] => whole.tenant.ledger(seenBefore).filter(({ path }) => path.startsWith('/v1.0/'))
const setMode = (value: string) => ada.call(setProperty, { params: { name: 'sync.mode' }, body: { value } })
const allow = (role: string) =>
  whole.tenant.control('PUT', `/mailboxes/${mercury}/permissions/${delegatedUser}`, { role })
const answerWith = (match: string, status: number, body: object) =>
  whole.tenant.control('POST', '/faults', { match, times: 9, status, body })

test('without a token nobody calls anybody, and the answer says which button to press', async () => {
  const found = await probe()
  expect(found).toMatchObject({ method: null, watcher: null })
  for (const capability of [found.capabilities.read, found.capabilities.write])
    expect(capability).toMatchObject({ ok: false, code: 'connections.profile_missing' })
  expect(found.capabilities.delta).toMatchObject({ ok: null, code: 'not_tried' })
  expect(calls()).toEqual([])
})

test('a delegated mailbox reads the room and may organise; changes cannot be followed by it, so windows are compared', async () => {
  await followFoundingPage(ada)
  seenBefore = whole.tenant.ledger().at(-1)?.id ?? 0
  const { capabilities, method, watcher } = await probe()
  expect({ method, watcher }).toEqual({ method: 'windows', watcher: delegatedUser })
  expect(capabilities.read).toMatchObject({ ok: true, code: 'works' })
  expect(capabilities.write).toMatchObject({ ok: true, say: expect.stringContaining('nothing was changed') })
  expect(capabilities.delta).toMatchObject({ ok: false, code: 'needs_application' })
  expect(capabilities.subscribe).toMatchObject({ ok: null, code: 'not_tried' })
  expect(calls().map(({ method, path, accountName }) => [method, path.split('?')[0], accountName])).toEqual([
    ['GET', `/v1.0/users/${encodeURIComponent(mercury)}/calendarView`, delegatedUser],
    ['PATCH', '/v1.0/me/events/AAMkAnothing', delegatedUser],
  ])
  expect(whole.tenant.tenant.events.list()).toEqual([])
  const { acting } = await ada.call(readCalendarProvider, { params: { id: providerId } })
  expect(acting).toMatchObject({ ok: true, identity: delegatedUser, code: 'ready' })
})

test('a delegation that is not there yet is told from a mailbox that does not exist', async () => {
  await allow('freeBusyRead')
  const { capabilities, method } = await probe()
  expect(method).toBeNull()
  expect(capabilities.read).toMatchObject({ ok: false, code: 'permission_pending' })
  expect(capabilities.read.say).toMatch(
    /24 to 48 hours.*Add-MailboxFolderPermission -Identity mercury@contoso\.example/,
  )
  await allow('delegateWithPrivateEventAccess')
  expect((await probe()).method).toBe('windows')
  await answerWith(`GET /v1.0/users/*/calendarView*`, 404, { error: { code: 'ErrorInvalidUser', message: 'No.' } })
  expect((await probe()).capabilities.read).toMatchObject({ ok: false, code: 'mailbox_not_found' })
})

test('an answer that says nothing about permissions leaves the question open', async () => {
  await answerWith(`GET /v1.0/users/*/calendarView*`, 503, {})
  expect((await probe()).capabilities.read).toMatchObject({ ok: null, code: 'no_answer' })
})

test('another account than the provider names is refused before anything is called, with both names', async () => {
  const { version } = await ada.call(readCalendarProvider, { params: { id: providerId } })
  const set = (delegatedUserEmail: string, read: number) =>
    ada.call(updateCalendarProvider, { params: { id: providerId }, body: { delegatedUserEmail, version: read } })
  await set('other@contoso.example', version)
  seenBefore = whole.tenant.ledger().at(-1)?.id ?? 0
  const { capabilities } = await probe()
  expect(capabilities.write).toMatchObject({ ok: false, code: 'providers.wrong_delegated_user' })
  expect(capabilities.write.say).toMatch(/belongs to rooms@contoso\.example.*expects other@contoso\.example/)
  expect(calls()).toEqual([])
  await set(delegatedUser, version + 1)
})

test('in normal mode a delegated token is of the wrong kind; the application reads, follows changes and may write', async () => {
  await setMode('normal')
  expect((await probe()).capabilities.write).toMatchObject({ ok: false, code: 'providers.wrong_grant' })
  const { rows } = await ada.call(listEntityProfiles, { query: { q: 'clientCredentials default_profile' } })
  const { id, version } = await credentialNamed(ada, 'Ms Graph 2')
  const body = { oauthEntityProfileId: rows[0]?.id ?? null, expectedAccount: null, version }
  await ada.call(updateCredential, { params: { id }, body })
  await getToken(ada, 'Ms Graph 2', delegatedUser)
  await answerWith('GET /v1.0/users/*/calendarView/delta*', 200, { value: [] })
  seenBefore = whole.tenant.ledger().at(-1)?.id ?? 0
  const { capabilities, method, watcher } = await probe()
  expect({ method, watcher }).toEqual({ method: 'delta', watcher: 'the application' })
  expect(capabilities).toMatchObject({ read: { ok: true }, delta: { ok: true }, write: { ok: true } })
  expect(calls().map(({ tokenKind }) => tokenKind)).not.toContain('delegated')
})

test('personal mode watches with the application’s permission where it is given, and acts as the delegated mailbox', async () => {
  await setMode('personal')
  await answerWith('GET /v1.0/users/*/calendarView/delta*', 200, { value: [] })
  expect(await probe()).toMatchObject({ method: 'delta', watcher: 'the application' })
  const writes = calls().filter(({ method }) => method === 'PATCH')
  expect(writes.map(({ accountName }) => accountName)).toEqual([delegatedUser])
})

test('an application that a policy keeps away says so, and the delegated mailbox watches instead', async () => {
  const message = 'Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.'
  await whole.tenant.control('POST', '/faults', {
    match: 'GET /v1.0/users/*/calendarView*',
    times: 1,
    status: 403,
    body: { error: { code: 'ErrorAccessDenied', message } },
  })
  const { capabilities, method, watcher } = await probe()
  expect({ method, watcher }).toEqual({ method: 'windows', watcher: delegatedUser })
  expect(capabilities.read.ok).toBe(true)
  expect(capabilities.delta).toMatchObject({ ok: false, code: 'policy_denies' })
})

test('a provider is tested with one of its rooms', async () => {
  const { room, found } = await ada.call(probeCalendarProvider, { params: { id: providerId }, body: {} })
  expect(room?.name).toBe('Bleecker')
  expect(found?.capabilities.read.ok).toBe(true)
  const { rows } = await ada.call(listCalendarProviders)
  expect(rows[0]?.acting.ok).toBe(true)
})

test('what was found out stays known when a later try leaves it open', () => {
  const at = '2027-01-01T00:00:00.000Z'
  const refused = { ok: false, code: 'subscribe_refused', say: 'No.', at }
  const open = { ok: null, code: 'not_tried', say: 'Not tried.', at }
  const works = { ok: true, code: 'works', say: 'Works.', at }
  expect(mergeCapabilities({ subscribe: refused }, { subscribe: open, read: works })).toEqual({
    subscribe: refused,
    read: works,
  })
  expect(mergeCapabilities({ subscribe: refused }, { subscribe: works })).toEqual({ subscribe: works })
  expect(mergeCapabilities({}, { subscribe: open })).toEqual({ subscribe: open })
})
