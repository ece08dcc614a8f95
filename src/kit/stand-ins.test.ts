import { expect, test } from 'vitest'
import { parseStandIns } from './stand-ins.ts'

const standIns = parseStandIns(
  'graph.microsoft.com=http://localhost:4401, login.microsoftonline.com=http://localhost:4401',
)

test.each([
  ['https://graph.microsoft.com/v1.0/me?$select=id', 'http://localhost:4401/v1.0/me?$select=id'],
  ['https://login.microsoftonline.com/t/oauth2/v2.0/token', 'http://localhost:4401/t/oauth2/v2.0/token'],
  ['https://graph.microsoft.com.evil.example/v1.0/me', 'https://graph.microsoft.com.evil.example/v1.0/me'],
  ['https://graph.microsoft.com:8443/v1.0/me', 'https://graph.microsoft.com:8443/v1.0/me'],
  ['http://graph.microsoft.com/v1.0/me', 'http://graph.microsoft.com/v1.0/me'],
])('%s goes to %s', (from, to) => {
  expect(standIns.resolve(from)).toBe(to)
})

test('the wrapped fetch calls the stand-in, with a Request as with an address', async () => {
  const called: string[] = []
  const recording: typeof fetch = async (input) => {
    called.push(input instanceof Request ? input.url : String(input))
    return new Response('ok')
  }
  const wrapped = standIns.wrap(recording)
  await wrapped('https://graph.microsoft.com/v1.0/me')
  await wrapped(new Request('https://graph.microsoft.com/v1.0/users'))
  expect(called).toEqual(['http://localhost:4401/v1.0/me', 'http://localhost:4401/v1.0/users'])
})
