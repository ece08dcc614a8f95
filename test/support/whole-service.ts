import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readConfig } from '#kit/config.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { issueApiToken } from '#people/api-token.ts'
import type { Role } from '#people/contract.ts'
import { csrfTokenFor } from '#people/csrf.ts'
import { ensurePerson } from '#people/known-people.ts'
import { type Service, startService } from '../../src/service.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { freePort } from './free-port.ts'
import { startTenant, type TestTenant } from './tenant.ts'

const projectDir = resolve(import.meta.dirname, '../..')
const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'

/**
 * The service as `npm start` builds it, in this process: every route, the demo's rooms and records, a tenant for Microsoft. The
 * pages are one empty page and one asset.
 */
export type WholeService = {
  origin: string
  database: TestDatabase
  tenant: TestTenant
  service: Service
  /** Somebody known here with exactly these roles. */
  person: (name: string, roles: readonly Role[]) => Promise<{ id: string; name: string }>
  /** What a new browser session of this person sends with every request; they gave their password just now, unless told otherwise. */
  session: (userId: string, signIn?: { proved?: boolean }) => Promise<Record<string, string>>
  /** What a program with a new API token of this person sends. */
  token: (owner: { id: string; name: string }) => Promise<Record<string, string>>
  close: () => Promise<void>
}

export async function startWholeService(settings: Record<string, string> = {}): Promise<WholeService> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const [database, tenant] = await Promise.all([freshDatabase(), startTenant({ callbackBases: [origin] })])
  const folder = mkdtempSync(join(tmpdir(), 'anteroom-whole-'))
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>Anteroom</title>')
  writeFileSync(join(folder, 'web', 'assets', 'page-0123abcd.js'), '')
  const microsoft = ['graph.microsoft.com', 'login.microsoftonline.com']
  const environment = {
    ANTEROOM_PORT: String(port),
    ANTEROOM_DATABASE_URL: database.url,
    ANTEROOM_DATA_DIR: folder,
    ANTEROOM_ROOT_KEY_FILE: join(folder, 'root.key'),
    ANTEROOM_WEB_DIR: join(folder, 'web'),
    ANTEROOM_DEMO: 'on',
    ANTEROOM_STAND_INS: microsoft.map((host) => `${host}=${tenant.origin}`).join(','),
    ...settings,
  }
  const service = await startService({
    config: readConfig(environment, folder),
    seams: realSeams,
    log: silentLog,
    projectDir,
    onDatabaseLost: () => {},
  })
  const { db } = database
  return {
    origin,
    database,
    tenant,
    service,
    person: async (name, roles) => {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}@contoso.example`
      const known = { tenantId, objectId: realSeams.newId(), email, displayName: name, roles, timeZone: null }
      const { user } = await ensurePerson({ db, seams: realSeams }, known)
      return { id: user.id, name }
    },
    session: (userId, signIn) => newSession(database, userId, signIn),
    token: async ({ id, name }) => {
      const order = { owner: { id, displayName: name }, by: { id: null, name: 'test' }, name: 'test', expiresInDays: 1 }
      const { token } = await issueApiToken({ db, seams: realSeams }, order)
      return { authorization: `Bearer ${token.open('show_once')}` }
    },
    close: async () => {
      await service.stop()
      await tenant.close()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As after a sign-in: the cookie, what pages send back with a write, and what browsers say about where it comes from. */
async function newSession(
  { db }: TestDatabase,
  userId: string,
  { proved = true }: { proved?: boolean } = {},
): Promise<Record<string, string>> {
  const token = randomBytes(32).toString('base64url')
  const now = realSeams.now()
  await db
    .insertInto('sessions')
    .values({
      id: realSeams.newId(),
      token_hash: createHash('sha256').update(token).digest(),
      user_id: userId,
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + 3_600_000),
      ended_at: null,
      proved_at: proved ? now : null,
    })
    .execute()
  return {
    cookie: `an_s=${token}`,
    'x-anteroom-csrf': csrfTokenFor(new Secret(token)),
    'sec-fetch-site': 'same-origin',
  }
}
