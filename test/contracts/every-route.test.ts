import { randomUUID } from 'node:crypto'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Endpoint } from '#http/contract.ts'
import { startWholeService, type WholeService } from '../support/whole-service.ts'

/*
 * What holds for every route, whoever wrote it: these tests walk the service's own list, so a new route is in them at once.
 */
let whole: WholeService
let admin: { id: string; name: string }
let routes: { method: string; path: string }[]

beforeAll(async () => {
  whole = await startWholeService()
  admin = await whole.person('Ada Walker', ['admin'])
  routes = whole.service.routes.map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return { method: method === 'ALL' ? 'POST' : method, path: path.replace('*', '') }
  })
})
afterAll(() => whole.close())

type Sending = { headers?: Record<string, string>; body?: string }

async function send(method: string, path: string, { headers = {}, body }: Sending = {}): Promise<Response> {
  const address = `${whole.origin}${path.replaceAll(/:\w+/g, () => randomUUID())}`
  const answer = await fetch(address, { method, redirect: 'manual', headers, ...(body === undefined ? {} : { body }) })
  // An event stream never ends by itself.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) await answer.body?.cancel()
  return answer
}

const codeOf = async (answer: Response) => /"code":"([a-z_.]+)"/.exec(await answer.text())?.[1]
/** Where Microsoft sends notifications: no page of ours, no session, no JSON of ours. src/watch/notification-door.test.ts is about them. */
const outside = ['/api/watch/notifications/:nonce', '/api/watch/lifecycle/:nonce']
const writes = () => routes.filter(({ method, path }) => method !== 'GET' && !outside.includes(path))

describe('headers', () => {
  test('of every answer, errors and pages included, keep the browser on our side', async () => {
    for (const { method, path } of [...routes, ...elsewhere]) {
      // Of its own: signing out is one of them. And not of a recent sign-in: a change of key would go on by itself under the other tests.
      const session = await whole.session(admin.id, { proved: false })
      const body = method === 'GET' ? {} : { body: '{}' }
      for (const headers of [{}, { ...session, 'content-type': 'application/json' }]) {
        const answer = await send(method, path, { headers: { origin: 'https://evil.example', ...headers }, ...body })
        judge(answer, `${method} ${path}`)
      }
    }
  })

  test('a preflight is answered without a permission', async () => {
    for (const { method, path } of routes) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': method }
      const answer = await send('OPTIONS', path, { headers })
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
      judge(answer, `OPTIONS ${path}`)
    }
  })

  /** Not found, the wrong method, a page, an asset, and one that is not there. */
  const elsewhere = [
    { method: 'GET', path: '/api/nothing' },
    { method: 'PUT', path: '/api/reservations' },
    { method: 'POST', path: '/' },
    { method: 'GET', path: '/console/aliases' },
    { method: 'GET', path: '/assets/page-0123abcd.js' },
    { method: 'GET', path: '/assets/gone.js' },
    { method: 'GET', path: '/oauth/nothing' },
  ]

  function judge(answer: Response, what: string): void {
    const all = Object.fromEntries(answer.headers)
    expect(all, what).toMatchObject({
      'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': expect.stringMatching(/^same-origin/),
      'permissions-policy': expect.stringContaining('camera=()'),
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(all['content-security-policy'], what).not.toMatch(/script-src[^;]*unsafe|\*/)
    const isAsset = what.includes('/assets/') && answer.ok
    expect(all['cache-control'], what).toBe(isAsset ? 'public, max-age=31536000, immutable' : 'no-store')
    if (all['content-type']?.startsWith('text/'))
      expect(all['content-type'], what).toMatch(/charset=utf-8|event-stream/i)
    const loose = Object.keys(all).filter((name) => /^(server|x-powered-by|access-control-.*)$/.test(name))
    expect(loose, what).toEqual([])
    expect([307, 308], what).not.toContain(answer.status)
  }
})

describe('a write that does not come from our own pages', () => {
  const foreign: [string, Record<string, string | undefined>][] = [
    ['no origin', { 'sec-fetch-site': undefined }],
    ['a foreign origin', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }],
    ['the origin null', { 'sec-fetch-site': undefined, origin: 'null' }],
    ['an origin that begins like ours', { 'sec-fetch-site': undefined, origin: 'http://localhost.evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour of this site', { 'sec-fetch-site': 'same-site' }],
    ['an address that was typed', { 'sec-fetch-site': 'none' }],
    ['no token of the session', { 'x-anteroom-csrf': undefined }],
    ['a wrong token', { 'x-anteroom-csrf': 'x'.repeat(43) }],
  ]

  test.each(foreign)('%s: refused by every route', async (_, change) => {
    const session = await whole.session(admin.id)
    const headers = { ...session, 'content-type': 'application/json', ...change }
    const sent = Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    for (const { method, path } of writes()) {
      const answer = await send(method, path, { headers: sent, body: '{}' })
      expect([answer.status, await codeOf(answer)], `${method} ${path}`).toEqual([403, 'http.cross_site'])
    }
  })

  test('the token of another session of the same person: refused by every route', async () => {
    const [one, other] = [await whole.session(admin.id), await whole.session(admin.id)]
    const headers = { ...one, 'x-anteroom-csrf': other['x-anteroom-csrf'] ?? '', 'content-type': 'application/json' }
    for (const { method, path } of writes()) {
      expect((await send(method, path, { headers, body: '{}' })).status, `${method} ${path}`).toBe(403)
    }
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'a body of the type "%s", which forms can send, is read by no route',
    async (type) => {
      const session = await whole.session(admin.id)
      for (const { method, path } of await endpointsWithBody()) {
        const answer = await send(method, asRoute(path), { headers: { ...session, 'content-type': type }, body: '{}' })
        expect([answer.status, await codeOf(answer)], `${method} ${path}`).toEqual([415, 'http.not_json'])
      }
    },
  )
})

describe('reading', () => {
  /** Sign-ins come back with GET by protocol (RFC 6749 section 4.1.2); a state of one use protects them. */
  const callbacks = ['/api/people/sign-in/callback', '/oauth/callback/:context']
  /** When somebody or a process was last seen, and whose turn it is among workers. */
  const moving = ['vault_processes', 'sessions', 'leases', 'api_tokens']

  test('changes nothing: no GET leaves a trace in any table', async () => {
    const session = await whole.session(admin.id)
    const before = await digests()
    for (const { path } of routes.filter(({ method, path }) => method === 'GET' && !callbacks.includes(path))) {
      const id = await idFor(path)
      await send('GET', path.replace(':id', id), { headers: session })
    }
    expect(await digests()).toEqual(before)
  })

  async function digests(): Promise<Record<string, string | null>> {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(whole.database.db)
    const found: Record<string, string | null> = {}
    for (const { name } of rows.filter((row) => !moving.includes(row.name))) {
      const digest = sql<{ digest: string | null }>`
        select md5(string_agg(row::text, '|' order by row::text)) as digest from ${sql.table(name)} row`
      found[name] = (await digest.execute(whole.database.db)).rows[0]?.digest ?? null
    }
    return found
  }

  /** A record that exists, where there are any. */
  async function idFor(path: string): Promise<string> {
    const tables: Record<string, string> = { 'oauth-apps': 'oauth_apps', 'entity-profiles': 'oauth_entity_profiles' }
    const noun = /^\/api\/connections\/([a-z-]+)\/:id/.exec(path)?.[1] ?? ''
    const table = tables[noun] ?? noun
    if (!['aliases', 'connections', 'credentials', ...Object.values(tables)].includes(table)) return randomUUID()
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} limit 1`.execute(whole.database.db)
    return rows[0]?.id ?? randomUUID()
  }
})

describe('a body', () => {
  test('takes no field that its shape does not name: no column of any table, and nothing of an object’s own', async () => {
    const { rows } = await sql<{ name: string }>`
      select distinct column_name as name from information_schema.columns
      where table_schema = 'public'`.execute(whole.database.db)
    const columns = rows.flatMap(({ name }) => [name, name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())])
    const names = [...new Set([...columns, 'isAdmin', 'admin', 'role', 'constructor', 'prototype', 'toString'])]
    for (const { method, path, body } of await endpointsWithBody()) {
      const taken = names.filter((name) => !isRefused(body, name) && !namesIn(body).includes(name))
      expect(taken, `${method} ${path}`).toEqual([])
    }
  })

  test('says which field it does not know, to whoever may call', async () => {
    const session = await whole.session(admin.id)
    for (const { method, path } of await endpointsWithBody()) {
      const headers = { ...session, 'content-type': 'application/json' }
      const answer = await send(method, asRoute(path), { headers, body: '{"isAdmin":true}' })
      const said = { code: 'http.invalid_input', fields: { isAdmin: expect.stringContaining('not known') } }
      // Limits on guessing come before anything is read.
      if (answer.status !== 429) expect(await answer.json(), `${method} ${path}`).toMatchObject(said)
    }
  })

  test('cannot reach what all objects share', async () => {
    const session = await whole.session(admin.id)
    const headers = { ...session, 'content-type': 'application/json' }
    for (const { method, path } of await endpointsWithBody()) {
      for (const body of ['{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"isAdmin":true}}}']) {
        expect((await send(method, asRoute(path), { headers, body })).status).toBeGreaterThanOrEqual(400)
      }
    }
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
  })

  function isRefused(body: z.ZodType, name: string): boolean {
    const { error } = body.safeParse({ [name]: 'x' })
    return error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(name)) ?? false
  }
})

function namesIn(body: z.ZodType): string[] {
  return Object.keys((body as z.ZodObject).shape ?? {})
}

type WithBody = Endpoint & { body: z.ZodType }

/** All operations of all contracts that the service has mounted and that take a body. */
async function endpointsWithBody(): Promise<WithBody[]> {
  const projectDir = resolve(import.meta.dirname, '../..')
  const files = await Array.fromAsync(glob('src/*/*contract.ts', { cwd: projectDir }))
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(resolve(projectDir, file)).href)))
  const found = modules.flatMap((module) => Object.values(module as Record<string, unknown>)).filter(isWithBody)
  const mounted = found.filter(({ method, path }) => whole.service.routes.includes(`${method} ${asRoute(path)}`))
  expect(mounted.length).toBeGreaterThan(15)
  return mounted
}

function isWithBody(value: unknown): value is WithBody {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'body' in value
}

function asRoute(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** What breaks statements, patterns, encodings and paths where they are put together from text. */
const hostile = [
  "'; drop table users; --",
  '" or 1=1 --',
  '\\',
  '%_\\%',
  '$1',
  '\0',
  'a\0b',
  '\ud800',
  '\u{1f4a9}'.repeat(50),
  '../../../etc/passwd',
  '{{7*7}}<%= 7*7 %>',
  'x'.repeat(5_000),
]

describe('text that means something to somebody else', () => {
  test('in any parameter of any address is text, or refused', async () => {
    const headers = await whole.session(admin.id)
    for (const { path } of routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/'))) {
      for (const text of hostile) {
        const sent = encodeURIComponent(text.toWellFormed())
        const address = `${path.replaceAll(/:\w+/g, sent)}?q=${sent}&sort=${sent}&from=${sent}&action=${sent}`
        expect((await send('GET', address, { headers })).status, address).toBeLessThan(500)
      }
    }
  })

  test('and a body of any depth is read without running out of anything', async () => {
    const session = { ...(await whole.session(admin.id)), 'content-type': 'application/json' }
    const deep = [`${'['.repeat(400_000)}`, `{"a":${'{"a":'.repeat(100_000)}"\\u0000"${'}'.repeat(100_001)}`]
    for (const body of [...deep, `{"a":"${'['.repeat(1_000)}"}`]) {
      const answer = await send('PATCH', '/api/people/me', { headers: session, body })
      expect([400, 415]).toContain(answer.status)
    }
  })

  test('in any field of any body is text, or refused', async () => {
    const session = { ...(await whole.session(admin.id)), 'content-type': 'application/json' }
    for (const { method, path, body } of await endpointsWithBody()) {
      for (const text of hostile) {
        const fields = Object.fromEntries(namesIn(body).map((name) => [name, text]))
        const answer = await send(method, asRoute(path), { headers: session, body: JSON.stringify(fields) })
        expect(answer.status, `${method} ${path} ${JSON.stringify(text)}`).toBeLessThan(500)
      }
    }
  })
})

describe('who asks and where from', () => {
  test('other people’s headers do not decide what our address is', async () => {
    const forged = { 'x-forwarded-host': 'evil.example', 'x-original-url': '/evil', forwarded: 'host=evil.example' }
    const headers = { ...forged, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
    const answer = await send('POST', '/api/people/sign-in/microsoft', { headers, body: '{}' })
    const { url } = (await answer.json()) as { url: string }
    expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${whole.origin}/api/people/sign-in/callback`)
    expect(url).not.toContain('evil')
  })

  test('a parameter given twice is refused', async () => {
    const headers = await whole.session(admin.id)
    const answer = await send('GET', '/api/people/users?page=1&page=2', { headers })
    expect([answer.status, await answer.json()]).toMatchObject([400, { fields: { page: 'Send this once.' } }])
  })

  test('an address in X-Forwarded-For is believed by nobody: whoever guesses is slowed down all the same', async () => {
    const guess = async (n: number) => {
      const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
      const forged = { ...headers, 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` }
      const body = JSON.stringify({ code: 'x', email: 'a@b.example', displayName: 'x', password: 'four words in here' })
      return (await send('POST', '/api/people/setup', { headers: forged, body })).status
    }
    const answers: number[] = []
    for (let n = 0; n < 60; n++) answers.push(await guess(n))
    expect(answers).toContain(429)
    expect(answers.slice(0, 10)).not.toContain(200)
  })
})

test('when sessions cannot be read nobody is let in, and nothing of the database is told', async () => {
  const headers = await whole.session(admin.id)
  await sql`alter table sessions rename to sessions_away`.execute(whole.database.db)
  try {
    for (const { path } of routes.filter(({ method, path }) => method === 'GET' && path.startsWith('/api/'))) {
      const answer = await send('GET', path, { headers })
      const text = await answer.text().catch(() => '')
      expect([answer.status, text.includes('"http.our_fault"')], path).toEqual([500, true])
      expect(text, path).not.toMatch(/select|relation|sessions|postgres|stack|\bat .*\.ts|node_modules/i)
    }
  } finally {
    await sql`alter table sessions_away rename to sessions`.execute(whole.database.db)
  }
})
