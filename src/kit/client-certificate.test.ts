import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CertificateServer, startCertificateServer } from '../../test/support/certificate-server.ts'
import { DestinationRefused, type GuardedInit, guardedFetch } from './guarded-fetch.ts'
import { Secret } from './secret.ts'
import { parseStandIns } from './stand-ins.ts'

let server: CertificateServer
let alice: GuardedInit
let bob: GuardedInit
beforeAll(async () => {
  server = await startCertificateServer()
  alice = await shown('alice')
  bob = await shown('bob')
})
afterAll(() => server.close())
beforeEach(() => {
  server.seen.length = 0
})

async function shown(name: string, by?: 'stranger'): Promise<GuardedInit> {
  const { certificate, privateKey } = await server.issue(name, by)
  return { clientCertificate: { certificate, privateKey: new Secret(privateKey) } }
}

const at = (path: string) => `https://localhost:${server.port}${path}`
const open = () => guardedFetch({ lookUp: async () => ['127.0.0.1'], isAllowed: (address) => address === '127.0.0.1' })

test('the certificate is shown, and the server knows who calls', async () => {
  const call = open()
  expect(await (await call(at('/1'), alice)).text()).toBe('hello alice')
  expect(await (await call(at('/2'), { ...alice, method: 'POST', body: 'x' })).text()).toBe('hello alice')
  expect(server.seen.map(({ socket }) => socket)).toEqual([0, 0])
})

test('a socket on which one certificate was shown carries no call of another, nor one without', async () => {
  const call = open()
  const names: string[] = []
  for (const init of [alice, bob, alice, bob]) names.push(await (await call(at('/'), init)).text())
  expect(names).toEqual(['hello alice', 'hello bob', 'hello alice', 'hello bob'])
  const [one, two] = server.seen
  expect(one?.socket).not.toBe(two?.socket)
  await expect(call(at('/'))).rejects.toThrow(TypeError)
  expect(server.seen).toHaveLength(4)
})

test('a certificate of somebody else’s authority is not let in', async () => {
  await expect(open()(at('/'), await shown('mallory', 'stranger'))).rejects.toThrow(TypeError)
  expect(server.seen).toEqual([])
})

test('the guard holds as for any call: nothing is shown to a machine that is not public', async () => {
  await expect(guardedFetch()(at('/'), alice)).rejects.toThrow(DestinationRefused)
  expect(server.seen).toEqual([])
})

test('a stand-in with TLS is shown it too; one without cannot be', async () => {
  const never: typeof fetch = () => Promise.reject(new Error('called without the certificate'))
  const withTls = parseStandIns(`api.fabrikam.example=https://localhost:${server.port}`).wrap(never)
  expect(await (await withTls('https://api.fabrikam.example/v1', alice)).text()).toBe('hello alice')
  expect(server.seen[0]?.path).toBe('/v1')
  const plain = parseStandIns('api.fabrikam.example=http://localhost:1').wrap(never)
  await expect(plain('https://api.fabrikam.example/v1', alice)).rejects.toThrow(DestinationRefused)
})
