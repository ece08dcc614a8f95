import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile,
  type Visitor,
} from '../../test/support/connections-server.ts'

const alice = 'alice.meyer@contoso.example'
const bob = 'bob.tanaka@contoso.example'
const otherTenant = '11111111-2222-4333-8444-555555555555'

let server: ConnectionsServer
let admin: Visitor
let graph1: { id: string }
let personal: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer()
  admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  graph1 = await useProfile(admin, 'Ms Graph 1', contoso.personalAuth.name, contoso.serviceMailbox)
  personal = await useProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
})
afterAll(() => server.close())
beforeEach(() => server.tenant.tenant.ledger.clear())

type Started = { authorizationId: string; url: string }
const startSystem = async (who: Visitor) => start(who, `credentials/${graph1.id}`)
const startPersonal = async (who: Visitor) => start(who, `personal/${personal.id}`)
async function start(who: Visitor, path: string): Promise<Started> {
  const body = { chooseAnotherAccount: true }
  const answer = await who.send('POST', `/api/connections/${path}/authorization`, body)
  expect(answer.status, answer.text).toBe(201)
  return answer.body as Started
}

const outcomeOf = async (who: Visitor, { authorizationId }: Started) =>
  (await who.get(`/api/connections/authorizations/${authorizationId}`)).body

const storedTokens = () => server.deps.db.selectFrom('tokens').selectAll().orderBy('id').execute()
const tokenCalls = () => server.tenant.tenant.ledger.since().filter(({ path }) => path.endsWith('/token'))

/** The whole sign-in as somebody, back at the callback. */
async function signInAs(who: Visitor, started: Started, upn: string) {
  return who.get(await who.signInAt(started.url, upn))
}

async function expectNothingStored(attempt: () => Promise<void>): Promise<void> {
  const before = await storedTokens()
  await attempt()
  expect(await storedTokens()).toEqual(before)
}

test('System, first use: another user of the tenant is refused with both names, and nothing is stored', async () => {
  await expectNothingStored(async () => {
    const started = await startSystem(admin)
    const answer = await signInAs(admin, started, admin.upn)
    expect(answer).toMatchObject({ status: 303, location: `/authorization/${started.authorizationId}` })
    const outcome = await outcomeOf(admin, started)
    expect(outcome).toMatchObject({
      outcome: 'refused',
      code: 'connections.wrong_account',
      expectedName: contoso.serviceMailbox,
      actualName: `Ada Okafor (${admin.upn})`,
    })
    expect(outcome.say).toContain(contoso.serviceMailbox)
    expect(outcome.say).toContain(admin.upn)
  })
})

test('System, pinned: the right account first, then others leave its token untouched byte for byte', async () => {
  const right = await startSystem(admin)
  await signInAs(admin, right, contoso.serviceMailbox)
  expect(await outcomeOf(admin, right)).toMatchObject({ outcome: 'stored' })

  await expectNothingStored(async () => {
    const wrong = await startSystem(admin)
    await signInAs(admin, wrong, bob)
    expect(await outcomeOf(admin, wrong)).toMatchObject({ code: 'connections.wrong_account' })
  })
})

test('System, pinned: a new account that took over the same e-mail has another object id and is refused', async () => {
  const { users } = server.tenant.tenant
  const original = server.tenant.tenant.findUser(contoso.serviceMailbox)
  if (original === undefined) throw new Error('the tenant has no service mailbox')
  await expectNothingStored(async () => {
    users.delete(original.id)
    const impostor = { ...original, id: server.deps.seams.newId(), displayName: 'Impostor' }
    users.put(impostor)
    const started = await startSystem(admin)
    await signInAs(admin, started, contoso.serviceMailbox)
    expect(await outcomeOf(admin, started)).toMatchObject({
      code: 'connections.wrong_account',
      actualName: `Impostor (${contoso.serviceMailbox})`,
    })
    users.delete(impostor.id)
    users.put(original)
  })
})

test('Personal: somebody else’s account is refused, also one with the right object id in another tenant', async () => {
  const me = await server.person(alice, ['employee'])
  await expectNothingStored(async () => {
    const asBob = await startPersonal(me)
    await signInAs(me, asBob, bob)
    expect(await outcomeOf(me, asBob)).toMatchObject({
      code: 'connections.wrong_account',
      expectedName: `Alice Meyer (${alice})`,
      actualName: `Bob Tanaka (${bob})`,
    })

    const { users } = server.tenant.tenant
    const home = server.tenant.tenant.findUser(alice)
    if (home === undefined) throw new Error('the tenant has no Alice')
    users.put({ ...home, homeTenantId: otherTenant })
    const asGuest = await startPersonal(me)
    await signInAs(me, asGuest, alice)
    expect(await outcomeOf(me, asGuest)).toMatchObject({ code: 'connections.wrong_account' })
    users.put(home)
  })
})

test('Personal: the right account is stored, whatever the case of its address', async () => {
  const me = await server.person(alice, ['employee'])
  const started = await startPersonal(me)
  await signInAs(me, started, alice.toUpperCase())
  expect(await outcomeOf(me, started)).toMatchObject({ outcome: 'stored', code: null })
})

test('a state is spent by its first callback', async () => {
  const started = await startSystem(admin)
  const back = await admin.signInAt(started.url, contoso.serviceMailbox)
  expect((await admin.get(back)).status).toBe(303)
  const calls = tokenCalls().length
  expect(await admin.get(back)).toMatchObject({ status: 400, location: null })
  expect(tokenCalls()).toHaveLength(calls)
})

test('two callbacks at the same instant: one token request', async () => {
  const started = await startSystem(admin)
  const back = await admin.signInAt(started.url, contoso.serviceMailbox)
  const answers = await Promise.all([admin.get(back), admin.get(back), admin.get(back)])
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400])
  expect(tokenCalls()).toHaveLength(1)
})

test('another browser, another session of the same user, another user: refused before the code is redeemed', async () => {
  const cases: [string, () => Promise<Visitor>][] = [
    ['same session, without the transaction cookie', async () => withoutCookies(admin)],
    ['same user, another session', async () => sameCookies(await server.person(admin.upn), admin)],
    ['another user', async () => sameCookies(await server.person(bob), admin)],
    ['nobody', async () => sameCookies(stranger(), admin)],
  ]
  for (const [name, completer] of cases) {
    await expectNothingStored(async () => {
      const started = await startSystem(admin)
      const back = await admin.signInAt(started.url, contoso.serviceMailbox)
      const calls = tokenCalls().length
      const answer = await (await completer()).get(back)
      expect(answer, name).toMatchObject({ status: 400, location: null })
      expect(tokenCalls(), name).toHaveLength(calls)
      expect(await outcomeOf(admin, started), name).toMatchObject({
        outcome: 'refused',
        code: 'connections.other_browser',
        actualName: null,
      })
    })
  }
})

test('after ten minutes the sign-in has expired', async () => {
  await expectNothingStored(async () => {
    const started = await startSystem(admin)
    const back = await admin.signInAt(started.url, contoso.serviceMailbox)
    server.advance(10 * 60 * 1000 + 1000)
    await admin.get(back)
    expect(await outcomeOf(admin, started)).toMatchObject({ code: 'connections.authorization_expired' })
    expect(tokenCalls()).toHaveLength(0)
    server.advance(-(10 * 60 * 1000 + 1000))
  })
})

test('a sign-in that nobody comes back from says so after ten minutes, so that the page behind stops waiting', async () => {
  const started = await startSystem(admin)
  expect(await outcomeOf(admin, started)).toMatchObject({ outcome: 'pending', code: null })
  server.advance(10 * 60 * 1000 + 1000)
  expect(await outcomeOf(admin, started)).toMatchObject({
    outcome: 'refused',
    code: 'connections.authorization_expired',
  })
  server.advance(-(10 * 60 * 1000 + 1000))
})

test('an answer at another app’s callback, with repeated parameters, a foreign issuer, no code or no state is refused', async () => {
  const changes: ((url: URL) => void)[] = [
    (url) => {
      url.pathname = '/oauth/callback/exchange-online-client-credentials'
    },
    (url) => url.searchParams.append('code', 'another'),
    (url) => url.searchParams.append('state', 'another'),
    (url) => url.searchParams.set('iss', 'https://login.microsoftonline.com/elsewhere/v2.0'),
    (url) => url.searchParams.delete('code'),
    (url) => url.searchParams.delete('state'),
    (url) => url.searchParams.set('state', 'x'.repeat(43)),
  ]
  await expectNothingStored(async () => {
    for (const change of changes) {
      const started = await startSystem(admin)
      const url = new URL(await admin.signInAt(started.url, contoso.serviceMailbox))
      change(url)
      await admin.get(url.href)
      const { outcome } = await outcomeOf(admin, started)
      expect(outcome).not.toBe('stored')
    }
    expect(tokenCalls()).toHaveLength(0)
  })
})

test('a code of another sign-in does not fit this one’s verifier', async () => {
  await expectNothingStored(async () => {
    const one = await startSystem(admin)
    const other = await startSystem(admin)
    const codeOfOne = new URL(await admin.signInAt(one.url, contoso.serviceMailbox)).searchParams.get('code')
    const url = new URL(await admin.signInAt(other.url, contoso.serviceMailbox))
    url.searchParams.set('code', codeOfOne ?? '')
    await admin.get(url.href)
    expect(await outcomeOf(admin, other)).toMatchObject({ outcome: 'refused', code: 'connections.provider_refused' })
  })
})

test('cancelling at Microsoft is said in our words, whatever the address says', async () => {
  const carla = await server.person('carla.rossi@contoso.example', ['employee'])
  const started = await startPersonal(carla)
  const back = await carla.signInAt(started.url, carla.upn, false)
  expect(new URL(back).searchParams.get('error')).toBe('access_denied')
  const url = new URL(back)
  url.searchParams.set('error_description', '<script>alert(1)</script>')
  const answer = await carla.get(url.href)
  expect(answer.text).not.toContain('script')
  const outcome = await outcomeOf(carla, started)
  expect(outcome).toMatchObject({ outcome: 'refused', code: 'connections.sign_in_denied' })
  expect(JSON.stringify(outcome)).not.toContain('script')
})

test('two sign-ins in one browser do not undo each other, and the first page of a shared computer asks which account', async () => {
  const me = await server.person(bob, ['employee', 'admin'])
  const first = await startPersonal(me)
  const second = await startSystem(me)
  expect(new URL(first.url).searchParams.get('prompt')).toBe('select_account')
  await signInAs(me, second, contoso.serviceMailbox)
  await signInAs(me, first, bob)
  expect(await outcomeOf(me, first)).toMatchObject({ outcome: 'stored' })
  expect(await outcomeOf(me, second)).toMatchObject({ outcome: 'stored' })
})

test('no token, code, secret or verifier was ever answered, written into a table in the clear, or put into a log', async () => {
  const everybody = [admin]
  const secrets = [
    contoso.personalAuth.clientSecret,
    ...server.tenant.tenant.refreshTokens.list().map(({ id }) => id),
    ...server.tenant.tenant.codes.list().map(({ id }) => id),
  ]
  expect(secrets.length).toBeGreaterThan(5)
  const answered = everybody
    .flatMap(({ answers }) => answers.map(({ text, location }) => `${location} ${text}`))
    .join('\n')
  const tables = ['tokens', 'authorizations', 'oauth_apps', 'audit_entries'] as const
  const rows = await Promise.all(tables.map((table) => server.deps.db.selectFrom(table).selectAll().execute()))
  const stored = JSON.stringify(rows, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  )
  for (const secret of secrets) {
    expect(answered).not.toContain(secret)
    expect(stored).not.toContain(secret)
  }
  expect(answered).not.toMatch(/eyJ[\w-]+\.eyJ/)
})

test('whose sign-in ended how is nobody else’s business', async () => {
  const started = await startSystem(admin)
  const other = await server.person(bob, ['employee'])
  expect((await other.get(`/api/connections/authorizations/${started.authorizationId}`)).status).toBe(404)
})

function withoutCookies(who: Visitor): Visitor {
  const { upn, sessionId, userId } = who
  return who.again({ upn, sessionId, userId })
}

function sameCookies(who: Visitor, source: Visitor): Visitor {
  return who.again({ upn: who.upn, sessionId: who.sessionId, userId: who.userId, jar: source.jar })
}

function stranger(): Visitor {
  return admin.again({ upn: 'nobody', sessionId: 'nobody', userId: 'nobody' })
}
