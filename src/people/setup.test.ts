import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifyAudit } from '#audit/verify.ts'
import {
  adminPassword,
  firstAdministrator,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import { newSetupCode } from './setup.ts'

let server: PeopleServer
beforeEach(async () => {
  server = await startPeopleServer()
})
afterEach(() => server.close())

const setUp = (code: string, more: object = {}) =>
  new TestBrowser(server).send('POST', '/api/people/setup', {
    body: { code, email: 'root@contoso.example', displayName: 'Root', password: adminPassword, ...more },
  })

async function newCode(): Promise<string> {
  return (await newSetupCode(server.deps))?.open('show_once') ?? ''
}

test('the code is readable, works as people type it, and signs the administrator in', async () => {
  const code = await newCode()
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  const typed = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `
  const answer = await setUp(typed)
  expect(answer.status).toBe(201)
  expect(await answer.json()).toMatchObject({
    person: { kind: 'local', roles: ['admin', 'employee'] },
    setupNeeded: false,
    csrfToken: expect.any(String),
  })
  const { password_hash: hash } = await server.deps.db
    .selectFrom('users')
    .select('password_hash')
    .executeTakeFirstOrThrow()
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await newSetupCode(server.deps)).toBeNull()
})

test('twenty at once make one administrator', async () => {
  const code = await newCode()
  const attempts = Array.from({ length: 20 }, (_, number) => setUp(code, { email: `root${number}@contoso.example` }))
  const statuses = (await Promise.all(attempts)).map((answer) => answer.status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status !== 201).every((status) => status === 409 || status === 403)).toBe(true)
  expect(await server.deps.db.selectFrom('users').select('id').execute()).toHaveLength(1)
  expect((await verifyAudit(server.deps.db)).broken).toBeNull()
})

test('a wrong code, an old one, one overtaken by a new start, and a late one are refused alike', async () => {
  const first = await newCode()
  const second = await newCode()
  for (const code of ['WRONG-CODE', first]) {
    const answer = await setUp(code)
    expect([answer.status, await problemCode(answer)]).toEqual([403, 'people.setup_code_refused'])
  }
  server.advance(31 * 60_000)
  expect(await problemCode(await setUp(second))).toBe('people.setup_code_refused')
})

test('once there is an administrator, nothing more can be set up', async () => {
  const code = await newCode()
  expect((await setUp(code)).status).toBe(201)
  const again = await setUp(code)
  expect([again.status, await problemCode(again)]).toEqual([409, 'people.setup_done'])
})

test('guessing codes is slowed down', async () => {
  let status = 0
  for (let attempt = 0; attempt < 40 && status !== 429; attempt++) status = (await setUp(`GUESS-${attempt}`)).status
  expect(status).toBe(429)
})

test.for([
  ['short', 'http.invalid_input'],
  ['aaaaaaaaaaaaaaa', 'people.password_too_simple'],
  ['root@contoso.example1', 'people.password_too_simple'],
])('the password %s is refused beside its field', async ([password, code]) => {
  const answer = await setUp(await newCode(), { password })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ code, fields: { password: expect.any(String) } })
})

test('wrong password, unknown person and one without a password get one and the same answer', async () => {
  await firstAdministrator(server)
  const asked = [
    ['root@contoso.example', 'not the password'],
    ['nobody@contoso.example', adminPassword],
  ] as const
  const answers = await Promise.all(
    asked.map(([email, password]) => new TestBrowser(server).signInWithPassword(email, password)),
  )
  const problems = (await Promise.all(answers.map((answer) => answer.json()))) as { requestId: string }[]
  for (const problem of problems) problem.requestId = ''
  expect(answers.map((answer) => answer.status)).toEqual([401, 401])
  expect(problems[0]).toEqual(problems[1])
  expect(problems[0]).toMatchObject({ code: 'people.sign_in_refused' })
})

test('guessing passwords is slowed for known and unknown addresses alike, and nobody is locked out for good', async () => {
  await firstAdministrator(server)
  for (const email of ['root@contoso.example', 'nobody@contoso.example']) {
    const statuses = []
    for (let guess = 0; guess < 6; guess++) {
      statuses.push((await new TestBrowser(server).signInWithPassword(email, `guess ${guess}`)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  }
  server.advance(60_000)
  expect((await new TestBrowser(server).signInWithPassword('ROOT@contoso.example')).status).toBe(200)
})
