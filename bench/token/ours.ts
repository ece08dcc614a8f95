import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { type GrantSetup, readGrantSetup } from '#connections/grant-setup.ts'
import { tokenForCall } from '#connections/present-token.ts'
import { resolveOutlet } from '#connections/resolve.ts'
import { sealTokens } from '#connections/sealing.ts'
import { shipRecords } from '#connections/shipped-records.ts'
import { storeClientSecret } from '#connections/stored-client-secret.ts'
import { openTokenMemory } from '#connections/token-memory.ts'
import { byItself, openUses } from '#connections/token-use.ts'
import { openDatabase } from '#db/database.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { migrate } from '#db/migrate.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { parseStandIns } from '#kit/stand-ins.ts'
import { openVault } from '#vault/vault.ts'

const aliasId = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const credentialName = 'Ms Graph Personal'
const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'
const hourMs = 3_600_000
const batch = 500

export type Ours = {
  /** More people with a valid token each; the ids of all there are. */
  plant: (count: number, accessToken: () => string) => Promise<string[]>
  /** What is measured: what the alias comes to for this person, and the person's token, opened and its use noted for the audit trail. */
  token: (userId: string) => Promise<string>
  /** Empties what the process remembers. */
  forget: () => Promise<void>
  close: () => Promise<void>
}

/** Connections as the service has them, on a managed PostgreSQL of their own. */
export async function openOurs(): Promise<Ours> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-bench-token-'))
  const postgres = await startManagedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: silentLog,
    wait: realSeams.wait,
  })
  const db = openDatabase(postgres.connection)
  await migrate(db)
  const vault = await openVault({ db, rootKeyFile: path.join(folder, 'root.key'), seams: realSeams, log: silentLog })
  const memory = await openTokenMemory({ db, seams: realSeams })
  const uses = openUses({ db, seams: realSeams, log: silentLog })
  const deps: ConnectionsDeps = {
    db,
    seams: realSeams,
    log: silentLog,
    vault,
    publicUrl: 'http://localhost',
    standIns: parseStandIns(''),
    publish: () => undefined,
    memory,
    uses,
  }
  const use = byItself('measured')
  await shipRecords(deps)
  const setup = await setUp(deps)
  const people: string[] = []
  return {
    plant: async (count, accessToken) => {
      while (people.length < count)
        people.push(...(await plantBatch(deps, setup, { count: count - people.length, accessToken })))
      return people
    },
    token: async (userId) => {
      const outlet = await resolveOutlet(deps, aliasId, { userId })
      if (outlet.setup === null) throw new Error('The alias came to no token: the comparison would be void.')
      const { accessToken } = await tokenForCall(deps, outlet, use)
      return accessToken.open('call')
    },
    forget: async () => {
      await db.updateTable('aliases').set({ updated_by: 'the bench' }).execute()
      await new Promise((resolve) => setTimeout(resolve, 500))
    },
    close: async () => {
      await uses.close()
      await memory.close()
      await db.destroy()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The shipped app filled in, and its default profile chosen on the Personal credential. */
async function setUp(deps: ConnectionsDeps): Promise<GrantSetup> {
  const { db } = deps
  const credential = await db
    .selectFrom('credentials')
    .selectAll()
    .where('name', '=', credentialName)
    .executeTakeFirstOrThrow()
  const app = await db
    .selectFrom('oauth_apps')
    .selectAll()
    .where('redirect_context', '=', 'exchange-online-personal-auth')
    .executeTakeFirstOrThrow()
  const authority = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0`
  const address = {
    client_id: randomUUID(),
    authorization_url: `${authority}/authorize`,
    token_url: `${authority}/token`,
  }
  await db.updateTable('oauth_apps').set(address).where('id', '=', app.id).execute()
  const secret = { value: 'not used', label: 'bench', expiresOn: null, by: 'bench' }
  await storeClientSecret(deps, { ...app, ...address }, secret)
  const profile = await db
    .selectFrom('oauth_entity_profiles')
    .select('id')
    .where('oauth_app_id', '=', app.id)
    .executeTakeFirst()
  const profileId = profile?.id ?? randomUUID()
  if (profile === undefined) {
    await db
      .insertInto('oauth_entity_profiles')
      .values({
        id: profileId,
        oauth_app_id: app.id,
        name: 'default',
        grant_type: 'authorization_code',
        is_default: true,
      })
      .execute()
  }
  await db
    .updateTable('credentials')
    .set({ oauth_entity_profile_id: profileId })
    .where('id', '=', credential.id)
    .execute()
  return readGrantSetup(db, credential.id)
}

async function plantBatch(
  { db, vault }: ConnectionsDeps,
  setup: GrantSetup,
  { count, accessToken }: { count: number; accessToken: () => string },
): Promise<string[]> {
  const users = Array.from({ length: Math.min(count, batch) }, () => ({
    id: realSeams.newId(),
    tenant_id: tenantId,
    object_id: randomUUID(),
    email: `${randomUUID()}@contoso.example`,
    display_name: 'Somebody',
    password_hash: null,
    last_sign_in_at: null,
  }))
  await db.insertInto('users').values(users).execute()
  const now = new Date()
  const tokens = users.map(({ id, object_id }) => {
    const record = { id: realSeams.newId(), credential_id: setup.credential.id, user_id: id, secret_version: 1 }
    const secrets = {
      ...setup,
      accessToken: new Secret(accessToken()),
      refreshToken: new Secret('a refresh token of some length '.repeat(30)),
    }
    return {
      ...record,
      ...sealTokens(vault, record, secrets),
      oauth_app_id: setup.app.id,
      state: 'ready' as const,
      account_tenant_id: tenantId,
      account_object_id: object_id,
      scopes_asked: ['Calendars.ReadWrite'],
      scopes_granted: ['Calendars.ReadWrite'],
      access_expires_at: new Date(now.getTime() + 10 * hourMs),
      works_until: new Date(now.getTime() + 90 * 24 * hourMs),
      obtained_by: 'Somebody',
      obtained_at: now,
    }
  })
  await db.insertInto('tokens').values(tokens).execute()
  return users.map(({ id }) => id)
}
