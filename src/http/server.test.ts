import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { freePort } from '../../test/support/free-port.ts'
import type { Actor } from './actor.ts'
import { endpoint } from './contract.ts'
import { mount, mountSignedIn } from './mount.ts'
import { openApiDocument } from './openapi.ts'
import { type Listening, listen, openRouter } from './server.ts'

const greet = endpoint({
  method: 'POST',
  path: '/api/greetings/{name}',
  summary: 'Greet somebody',
  access: ['approver'],
  params: z.object({ name: z.string() }),
  query: z.object({ times: z.coerce.number().int().min(1).default(1) }),
  body: z.strictObject({ word: z.string().min(1, 'Enter a word.') }),
  answer: z.object({ said: z.string(), by: z.string() }),
})
const crash = endpoint({
  method: 'GET',
  path: '/api/crash',
  summary: 'Our fault',
  access: 'anyone',
  answer: z.object({}),
})

let server: Listening
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  const roles = (header: string | undefined) => (header === undefined ? null : actor(header))
  const router = openRouter({
    publicUrl: origin,
    newId: realSeams.newId,
    log: silentLog,
    authenticate: async (context) => roles(context.req.header('x-test-role')),
    guardWrite: async () => {},
  })
  mountSignedIn(router, greet, async ({ params, query, body, actor: who }) => ({
    said: `${body.word} ${params.name}`.repeat(query.times),
    by: who.displayName,
  }))
  mount(router, crash, async () => {
    throw new Error('secret detail')
  })
  server = await listen(router, { host: '127.0.0.1', port })
})
afterAll(() => server.close())

const actor = (role: string): Actor => ({
  userId: 'u',
  displayName: 'Ada',
  email: '',
  roles: new Set([role]),
  microsoft: null,
  via: 'session',
  sessionId: null,
})

function send(path: string, body: string, headers: Record<string, string> = {}) {
  return fetch(`${origin}${path}`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  })
}

test('input arrives parsed, the answer as JSON, with a request id and protecting headers', async () => {
  const answer = await send('/api/greetings/Bob?times=2', '{"word":"hi"}', { 'x-test-role': 'approver' })
  expect(await answer.json()).toEqual({ said: 'hi Bobhi Bob', by: 'Ada' })
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test.each([
  ['nobody is signed in', {}, '{"word":"hi"}', 401, 'http.sign_in_required'],
  ['a role is missing', { 'x-test-role': 'employee' }, '{"word":"hi"}', 403, 'http.role_required'],
  ['a field is wrong', { 'x-test-role': 'admin' }, '{"word":""}', 400, 'http.invalid_input'],
  ['a field is unknown', { 'x-test-role': 'admin' }, '{"word":"hi","roles":["admin"]}', 400, 'http.invalid_input'],
  ['the body is no JSON', { 'x-test-role': 'admin' }, '{word}', 415, 'http.not_json'],
  [
    'the body is a form',
    { 'x-test-role': 'admin', 'Content-Type': 'text/plain' },
    '{"word":"hi"}',
    415,
    'http.not_json',
  ],
  ['the body is huge', { 'x-test-role': 'admin' }, `{"word":"${'x'.repeat(1_100_000)}"}`, 413, 'http.body_too_large'],
])('refused when %s', async (_, headers, body, status, code) => {
  const answer = await send('/api/greetings/Bob', body, headers)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(await answer.json()).toMatchObject({ code, status })
})

test('a request for another host name is refused, whatever it asks for', async () => {
  const status = await new Promise((resolve, reject) => {
    const asked = request(`${origin}/api/crash`, { headers: { Host: 'evil.example' } }, (answer) =>
      resolve(answer.statusCode),
    )
    asked.on('error', reject).end()
  })
  expect(status).toBe(421)
})

test('a message stands beside the field it is about', async () => {
  const answer = await send('/api/greetings/Bob', '{"word":""}', { 'x-test-role': 'admin' })
  expect(await answer.json()).toMatchObject({ fields: { word: 'Enter a word.' } })
})

test('our own fault tells nobody the details', async () => {
  const answer = await fetch(`${origin}/api/crash`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret detail')
})

test('the OpenAPI document says what the server does', () => {
  const document = openApiDocument([greet as never], 'http://anteroom.example') as {
    paths: Record<string, Record<string, object>>
  }
  const operation = document.paths['/api/greetings/{name}']?.post as {
    parameters: { name: string; in: string }[]
    'x-roles': string[]
  }
  expect(operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).toEqual([
    'path name',
    'query times',
  ])
  expect(operation['x-roles']).toEqual(['admin', 'approver'])
})
