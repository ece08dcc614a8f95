import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guardedFetch } from '#kit/guarded-fetch.ts'
import { realSeams } from '#kit/seams.ts'
import { hostsForTokens, mayReceiveTokens } from './allowed-hosts.ts'
import { joinUrl } from './connection-fetch.ts'
import { callOut } from './outbound.ts'

const deps = { allowedHosts: ['api.fabrikam.example', 'api.fabrikam.example:8443'] }

test.each([
  ['https://graph.microsoft.com', true],
  ['https://api.fabrikam.example/v2', true],
  ['https://api.fabrikam.example:8443', true],
  ['https://api.fabrikam.example:9443', false],
  ['http://graph.microsoft.com', false],
  ['https://graph.microsoft.com:444', false],
  ['https://graph.microsoft.com.evil.example', false],
  ['https://user@graph.microsoft.com', false],
  ['https://graph.microsoft.com/?a=b', false],
  ['https://graph.microsoft.com/#a', false],
  ['https://127.0.0.1', false],
  ['graph.microsoft.com', false],
])('may %s receive tokens? %s', (address, may) => {
  expect(mayReceiveTokens(deps, address)).toBe(may)
})

test('without a setting only the provider’s own hosts count', () => {
  expect(hostsForTokens({})).not.toContain('api.fabrikam.example')
  expect(mayReceiveTokens({}, 'https://api.fabrikam.example')).toBe(false)
})

test('a name that comes to an address of this house is refused in words, and nothing is sent', async () => {
  const lookUp = async () => ['10.1.2.3']
  const seams = { ...realSeams, fetch: guardedFetch({ lookUp, isAllowed: () => false }) }
  const call = callOut(seams, 'https://api.fabrikam.example/', { init: {}, limits: { timeoutMs: 5_000 } })
  await expect(call).rejects.toMatchObject({
    code: 'connections.destination_refused',
    message: 'api.fabrikam.example is not on the open internet, so nothing was sent to it.',
  })
})

test('an alert of the handshake is about the client certificate, and is told so', async () => {
  const alert = Object.assign(new Error('ssl'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })
  const seams = { ...realSeams, fetch: () => Promise.reject(new TypeError('fetch failed', { cause: alert })) }
  await expect(
    callOut(seams, 'https://api.fabrikam.example/?key=k3y', { init: {}, limits: { timeoutMs: 5_000 } }),
  ).rejects.toMatchObject({
    code: 'connections.certificate_not_accepted',
    message: expect.stringMatching(/^api\.fabrikam\.example wants/),
  })
})

const base = 'https://graph.microsoft.com/v1.0'

/** Links as a server that was taken over might send them: pieces of good ones, with what changes where an address leads. */
const hostileLinks = fc
  .array(
    fc.constantFrom(
      ...[
        'https://',
        'http://',
        '//',
        '/',
        '\\\\',
        '..',
        '%2e%2e',
        '@',
        ':443',
        ':8443',
        '#',
        '?',
        '%00',
        ' ',
        '\t',
        '\n',
        '.',
        ';',
      ],
      ...[
        'graph.microsoft.com',
        'evil.example',
        '127.0.0.1',
        '[::1]',
        'v1.0',
        'v1.0x',
        'beta',
        'me',
        '＠',
        '。',
        'javascript:',
      ],
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((parts) => parts.join(''))

test('1,000 mutated next links: each stays below the connection’s address, or is refused', () => {
  fc.assert(
    fc.property(fc.oneof(hostileLinks, fc.webUrl(), fc.string()), (link) => {
      let joined: string
      try {
        joined = joinUrl(base, link)
      } catch (problem) {
        return (problem as { code?: string }).code === 'connections.other_origin'
      }
      const { origin, pathname, username, password } = new URL(joined)
      const below = pathname === '/v1.0' || pathname.startsWith('/v1.0/')
      return origin === 'https://graph.microsoft.com' && below && username === '' && password === ''
    }),
    { numRuns: 1_000 },
  )
})
