import { afterAll, beforeAll, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-request.ts'
import { startWholeService, type WholeService } from '../support/whole-service.ts'

let whole: WholeService
let host: string
beforeAll(async () => {
  whole = await startWholeService()
  host = new URL(whole.origin).host
})
afterAll(() => whole.close())

const lines = (...parts: string[]) => parts.join('\r\n')
const end = '\r\n\r\n'

/** What no browser sends: request smuggling, odd methods, broken framing (RFC 9112 sections 3, 6.3 and 11.2). HOST stands for our own. */
const table: [what: string, bytes: string, status: number][] = [
  ['a request as it should be', lines('GET /livez HTTP/1.1', 'Host: HOST', 'Connection: close') + end, 200],
  ['TRACE', lines('TRACE /api/people/me HTTP/1.1', 'Host: HOST', 'Cookie: an_s=abc') + end, 405],
  ['TRACK', lines('TRACK / HTTP/1.1', 'Host: HOST') + end, 400],
  ['CONNECT', lines('CONNECT localhost:5432 HTTP/1.1', 'Host: HOST') + end, 0],
  ['PROPFIND', lines('PROPFIND /api/people/me HTTP/1.1', 'Host: HOST') + end, 405],
  ['a method of one’s own', lines('FOO / HTTP/1.1', 'Host: HOST') + end, 400],
  ['a method in small letters', lines('get / HTTP/1.1', 'Host: HOST') + end, 400],
  ['no host', lines('GET /api/people/me HTTP/1.1', 'Connection: close') + end, 400],
  ['two hosts', lines('GET /api/people/me HTTP/1.1', 'Host: HOST', 'Host: evil.example') + end, 421],
  ['another host', lines('GET /api/people/me HTTP/1.1', 'Host: evil.example') + end, 421],
  [
    'another host in the request line',
    lines('GET http://evil.example/api/people/me HTTP/1.1', 'Host: HOST') + end,
    421,
  ],
  [
    'a length and chunks',
    `${lines('POST /api/people/sign-out HTTP/1.1', 'Host: HOST', 'Content-Length: 4', 'Transfer-Encoding: chunked')}${end}0${end}`,
    400,
  ],
  [
    'two lengths',
    `${lines('POST /api/people/sign-out HTTP/1.1', 'Host: HOST', 'Content-Length: 0', 'Content-Length: 5')}${end}hello`,
    400,
  ],
  ['a length with a sign', lines('POST /api/people/sign-out HTTP/1.1', 'Host: HOST', 'Content-Length: +1') + end, 400],
  [
    'chunks by another name',
    `${lines('POST /api/people/sign-out HTTP/1.1', 'Host: HOST', 'Transfer-Encoding: xchunked')}${end}0${end}`,
    400,
  ],
  [
    'a chunk size that is none',
    `${lines('POST /api/people/sign-in HTTP/1.1', 'Host: HOST', 'Sec-Fetch-Site: same-origin', 'Content-Type: application/json', 'Transfer-Encoding: chunked')}${end}zz\r\n{}\r\n0${end}`,
    400,
  ],
  ['a folded header', lines('GET /livez HTTP/1.1', 'Host: HOST', 'X-A: 1', ' Host: evil.example') + end, 400],
  ['a space before the colon', lines('GET /livez HTTP/1.1', 'Host : HOST') + end, 400],
  ['a header without a name', lines('GET /livez HTTP/1.1', 'Host: HOST', ': x') + end, 400],
  ['NUL in a header', lines('GET /livez HTTP/1.1', 'Host: HOST', 'X-A: a\0b') + end, 400],
  ['a bare line feed in a header', lines('GET /livez HTTP/1.1', 'Host: HOST', 'X-A: a\nX-B: b') + end, 400],
  ['headers of 20 KB', lines('GET /livez HTTP/1.1', 'Host: HOST', `X-A: ${'a'.repeat(20_000)}`) + end, 431],
  ['an address of 20 KB', lines(`GET /${'a'.repeat(20_000)} HTTP/1.1`, 'Host: HOST') + end, 431],
  ['HTTP/2 without asking', `PRI * HTTP/2.0${end}SM${end}`, 400],
  ['HTTP/0.9, which has no host', `GET /api/people/me${end}`, 421],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['asking the server itself', lines('OPTIONS * HTTP/1.1', 'Host: HOST', 'Connection: close') + end, 400],
  ['a path that climbs', lines('GET /assets/../../etc/passwd HTTP/1.1', 'Host: HOST', 'Connection: close') + end, 200],
  [
    'a path that climbs in disguise',
    lines('GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1', 'Host: HOST', 'Connection: close') + end,
    200,
  ],
]

test.each(table)('%s', async (_, bytes, status) => {
  const answer = await rawRequest(Number(host.split(':')[1]), bytes.replaceAll('HOST', host))
  const first = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
  expect([first, answer.match(/^HTTP\/1\.1 /gm)?.length ?? 0], answer).toEqual([status, status === 0 ? 0 : 1])
  expect(answer).not.toMatch(/root:x:|an_s=abc|evil\.example|^Server:|X-Powered-By/im)
})
