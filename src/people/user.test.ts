import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import { actorFrom } from './authenticate.ts'
import type { UserRow } from './contract.ts'
import { ensurePerson } from './known-people.ts'
import { changeUser } from './user.ts'
import { findUser, type UserRecord } from './user-queries.ts'

let server: PeopleServer
let admin: TestBrowser
let adminId = ''

beforeAll(async () => {
  server = await startPeopleServer()
  admin = await firstAdministrator(server)
  adminId = (await admin.me()).person?.id ?? ''
})
afterAll(() => server.close())

async function row(id: string): Promise<UserRow> {
  const { rows } = (await (await admin.send('GET', '/api/people/users')).json()) as { rows: UserRow[] }
  return rows.find((user) => user.id === id) ?? expect.fail(`no user ${id}`)
}

async function readUser(id: string): Promise<UserRecord> {
  return (await findUser(server.deps.db, id)) ?? expect.fail(`no user ${id}`)
}

async function change(id: string, body: object, by = admin): Promise<Response> {
  return by.send('PATCH', `/api/people/users/${id}`, { body: { version: (await row(id)).version, ...body } })
}

test('roles change, with a new version and an audit entry', async () => {
  const id = await knownPerson(server, 'Carla Rossi')
  const answer = await change(id, { roles: ['approver', 'employee'] })
  expect(await answer.json()).toMatchObject({ roles: ['approver', 'employee'], version: 2 })
  const entries = await server.deps.db.selectFrom('audit_entries').selectAll().where('subject_id', '=', id).execute()
  expect(entries.map((entry) => entry.action)).toEqual(['people.user_created', 'people.user_changed'])
})

test('the last administrator stays, and of two who remove each other one stays', async () => {
  const refused = [await change(adminId, { roles: ['employee'] }), await change(adminId, { active: false })]
  for (const answer of refused) {
    expect([answer.status, await problemCode(answer)]).toEqual([409, 'people.last_admin'])
  }
  const otherId = await knownPerson(server, 'Ada Okafor', ['admin'])
  const actor = actorFrom(await readUser(adminId), 'session', null)
  const off = (id: string) =>
    changeUser(server.deps, actor, { id, change: { active: false, version: 1 }, requestId: 'race' })
  const outcomes = await Promise.allSettled([off(adminId), off(otherId)])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  await server.deps.db.updateTable('users').set({ active: true }).where('id', '=', adminId).execute()
  await admin.signInWithPassword('root@contoso.example')
})

test('a change of roles or of being active ends that person’s sessions', async () => {
  await knownPerson(server, 'Second Admin', ['admin'])
  const browser = new TestBrowser(server)
  await browser.signInWithPassword('root@contoso.example')
  const answer = await change(adminId, { roles: ['admin', 'approver'] }, browser)
  expect(answer.status).toBe(200)
  expect((await browser.send('GET', '/api/people/directory')).status).toBe(401)
  expect((await admin.send('GET', '/api/people/directory')).status).toBe(401)
  await admin.signInWithPassword('root@contoso.example')
})

test('a version that is not today’s names who changed it, and shows the current values', async () => {
  const id = await knownPerson(server, 'David Stone')
  expect((await change(id, { roles: ['credential_admin'] })).status).toBe(200)
  const answer = await change(id, { roles: ['admin'], version: 1 })
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({
    code: 'people.changed_by_someone_else',
    facts: { current: { roles: ['credential_admin'], version: 2 }, updatedBy: 'Root', updatedAt: expect.any(String) },
  })
})

test('there is no such user', async () => {
  const answer = await admin.send('PATCH', `/api/people/users/${crypto.randomUUID()}`, { body: { version: 1 } })
  expect([answer.status, await problemCode(answer)]).toEqual([404, 'people.user_not_found'])
})

test('users are searched, sorted and paged', async () => {
  await knownPerson(server, 'Emma Larsen')
  await knownPerson(server, 'Emil Larsson')
  const page = await (await admin.send('GET', '/api/people/users?q=lars&sort=-displayName&pageSize=1')).json()
  expect(page).toMatchObject({
    total: 2,
    page: 1,
    pageSize: 1,
    rows: [{ displayName: 'Emma Larsen', kind: 'microsoft' }],
  })
  const refused = await admin.send('GET', '/api/people/users?sort=passwordHash')
  expect(await refused.json()).toMatchObject({ code: 'http.invalid_input', fields: { sort: expect.any(String) } })
})

test('the directory finds by the start of a word or address, and takes no patterns', async () => {
  await knownPerson(server, 'Grace Kim')
  const found = async (q: string) => {
    const answer = await admin.send('GET', `/api/people/directory?q=${encodeURIComponent(q)}`)
    return ((await answer.json()) as { people: { displayName: string }[] }).people.map((one) => one.displayName)
  }
  expect(await found('gra')).toEqual(['Grace Kim'])
  expect(await found('KIM')).toEqual(['Grace Kim'])
  expect(await found('grace.kim@')).toEqual(['Grace Kim'])
  expect(await found('rac')).toEqual([])
  expect(await found('%')).toEqual([])
  expect(await found('_race')).toEqual([])
})

test('knowing a person again takes nothing away, and keeps name and address fresh', async () => {
  const person = {
    tenantId: 't',
    objectId: 'o',
    email: 'x@contoso.example',
    displayName: 'X',
    timeZone: 'Europe/Berlin',
  }
  const first = await ensurePerson(server.deps, { ...person, roles: ['approver'] })
  const again = await ensurePerson(server.deps, { ...person, displayName: 'Y', roles: ['employee'], timeZone: null })
  expect([first.created, again.created, again.user.id]).toEqual([true, false, first.user.id])
  expect(await row(first.user.id)).toMatchObject({
    displayName: 'Y',
    roles: ['approver', 'employee'],
    timeZone: 'Europe/Berlin',
  })
})

test('a person who arrives five times at once is one person', async () => {
  const person = { tenantId: 't', objectId: 'o5', email: 'five@contoso.example', displayName: 'Five', timeZone: null }
  const arrivals = Array.from({ length: 5 }, () => ensurePerson(server.deps, { ...person, roles: ['employee'] }))
  const known = await Promise.all(arrivals)
  expect(known.filter(({ created }) => created)).toHaveLength(1)
  expect(new Set(known.map(({ user }) => user.id)).size).toBe(1)
  expect(known.map(({ user }) => user.roles)).toEqual(Array.from({ length: 5 }, () => ['employee']))
})

test('my time zone is mine to change, to one that exists', async () => {
  const set = (timeZone: string) => admin.send('PATCH', '/api/people/me', { body: { timeZone } })
  expect(await (await set('America/New_York')).json()).toMatchObject({ timeZone: 'America/New_York' })
  for (const wrong of ['Mars/Olympus', '+01:00', '']) expect((await set(wrong)).status).toBe(400)
})
