import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyAudit } from '#audit/verify.ts'
import {
  adminPassword,
  firstAdministrator,
  knownPerson,
  type PeopleServer,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'
import { issueApiToken } from './api-token.ts'

let server: PeopleServer
let aliceId = ''
let token = ''
let since = '0'

beforeAll(async () => {
  server = await startPeopleServer()
  await firstAdministrator(server)
  aliceId = await knownPerson(server, 'Alice Meyer')
  const owner = { id: aliceId, displayName: 'Alice Meyer' }
  const order = { owner, by: { id: null, name: 'test' }, name: 'report', expiresInDays: 30 }
  token = (await issueApiToken(server.deps, order)).token.open('show_once')
})
afterAll(() => server.close())
beforeEach(async () => {
  // Enough for every limit to have filled up again.
  server.advance(2 * 60 * 60_000)
  since = (await verifyAudit(server.deps.db)).end?.seq ?? '0'
})

/** What the trail gained in this test. */
async function entries() {
  return server.deps.db.selectFrom('audit_entries').selectAll().where('seq', '>', since).orderBy('seq').execute()
}

const asAlice = (path: string, method = 'GET') =>
  fetch(`${server.origin}${path}`, { method, headers: { authorization: `Bearer ${token}` } })

test('signing in and out is written down, with whom and how', async () => {
  const browser = new TestBrowser(server)
  await browser.signInWithPassword('root@contoso.example')
  await browser.send('POST', '/api/people/sign-out')
  await browser.send('POST', '/api/people/sign-out')
  expect((await entries()).map(({ action, actor_name }) => [action, actor_name])).toEqual([
    ['people.signed_in', 'Root'],
    ['people.signed_out', 'Root'],
  ])
})

test('a refused sign-in is written down the same way for known and unknown addresses', async () => {
  for (const email of ['root@contoso.example', 'nobody@contoso.example', 'my password by mistake'])
    await new TestBrowser(server).signInWithPassword(email, 'wrong words altogether')
  const found = (await entries()).map(({ action, actor_id, subject_name, details }) => ({
    action,
    actor_id,
    subject_name,
    details,
  }))
  const same = {
    action: 'people.sign_in_refused',
    actor_id: null,
    details: { code: 'people.sign_in_refused', from: expect.stringMatching(/127\.0\.0\.1|::1/) },
  }
  expect(found).toEqual([
    { ...same, subject_name: 'root@contoso.example' },
    { ...same, subject_name: 'nobody@contoso.example' },
    { ...same, subject_name: 'unknown' },
  ])
  expect(JSON.stringify(found)).not.toContain('wrong words')
})

test('whoever guesses fills the log, not the trail', async () => {
  const guess = (n: number) => new TestBrowser(server).signInWithPassword(`guess${n}@contoso.example`, adminPassword)
  const startedAt = performance.now()
  for (let n = 0; n < 25; n++) await guess(n)
  // Ten at once, and one more for every ten seconds that hashing took on a busy machine.
  const most = 10 + Math.ceil((performance.now() - startedAt) / 10_000)
  const { length } = await entries()
  expect(length).toBeGreaterThanOrEqual(10)
  expect(length).toBeLessThanOrEqual(Math.min(most, 24))
})

test('the use of a token is written down once an hour and purpose', async () => {
  for (let round = 0; round < 3; round++) {
    await asAlice('/api/people/me')
    await asAlice('/api/people/directory?q=a')
    await asAlice('/api/reservations/1', 'DELETE')
  }
  const used = await entries()
  expect(used.map(({ action, actor_id, details }) => [action, actor_id, details.purpose])).toEqual([
    ['people.api_token_used', aliceId, 'read people'],
    ['people.api_token_used', aliceId, 'write reservations'],
  ])
  server.advance(61 * 60_000)
  await asAlice('/api/people/me')
  expect(await entries()).toHaveLength(3)
})

test('a token in an address is refused, named, and not repeated anywhere', async () => {
  for (const path of [`/api/people/me?access_token=${token}`, `/api/people/me?next=${token}`]) {
    const answer = await fetch(`${server.origin}${path}`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).not.toContain(token)
  }
  const found = await entries()
  expect(found.map(({ action, subject_name }) => [action, subject_name])).toEqual([
    ['people.token_in_address_refused', 'report'],
    ['people.token_in_address_refused', 'report'],
  ])
  expect(JSON.stringify(found)).not.toContain(token.slice(-36))
})

test('a token that was ours and does not hold is written down; what never was ours is not', async () => {
  const wrong = `${token.slice(0, -7)}${token.slice(-7) === 'aaaaaaa' ? 'b' : 'a'}`
  for (const text of [wrong, 'an_pat_nonsense']) {
    const answer = await fetch(`${server.origin}/api/people/me`, { headers: { authorization: `Bearer ${text}` } })
    expect(answer.status).toBe(401)
  }
  expect(await entries()).toEqual([])
  await server.deps.db.updateTable('users').set({ active: false }).where('id', '=', aliceId).execute()
  expect((await asAlice('/api/people/me')).status).toBe(401)
  await server.deps.db.updateTable('users').set({ active: true }).where('id', '=', aliceId).execute()
  expect((await entries()).map(({ action, subject_name }) => [action, subject_name])).toEqual([
    ['people.api_token_refused', 'report'],
  ])
})
