import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiToken } from '#people/api-token.contract.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { startWholeService, type WholeService } from '../support/whole-service.ts'

const program = resolve(import.meta.dirname, '../../examples/alias-client/next-events.mjs')

let whole: WholeService
let bob: Person
let token: string
beforeAll(async () => {
  whole = await startWholeService()
  await followFoundingPage(await Person.signIn(whole.origin, 'ada.admin@contoso.example'))
  bob = await Person.signIn(whole.origin, 'bob.tanaka@contoso.example')
  const made = await bob.call(createApiToken, { body: { name: 'next events', scopes: ['connections'] } })
  token = made.token
})
afterAll(() => whole.close())

/** As its README says: a program of its own, with an address and a token. */
async function run(withToken = token): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, ANTEROOM_URL: whole.origin, ANTEROOM_TOKEN: withToken }
  return promisify(execFile)(process.execPath, [program], { env }).catch((problem) => problem)
}

test('before the person gave permission, the program is told what to do', async () => {
  const { stderr } = await run()
  expect(stderr).toContain('permission')
})

test('afterwards it prints their events, and holds no secret of the other side', async () => {
  await bob.authorise()
  const owner = whole.tenant.tenant.findUser(bob.upn)
  if (owner === undefined) throw new Error('the tenant does not know Bob')
  const { stdout: nothing } = await run()
  expect(nothing).toBe('')
  const start = { dateTime: '2027-01-12T09:00:00', timeZone: 'UTC' }
  const end = { dateTime: '2027-01-12T10:00:00', timeZone: 'UTC' }
  const created = await fetch(
    `${whole.origin}/api/connections/aliases/exchange_online.Microsoft_Exchange_Online_PersonalAuth/proxy/v1.0/me/events`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ subject: 'Budget', start, end }),
    },
  )
  expect(created.status).toBe(201)
  const { stdout, stderr } = await run()
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringMatching(/^2027-01-12T09:00:00\S* {2}Budget\n$/),
    stderr: '',
  })
})

test('a token that is not for connections, or not one at all, gets nowhere', async () => {
  const narrow = await bob.call(createApiToken, { body: { name: 'only rooms', scopes: ['reservations'] } })
  expect((await run(narrow.token)).stderr).toContain('connections')
  expect((await run('an_pat_nonsense')).stderr).toContain('Error')
})
