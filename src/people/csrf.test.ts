import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  firstAdministrator,
  type PeopleServer,
  problemCode,
  startPeopleServer,
  TestBrowser,
} from '../../test/support/people-server.ts'

let server: PeopleServer
let admin: TestBrowser
let apiToken = ''

beforeAll(async () => {
  server = await startPeopleServer()
  admin = await firstAdministrator(server)
  const answer = await admin.send('POST', '/api/people/api-tokens', { body: { name: 'csrf test' } })
  apiToken = ((await answer.json()) as { token: string }).token
})
afterAll(() => server.close())

type From = { site?: string; origin?: string; csrf?: 'own' | 'other' | 'none' }

async function write({ site, origin, csrf = 'own' }: From): Promise<number> {
  const other = new TestBrowser(server)
  await other.signInWithPassword('root@contoso.example')
  const token = { own: admin.csrfToken, other: other.csrfToken, none: undefined }[csrf]
  const headers = {
    cookie: admin.jar.header(server.origin),
    'content-type': 'application/json',
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
    ...(origin === undefined ? {} : { origin }),
    ...(token === undefined ? {} : { 'x-anteroom-csrf': token }),
  }
  const body = JSON.stringify({ timeZone: 'UTC' })
  const answer = await fetch(`${server.origin}/api/people/me`, { method: 'PATCH', headers, body })
  if (answer.status === 403) expect(await problemCode(answer)).toBe('http.cross_site')
  return answer.status
}

test.for<[string, From, number]>([
  ['own page, own header', { site: 'same-origin' }, 200],
  ['own page without the header', { site: 'same-origin', csrf: 'none' }, 403],
  ['own page with the header of another session', { site: 'same-origin', csrf: 'other' }, 403],
  ['sibling host', { site: 'same-site' }, 403],
  ['foreign page', { site: 'cross-site' }, 403],
  ['address bar', { site: 'none' }, 403],
  ['foreign page that claims our origin', { site: 'cross-site', origin: 'ours' }, 403],
  ['old browser, own page', { origin: 'ours' }, 200],
  ['old browser, own page without the header', { origin: 'ours', csrf: 'none' }, 403],
  ['old browser, foreign page', { origin: 'https://evil.example' }, 403],
  ['old browser, sandboxed page', { origin: 'null' }, 403],
  ['neither header', {}, 403],
])('write from: %s', async ([, from, status]) => {
  expect(await write({ ...from, ...(from.origin === 'ours' ? { origin: server.origin } : {}) })).toBe(status)
})

test('an API token needs neither, and a refused one is not taken for a browser', async () => {
  const send = (authorization: string) =>
    fetch(`${server.origin}/api/people/me`, {
      method: 'PATCH',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ timeZone: 'UTC' }),
    })
  expect((await send(`Bearer ${apiToken}`)).status).toBe(200)
  const refused = await send(`Bearer ${apiToken}x`)
  expect([refused.status, await problemCode(refused)]).toEqual([401, 'people.api_token_refused'])
})

test.for(['token', 'access_token', 'api_key', 'Access_Token'])(
  'a credential in the address as %s is refused',
  async (name) => {
    const answer = await fetch(`${server.origin}/api/people/me?${name}=${apiToken}`)
    expect([answer.status, await problemCode(answer)]).toEqual([400, 'http.credentials_in_url'])
  },
)
