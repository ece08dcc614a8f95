import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { trustedCertificate } from '../../test/support/certificate.ts'
import { DestinationRefused, guardedFetch } from './guarded-fetch.ts'
import { isPublicAddress } from './public-address.ts'

let server: Server
let port: number
/** Requests that arrived, and sockets that were opened. */
let arrived: { method: string; url: string; body: string; length: string | undefined }[] = []
let sockets = 0
const opened = new Set<Socket>()
let lastSocket: unknown
beforeAll(async () => {
  server = createServer(await trustedCertificate(), async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    arrived.push({
      method: String(request.method),
      url: String(request.url),
      body,
      length: request.headers['content-length'],
    })
    if (request.url === '/closed' && request.socket === lastSocket) return void request.socket.destroy()
    lastSocket = request.socket
    if (request.url === '/redirect') response.writeHead(302, { location: `https://localhost:${port}/stolen` }).end()
    else if (request.url === '/zipped')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('unpacked'))
    else if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': '100' }).write('begun')
      request.socket.end()
    } else if (request.url === '/empty') response.writeHead(204).end()
    else response.writeHead(200, { 'x-seen': 'yes' }).end(`${request.method} ${body}`)
  })
  server.on('connection', (socket) => {
    sockets += 1
    opened.add(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  for (const socket of opened) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  arrived = []
  sockets = 0
})

const loopback = async () => ['127.0.0.1']
/** Lets this test's own server count as a public one. */
const open = () => guardedFetch({ lookUp: loopback, isAllowed: (address) => address === '127.0.0.1' })

describe('addresses that no call may go to', () => {
  const forms = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0x7f000001', '0177.0.0.1', '0177.1', '127.0.0.1.', '①②⑦.0.0.1'],
    ...[
      '１２７.0.0.1',
      '0.0.0.0',
      '0',
      '10.0.0.1',
      '10.1',
      '172.16.0.1',
      '172.31.255.254',
      '192.168.1.1',
      '3232235777',
    ],
    ...['169.254.169.254', '0xa9fea9fe', '0251.0376.0251.0376', '2852039166', '100.64.0.1', '100.127.255.255'],
    ...['168.63.129.16', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:a9fe:a9fe]', '[::127.0.0.1]', '[fe80::1]'],
    ...['[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::1]', '[2002:7f00:1::]'],
    ...['[2001:0:7f00:1::]', '[2001:db8::1]', '[0:0:0:0:0:ffff:a9fe:a9fe]', '[fec0::1]', '[100::1]', '[3fff::1]'],
  ]
  test.each(forms)('https://%s/', async (host) => {
    await expect(guardedFetch()(`https://${host}:${port}/`)).rejects.toThrow(DestinationRefused)
    expect(sockets).toBe(0)
  })

  test.each(['localhost', 'LOCALHOST'])('the name %s', async (host) => {
    await expect(guardedFetch()(`https://${host}:${port}/`)).rejects.toThrow(DestinationRefused)
    expect(sockets).toBe(0)
  })

  test.each(['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'data:text/plain,hello'])(
    'another scheme: %s',
    async (url) => {
      await expect(guardedFetch()(url)).rejects.toThrow(DestinationRefused)
    },
  )

  test('a name and password in the address', async () => {
    await expect(guardedFetch()('https://user:pass@example.com/')).rejects.toThrow()
  })

  test('public addresses are not refused', () => {
    for (const address of ['20.190.128.1', '1.1.1.1', '100.63.255.255', '172.32.0.1', '2603:1000::1', '2a01:111::1'])
      expect(isPublicAddress(address), address).toBe(true)
  })

  test('whatever else: no IPv4 address is public as a mapped, NAT64 or 6to4 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        return [`::ffff:${address}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::`].every(
          (form) => !isPublicAddress(form),
        )
      }),
    )
  })
})

describe('names that resolve to more than one thing', () => {
  test('one private address among public ones is enough to refuse', async () => {
    const lookUp = async () => ['20.190.128.1', '127.0.0.1']
    const call = guardedFetch({ lookUp, isAllowed: isPublicAddress })(`https://rebound.example:${port}/`)
    await expect(call).rejects.toThrow(DestinationRefused)
    expect(sockets).toBe(0)
  })

  test('a name that answers public, then loopback, is asked once, and the socket is checked as well', async () => {
    let asked = 0
    const lookUp = async () => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1']
    }
    const checked: string[] = []
    const isAllowed = (address: string) => {
      checked.push(address)
      return checked.length < 2
    }
    const call = guardedFetch({ lookUp, isAllowed })(`https://localhost:${port}/secret`, {
      headers: { authorization: 'Bearer x' },
    })
    await expect(call).rejects.toThrow(DestinationRefused)
    expect({ asked, checked }).toEqual({ asked: 1, checked: ['127.0.0.1', '127.0.0.1'] })
    expect(arrived).toEqual([])
  })
})

describe('what is let through works as fetch does', () => {
  const at = (path: string) => `https://localhost:${port}${path}`

  test('bodies go out and come back; a socket is used again', async () => {
    const call = open()
    const answer = await call(at('/a?b=c'), { method: 'POST', body: 'hello' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-seen')).toBe('yes')
    expect(await answer.text()).toBe('POST hello')
    expect(await (await call(at('/again'))).text()).toBe('GET ')
    expect(arrived[0]).toEqual({ method: 'POST', url: '/a?b=c', body: 'hello', length: '5' })
    expect(sockets).toBe(1)
  })

  test('a socket that the server closed meanwhile is replaced, for what only reads', async () => {
    const call = open()
    expect(await (await call(at('/'))).text()).toBe('GET ')
    expect(await (await call(at('/closed'))).text()).toBe('GET ')
    expect(sockets).toBe(2)
    expect(await (await call(at('/'))).text()).toBe('GET ')
    await expect(call(at('/closed'), { method: 'POST', body: 'x' })).rejects.toThrow(TypeError)
  })

  test('a stream goes out as one', async () => {
    const stream = new Blob(['one ', 'two']).stream()
    const answer = await open()(at('/'), { method: 'PUT', body: stream })
    expect(await answer.text()).toBe('PUT one two')
    expect(arrived[0]?.length).toBeUndefined()
    const form = await open()(at('/'), { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) })
    expect(await form.text()).toBe('POST grant_type=x')
    expect(arrived[1]?.length).toBe('12')
  })

  test('packed and empty answers', async () => {
    const zipped = await open()(at('/zipped'))
    expect(zipped.headers.get('content-encoding')).toBeNull()
    expect(await zipped.text()).toBe('unpacked')
    expect((await open()(at('/empty'))).status).toBe(204)
  })

  test('a redirect is an answer and not a way', async () => {
    const answer = await open()(at('/redirect'))
    expect(answer.status).toBe(302)
    expect(arrived.map(({ url }) => url)).toEqual(['/redirect'])
  })

  test('an answer that breaks off fails as one of fetch does', async () => {
    const answer = await open()(at('/broken'))
    await expect(answer.text()).rejects.toThrow(TypeError)
  })

  test('nobody there, and a caller who gives up', async () => {
    await expect(open()('https://localhost:1/')).rejects.toThrow(TypeError)
    const reason = new Error('enough')
    await expect(open()(at('/'), { signal: AbortSignal.abort(reason) })).rejects.toThrow(reason)
  })
})
