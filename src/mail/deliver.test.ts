import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { transaction } from '#db/transaction.ts'
import { type Jobs, openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type SmtpServer, startSmtpServer } from '../../test/support/smtp-server.ts'
import { until } from '../../test/support/until.ts'
import { type DeliverDeps, deliverLetters } from './deliver.ts'
import { workMail } from './jobs.ts'
import { openPost, type Post } from './post.ts'
import { claimLetter, makeDueAgain } from './queries.ts'
import { smtpMailer } from './smtp.ts'

const from = { name: 'Anteroom', email: 'anteroom@rooms.example' }
const dayMs = 24 * 3_600_000

let database: TestDatabase
let jobs: Jobs
let post: Post
let server: SmtpServer
beforeAll(async () => {
  database = await freshDatabase()
  jobs = openJobs({ connection: database.connection, log: silentLog, ...realSeams })
  await jobs.start()
  post = openPost({ jobs, seams: realSeams })
})
afterAll(async () => {
  await jobs.stop()
  await database.drop()
})
beforeEach(async () => {
  server = await startSmtpServer()
  await database.db.deleteFrom('letters').execute()
})
afterEach(() => server.close())

function deps(more: Partial<DeliverDeps> = {}): DeliverDeps {
  const { host, port } = server
  const address = { host, port, secure: false, user: null, password: null }
  const mailer = smtpMailer({ server: address, from, ownName: 'rooms.example', seams: realSeams })
  return { db: database.db, log: silentLog, seams: realSeams, mailer, ...more }
}

const write = (name: string) =>
  transaction(database.db, (trx) =>
    post(
      trx,
      { to: { name, email: `${name}@contoso.example` }, subject: `To ${name}`, text: 'Hello\n' },
      'mail.test_letter',
    ),
  )
const rows = () => database.db.selectFrom('letters').selectAll().orderBy('to_name').execute()
const allDue = () =>
  database.db
    .updateTable('letters')
    .set({ due_at: new Date(0) })
    .execute()
const recipients = () => server.letters.map(({ to }) => to[0])

test('what is undone writes to nobody; what is committed is sent once, however many deliver', async () => {
  const undone = transaction(database.db, async (trx) => {
    await post(trx, { to: { name: 'x', email: 'x@contoso.example' }, subject: '', text: '' }, 'mail.test_letter')
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  for (const name of ['a', 'b', 'c']) await write(name)
  await Promise.all([deliverLetters(deps()), deliverLetters(deps()), deliverLetters(deps())])
  expect(recipients().sort()).toEqual(['a', 'b', 'c'].map((name) => `${name}@contoso.example`))
  expect(await rows()).toMatchObject(['a', 'b', 'c'].map(() => ({ state: 'sent', tries: 1, trouble: null })))
})

test('a mail server that is away stops nothing: the letter waits, longer each time, and goes when it is back', async () => {
  await write('a')
  server.instead.EHLO = 'drop'
  for (const minutes of [1, 2, 4]) {
    await allDue()
    await deliverLetters(deps())
    const [letter] = await rows()
    expect(letter).toMatchObject({ state: 'waiting', trouble: expect.stringContaining('cannot be used') })
    expect(Math.round((Number(letter?.due_at) - Date.now()) / 60_000)).toBe(minutes)
  }
  await write('b')
  await allDue()
  await deliverLetters(deps())
  expect((await rows()).map(({ tries }) => tries).sort(), 'where nobody is, the others are not tried').toEqual([0, 4])

  delete server.instead.EHLO
  await allDue()
  await deliverLetters(deps())
  expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent'])
})

test('one address that nobody has holds up nobody else, and is not tried again', async () => {
  await write('a')
  await write('b')
  server.instead.RCPT = '550 5.1.1 nobody'
  await deliverLetters(deps())
  expect(await rows()).toMatchObject([
    { state: 'failed', trouble: expect.stringContaining('550 5.1.1 nobody') },
    { state: 'failed' },
  ])
  delete server.instead.RCPT
  await allDue()
  await deliverLetters(deps())
  expect(recipients()).toEqual([])
  const [letter] = await rows()
  await makeDueAgain(database.db, letter?.id ?? '', new Date())
  await deliverLetters(deps())
  expect(recipients()).toEqual(['a@contoso.example'])
})

test('an address that would be a header is refused for good, without a word to the server', async () => {
  await write('a')
  await database.db.updateTable('letters').set({ to_email: 'a@b\r\nRCPT TO:<x@y.example>' }).execute()
  await deliverLetters(deps())
  expect(await rows()).toMatchObject([{ state: 'failed', trouble: expect.stringContaining('characters') }])
  expect(server.said).toEqual([])
})

test('after three days it is not tried any more, and says so', async () => {
  await write('a')
  server.instead.EHLO = 'drop'
  await deliverLetters(deps({ seams: { now: () => new Date(Date.now() + 3.1 * dayMs) } }))
  expect(await rows()).toMatchObject([{ state: 'failed' }])
})

test('a process that was killed with a letter leaves it to the next, which sends it under the same Message-ID', async () => {
  await write('a')
  const claimed = await claimLetter(database.db, 1_000)
  await deliverLetters(deps())
  expect(recipients(), 'it is claimed').toEqual([])
  const sent = async () => {
    await deliverLetters(deps())
    return server.letters.length === 1
  }
  await until(sent, { what: 'the claim is over', timeoutMs: 10_000 })
  expect(server.letters[0]?.message).toContain(`Message-ID: <${claimed?.id}@rooms.example>`)
})

test('posting wakes the job', async () => {
  const working = openJobs({ connection: database.connection, log: silentLog, ...realSeams })
  workMail(working, deps())
  await working.start()
  await write('a')
  await until(() => server.letters.length === 1, { what: 'the letter is sent', timeoutMs: 20_000 })
  await working.stop()
})
