import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listAliases } from '#connections/alias.contract.ts'
import { listCredentials, readCredential } from '#connections/credential.contract.ts'
import { listExpiries } from '#connections/expiry.contract.ts'
import { listOAuthApps, readOAuthApp, updateOAuthApp } from '#connections/oauth-app.contract.ts'
import { listPersonalConnections } from '#connections/token.contract.ts'
import { managedConnection } from '#db/managed-postgres.ts'
import { openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { listLetters, readMail } from '#mail/contract.ts'
import { createApiToken } from '#people/api-token.contract.ts'
import { book, listReservations, readReservation } from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { type Anteroom, startAnteroom } from '../support/anteroom.ts'
import { api, enterEverySecret, lockedApi } from '../support/canary-credentials.ts'
import { type CertificateServer, startCertificateServer } from '../support/certificate-server.ts'
import { secretsFound } from '../support/disguises.ts'
import { application, personal } from '../support/entra-client.ts'
import { followFoundingPage } from '../support/founding-page.ts'
import { freePort } from '../support/free-port.ts'
import { Person } from '../support/person.ts'
import { type RecordingProxy, recordTokens } from '../support/recording-proxy.ts'
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'
import { until } from '../support/until.ts'

describe('secrets through every path', () => {
  let tenant: TestTenant
  let proxy: RecordingProxy
  let anteroom: Anteroom
  let there: RecordingServer
  let locked: CertificateServer
  let answers = ''
  const folder = mkdtempSync(join(tmpdir(), 'anteroom-canary-'))
  const secrets: Record<string, string> = {}

  beforeAll(async () => {
    const port = await freePort()
    tenant = await startTenant({ callbackBases: [`http://localhost:${port}`], switches: { deliveryDelayMs: 10 } })
    proxy = await recordTokens(tenant.origin)
    there = await startRecordingServer({
      '/refused': { status: 401 },
      '/elsewhere': { status: 302, headers: { location: 'https://elsewhere.example/' } },
      '/silence': { status: 0 },
    })
    locked = await startCertificateServer()
    writeFileSync(join(folder, 'authority.pem'), locked.certificate)
    anteroom = await startAnteroom({
      databaseUrl: null,
      folder,
      tenantOrigin: proxy.origin,
      hosts: { [new URL(api).host]: there.origin, [new URL(lockedApi).host]: `https://localhost:${locked.port}` },
      port,
      env: { ANTEROOM_LOG: 'trace', NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem') },
    })
    answers = await liveThrough(anteroom.origin)
  })
  afterAll(async () => {
    await anteroom?.stop()
    await proxy?.close()
    await there?.close()
    await locked?.close()
    await tenant?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A day at work: the founding page, a permission, a renewal, a reservation, a letter, credentials of every kind. Answers with everything the API said. */
  async function liveThrough(origin: string): Promise<string> {
    const ada = await Person.signIn(origin, 'ada.admin@contoso.example')
    await followFoundingPage(ada)
    const alice = await Person.signIn(origin, 'alice.meyer@contoso.example')
    await alice.authorise()
    const { token } = await alice.call(createApiToken, { body: { name: 'canary' } })
    await tenant.control('POST', '/clock/advance', { ms: 0 })
    const { rooms } = await alice.call(listRooms)
    const startsAt = new Date(Math.ceil(Date.now() / 3_600_000 + 24) * 3_600_000)
    const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 1_800_000).toISOString() }
    const made = await alice.call(book, { body: { roomId: rooms[0]?.id ?? '', subject: 'Canary', ...times } })
    const confirmed = async () =>
      (await alice.call(readReservation, { params: { id: made.id } })).reservation.state === 'confirmed'
    await until(confirmed, { what: 'the reservation is confirmed', timeoutMs: 30_000 })
    await warn(ada)
    const entered = await enterEverySecret(ada, locked.issue)
    Object.assign(secrets, entered.secrets, await collect({ ada, alice, apiToken: token }))
    return JSON.stringify([entered.answers, await asAdministrator(ada), await asEmployee(alice, made.id)])
  }

  /** Every client secret ends in five days, and whoever can act is told by mail. */
  async function warn(ada: Person): Promise<void> {
    const { rows } = await ada.call(listOAuthApps)
    const inFiveDays = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
    for (const { id } of rows) {
      const { version, clientSecrets } = await ada.call(readOAuthApp, { params: { id } })
      if (clientSecrets.length === 1)
        await ada.call(updateOAuthApp, { params: { id }, body: { version, clientSecretExpiresOn: inFiveDays } })
    }
    const connection = await managedConnection(join(folder, 'postgres'))
    const jobs = openJobs({ connection, log: silentLog, ...realSeams })
    await jobs.start()
    await jobs.add('connections.warn_of_expiry', {})
    await jobs.stop()
    await until(() => letters().length > 0, { what: 'the warning is sent', timeoutMs: 60_000 })
  }

  const letters = () =>
    existsSync(join(folder, 'mail')) ? readdirSync(join(folder, 'mail')).filter((name) => name.endsWith('.eml')) : []

  async function collect({ ada, alice, apiToken }: { ada: Person; alice: Person; apiToken: string }) {
    const tokens = Object.fromEntries(proxy.tokens.map(({ name, value }, index) => [`${name} ${index}`, value]))
    return {
      'client secret of the personal app': personal.client_secret,
      'client secret of the application': application.client_secret,
      'one-time code': anteroom.setupCode(),
      'API token': apiToken,
      ...tokens,
      ...ada.secretsOf('Ada'),
      ...alice.secretsOf('Alice'),
    }
  }

  async function asAdministrator(ada: Person) {
    const { rows } = await ada.call(listCredentials)
    const apps = await ada.call(listOAuthApps)
    return [
      rows,
      apps,
      await ada.call(listAliases),
      await Promise.all(rows.map(({ id }) => ada.call(readCredential, { params: { id } }))),
      await Promise.all(apps.rows.map(({ id }) => ada.call(readOAuthApp, { params: { id } }))),
      await ada.call(listExpiries),
      await ada.call(listLetters),
      await ada.call(readMail),
      await (await ada.send('GET', '/api/audit')).text(),
      await (await ada.send('GET', '/api/audit/export?format=json')).text(),
      await (await ada.send('GET', '/api/openapi.json')).text(),
      await (await ada.send('GET', '/')).text(),
    ]
  }

  async function asEmployee(alice: Person, id: string) {
    return [
      await alice.call(listPersonalConnections),
      await alice.call(listReservations),
      await alice.call(readReservation, { params: { id } }),
    ]
  }

  test('there are more than thirty of them, they were used, and each would be found', () => {
    expect(Object.keys(secrets).length).toBeGreaterThan(30)
    const called = there.seen.map(({ url, headers }) => `${url} ${JSON.stringify(headers)}`).join()
    expect(called).toContain(secrets['API key in a header'])
    expect(called).toContain(encodeURIComponent(secrets['API key in the address'] ?? ''))
    expect(called).toContain(secrets['Basic, as it travels'])
    expect(called).toContain(secrets['bearer token'])
    expect(locked.seen.some(({ name }) => name === 'canary')).toBe(true)
    expect(Object.keys(secrets).some((name) => name.startsWith('client_assertion'))).toBe(true)
    for (const [name, value] of Object.entries(secrets)) {
      expect(value.length, name).toBeGreaterThan(15)
      expect(secretsFound(Buffer.from(`before${value}after`), { [name]: value })).toEqual([name])
      expect(secretsFound(Buffer.from(Buffer.from(value).toString('hex')), { [name]: value })).toEqual([name])
      for (const before of ['', 'x', 'xy', 'xyz']) {
        const encoded = Buffer.from(Buffer.from(`${before}${value}and more`).toString('base64'))
        expect(secretsFound(encoded, { [name]: value })).toEqual([name])
      }
    }
  })

  test('none is in the log at trace level; the one-time code is in the start banner and nowhere else', () => {
    const log = Buffer.from(anteroom.output().replace(/one-time code:.*/, ''))
    expect(log.length).toBeGreaterThan(500)
    expect(secretsFound(log, secrets)).toEqual([])
  })

  test('none is in what the API and the pages answer', () => {
    expect(answers.length).toBeGreaterThan(5_000)
    expect(secretsFound(Buffer.from(answers), secrets)).toEqual([])
  })

  test('none is in a letter', () => {
    const written = letters().map((name) => readFileSync(join(folder, 'mail', name), 'latin1'))
    const texts = written.map((letter) => Buffer.from(letter.split('\r\n\r\n')[1] ?? '', 'base64').toString())
    expect(texts.join()).toContain('client secret')
    expect(secretsFound(Buffer.from([...written, ...texts].join('\n')), secrets)).toEqual([])
  })

  test('none is in any row of any table, job payloads included', async () => {
    const client = new pg.Client(await managedConnection(join(folder, 'postgres')))
    await client.connect()
    const { rows: tables } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'pgboss')",
    )
    const dump: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
      dump.push(...rows.map(({ row }) => row))
    }
    await client.end()
    expect(dump.length).toBeGreaterThan(100)
    expect(secretsFound(Buffer.from(dump.join('\n')), secrets)).toEqual([])
  })

  test('none is in the environment of the database, and no setting either', () => {
    const [pid = ''] = readFileSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')
    const environ = `/proc/${pid}/environ`
    const environment = existsSync(environ) ? readFileSync(environ) : execFileSync('ps', ['eww', '-p', pid])
    expect(environment.length).toBeGreaterThan(10)
    expect(secretsFound(environment, secrets)).toEqual([])
    expect(environment.toString()).not.toContain('ANTEROOM_')
  })

  test('none is in the files of the database, its log of changes included', async () => {
    await anteroom.stop() // which writes everything that was only in memory
    const files = readdirSync(join(folder, 'postgres'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.some(({ parentPath }) => parentPath.includes('pg_wal'))).toBe(true)
    const hits = files.flatMap(({ parentPath, name }) =>
      secretsFound(readFileSync(join(parentPath, name)), secrets).map((secret) => `${name}: ${secret}`),
    )
    expect(hits).toEqual([])
  })
})
