import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Jobs, openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { openPost } from '#mail/post.ts'
import type { LetterRecord } from '#mail/queries.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { plantTokenHolders } from '../../test/support/token-holders.ts'
import type { Expiry } from './expiry.contract.ts'
import { warningDueAt, warnOfExpiry } from './expiry.ts'

const dayMs = 24 * 3_600_000
const inDays = (days: number) => new Date(server.deps.seams.now().getTime() + days * dayMs)
const dateIn = (days: number) => inDays(days).toISOString().slice(0, 10)

let server: ConnectionsServer
let jobs: Jobs
let admin: Visitor
let app: { id: string; version: number }
let personal: { id: string }
beforeAll(async () => {
  server = await startConnectionsServer()
  jobs = openJobs({ connection: server.database.connection, log: silentLog, ...server.deps.seams })
  await jobs.start()
  admin = await server.person('ada.admin@contoso.example', ['oauth_admin', 'credential_admin'])
  await server.person('bob.tanaka@contoso.example', ['employee'])
  await fillInApp(admin, contoso.personalAuth)
  personal = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  app = await admin.find('oauth-apps', contoso.personalAuth.name)
})
afterAll(async () => {
  await jobs.stop()
  await server.close()
})

/** What warning wrote just now, in the table of letters. */
async function warn(): Promise<LetterRecord[]> {
  const { db } = server.deps
  await warnOfExpiry({ ...server.deps, post: openPost({ jobs, seams: server.deps.seams }) })
  return db.deleteFrom('letters').returningAll().execute()
}
const expiries = async () => (await admin.get('/api/connections/expiry')).body.expiries as Expiry[]

test('a warning is due at the nearest mark that is reached', () => {
  const due = [61, 60, 31, 30, 8, 7, 2, 1, 0, -1, -2].map(warningDueAt)
  expect(due).toEqual([null, 60, 60, 30, 30, 7, 7, 1, 1, 1, null])
})

test('a client secret: its date is kept, shown in the calendar, and told to administrators once at each mark', async () => {
  const saved = await admin.send('PATCH', `/api/connections/oauth-apps/${app.id}`, {
    version: app.version,
    clientSecretExpiresOn: dateIn(65),
  })
  expect(saved.body, saved.text).toMatchObject({ clientSecretExpiresOn: dateIn(65) })
  expect(await expiries()).toMatchObject([
    { kind: 'client_secret', subject: { id: app.id }, daysLeft: 65, whoMustAct: 'administrator', warnedAt: null },
  ])
  expect(await warn()).toEqual([])

  const told: string[][] = []
  for (const days of [6, 30, 22, 5, 1, 3]) {
    server.advance(days * dayMs)
    const mails = [...(await warn()), ...(await warn())]
    told.push(mails.map(({ to_email, subject }) => `${to_email}: ${subject.split(': ')[1]}`))
  }
  const ada = 'ada.admin@contoso.example'
  expect(told).toEqual([
    [`${ada}: expires in 59 days`],
    [`${ada}: expires in 29 days`],
    [`${ada}: expires in 7 days`],
    [],
    [`${ada}: expires tomorrow`],
    [],
  ])
  expect(await expiries()).toMatchObject([{ daysLeft: -2, warnedAt: expect.any(String) }])
  server.advance(-67 * dayMs)
})

test('a letter says where to go; if it cannot be written, the warning is not taken for given', async () => {
  const { version } = await admin.find('oauth-apps', contoso.personalAuth.name)
  await admin.send('PATCH', `/api/connections/oauth-apps/${app.id}`, { version, clientSecretExpiresOn: dateIn(20) })
  await sql`alter table letters rename to letters_away`.execute(server.deps.db)
  await warnOfExpiry({ ...server.deps, post: openPost({ jobs, seams: server.deps.seams }) })
  await sql`alter table letters_away rename to letters`.execute(server.deps.db)
  const [letter] = await warn()
  expect(letter?.text).toContain(`${server.origin}/console/oauth-apps/${app.id}`)
  expect(await warn()).toEqual([])
})

test('a consent that was taken back is in the calendar until it is given again, and whoever it is about is told once', async () => {
  const [holder] = await plantTokenHolders(server.deps, { credentialId: personal.id, count: 1, lifeMs: -1 })
  const now = server.deps.seams.now()
  const lost = { state: 'reauth_required' as const, last_error_code: 'connections.consent_missing', last_error_at: now }
  const { db } = server.deps
  await db
    .updateTable('tokens')
    .set(lost)
    .where('id', '=', holder?.tokenId ?? '')
    .execute()
  const about = async () => (await expiries()).filter(({ kind }) => kind === 'consent')
  expect(await about()).toMatchObject([
    { account: holder?.upn, whoMustAct: 'person', warnedAt: null, say: expect.stringContaining('consent') },
  ])
  const mails = [...(await warn()), ...(await warn())].filter(({ to_email }) => to_email === holder?.upn)
  expect(mails).toMatchObject([{ subject: 'Ms Graph Personal: its consent was taken back' }])
  expect(await about()).toMatchObject([{ warnedAt: expect.any(String) }])
  await db
    .updateTable('tokens')
    .set({ state: 'ready', last_error_code: null })
    .where('id', '=', holder?.tokenId ?? '')
    .execute()
  expect(await about()).toEqual([])
})

test('a person whose permission could not be renewed is told themselves, and a token that is renewed weekly is never in the calendar', async () => {
  const [lapsing, renewed] = await plantTokenHolders(server.deps, { credentialId: personal.id, count: 2, lifeMs: -1 })
  await server.deps.db
    .updateTable('tokens')
    .set({ works_until: inDays(7) })
    .where('id', '=', lapsing?.tokenId ?? '')
    .execute()
  const [mail, ...others] = await warn()
  expect(others).toEqual([])
  expect(mail).toMatchObject({ to_email: lapsing?.upn, text: expect.stringContaining('/my-connections') })
  const accounts = (await expiries()).map(({ account }) => account)
  expect(accounts).toContain(lapsing?.upn)
  expect(accounts).not.toContain(renewed?.upn)
})

test('several secrets: each has its day, and nobody is warned of one that another outlasts, once that is known to work', async () => {
  const at = `/api/connections/oauth-apps/${app.id}`
  const more = { label: 'from 2027', value: 'the-next-secret', expiresOn: dateIn(300) }
  const { body } = await admin.send('POST', `${at}/secrets`, more)
  const next = (body.clientSecrets as { id: string; label: string }[]).find(({ label }) => label === 'from 2027')
  const secrets = async () => (await expiries()).filter(({ kind }) => kind === 'client_secret')
  expect(await secrets()).toMatchObject([
    { label: 'Client secret', daysLeft: 20, covered: false },
    { label: 'from 2027', daysLeft: 300, covered: false },
  ])
  await note({ worked_at: inDays(0) })
  expect(await secrets()).toMatchObject([
    { covered: true, say: expect.stringContaining('Remove it when it has ended.') },
    { covered: false },
  ])
  server.advance(14 * dayMs)
  expect(await warn()).toEqual([])
  await note({ refused_at: inDays(0) })
  expect((await warn()).map(({ text }) => text)).toEqual([expect.stringContaining('The client secret of Microsoft')])
  server.advance(-14 * dayMs)

  function note(history: object) {
    return server.deps.db
      .updateTable('client_secrets')
      .set(history)
      .where('id', '=', next?.id ?? '')
      .execute()
  }
})

test('certificates: of an app and of a credential, each named, and said where it is mended', async () => {
  await admin.send('POST', `/api/connections/oauth-apps/${app.id}/key-pairs`, { label: 'Autumn', days: 25 })
  const locked = { name: 'Badge readers', type: 'client_certificate', destination: 'https://api.fabrikam.example' }
  const { body } = await admin.send('POST', '/api/connections/credentials', locked)
  await admin.send('POST', `/api/connections/credentials/${body.id}/key-pair`, { days: 26 })
  expect((await expiries()).filter(({ kind }) => kind === 'certificate')).toMatchObject([
    { subject: { kind: 'oauth_app', id: app.id }, label: 'Autumn', daysLeft: 25, whoMustAct: 'administrator' },
    { subject: { kind: 'credential', id: body.id, name: 'Badge readers' }, label: null, daysLeft: 26 },
  ])
  const mails = await warn()
  expect(mails.map(({ text }) => text)).toEqual([
    expect.stringContaining(`${server.origin}/console/oauth-apps/${app.id}`),
    expect.stringContaining(`${server.origin}/console/credentials/${body.id}`),
  ])
})

test('who may not configure connections does not see the calendar', async () => {
  const employee = await server.person('carla.rossi@contoso.example', ['employee'])
  expect((await employee.get('/api/connections/expiry')).status).toBe(403)
})
