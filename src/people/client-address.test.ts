import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'

async function behind(hops: number, forwarded: string): Promise<string> {
  const app = new Hono()
  app.get('/', (context) => context.text(clientAddress(context, hops)))
  return (await app.request('/', { headers: { 'x-forwarded-for': forwarded } })).text()
}

test.each([
  ['one proxy: what it appended, whatever the client claimed before', 1, '1.1.1.1, 203.0.113.7', '203.0.113.7'],
  ['two proxies: what the outer one appended', 2, '1.1.1.1, 203.0.113.7, 10.0.0.1', '203.0.113.7'],
  ['one proxy and no claim', 1, '203.0.113.7', '203.0.113.7'],
])('%s', async (_, hops, forwarded, address) => {
  expect(await behind(hops, forwarded)).toBe(address)
})
