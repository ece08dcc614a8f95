import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Secret } from '#kit/secret.ts'
import { notePresence, readTerms } from '#vault/queries.ts'
import { advanceRotation, beginRotation } from '#vault/rotation.ts'
import {
  type Answer,
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  type Visitor,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { plantTokenHolders } from '../../test/support/token-holders.ts'
import { checkSealed } from './check-sealed.ts'
import { insertClientSecret } from './client-proof-queries.ts'
import { readGrantSetup } from './grant-setup.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { forgetSealed, sealedColumns } from './sealed-values.ts'
import { clientSecretBinding, sealTokens } from './sealing.ts'
import { readToken, updateToken } from './token-queries.ts'

const count = 300

let server: ConnectionsServer
let credentialId: string
beforeAll(async () => {
  server = await startConnectionsServer()
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  credentialId = (await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)).id
  await plantOtherSecrets(admin)
  await plantTokenHolders(server.deps, { credentialId, count, lifeMs: 3_600_000 })
})
afterAll(() => server.close())

/** Client secrets of today and of older installations, a key, and a value of each type: `others` of them. */
const others = 6

async function plantOtherSecrets(admin: Visitor): Promise<void> {
  const { db, vault, seams } = server.deps
  const { id } = await admin.find('oauth-apps', contoso.personalAuth.name)
  const app = await readOAuthAppRow(db, id)
  if (app === undefined) throw new Error('the app is gone')
  const older = { id: seams.newId(), secret_version: 3, sealed_as: 'oauth_apps' as const }
  const value = vault.seal(new Secret('of an older installation'), clientSecretBinding(app, older))
  const set = { set_at: seams.now(), set_by: 'Ada', expires_on: null }
  await insertClientSecret(db, { ...older, ...set, oauth_app_id: id, label: 'Older', value })
  await done(admin.send('POST', `/api/connections/oauth-apps/${id}/key-pairs`, { label: 'Key', days: 30 }))
  const destination = 'https://api.fabrikam.example'
  for (const more of [
    { type: 'bearer', secret: 'a-bearer-token' },
    { type: 'basic', username: 'room-display', secret: 'a password' },
    { type: 'api_key', keyIn: 'header', keyName: 'X-Key', secret: 'an-api-key' },
  ])
    await done(
      admin.send('POST', '/api/connections/credentials', { name: `Weather ${more.type}`, destination, ...more }),
    )
}

async function done(answer: Promise<Answer>): Promise<void> {
  const { status, text } = await answer
  expect(status, text).toBe(201)
}

/** Bytes that are no sealed values: hashes of what somebody holds, and what proves the key itself. */
const notSealed = [
  'api_tokens.secret_hash',
  'authorizations.state_hash',
  'sessions.token_hash',
  'setup_codes.code_hash',
  'sign_in_attempts.state_hash',
  'subscriptions.client_state_hash',
  'vault_keys.canary',
]

test('no column with sealed values is forgotten when the key changes', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and data_type = 'bytea' order by 1`.execute(
    server.deps.db,
  )
  const listed = [...sealedColumns.map(({ name }) => name), ...notSealed]
  expect(rows.map(({ name }) => name)).toEqual(listed.toSorted())
})

test('every value is wrapped anew, opens where it belongs and nowhere else, and what was written meanwhile wins', async () => {
  const { db, vault, seams, log } = server.deps
  const before = await checkSealed({ db, vault })
  expect(before).toEqual({ opened: 2 * count + others, failed: [] })
  await notePresence(db, seams.newId(), await vault.learn())
  const versions = await secretVersions()
  const by = { id: null, name: 'a test', requestId: null }
  const term = await beginRotation({ db, rootKeyFile: server.rootKeyFile, seams }, by, { newRoot: false })
  await sql`update vault_processes set terms = array_append(terms, ${String(term)}::bigint)`.execute(db)

  const holder = await db.selectFrom('tokens').selectAll().orderBy('id').executeTakeFirstOrThrow()
  const owner = { credentialId, userId: holder.user_id }
  const [access] = sealedColumns
  const racing: typeof access = access && {
    ...access,
    replace: async (trx, changes) => {
      if (changes.some(({ id }) => id === holder.id)) await renewed(holder.id)
      return access.replace(trx, changes)
    },
  }
  const columns = sealedColumns.map((column) => (column === access && racing ? racing : column))
  await advanceRotation({ db, vault, log, columns })

  expect(await checkSealed({ db, vault })).toEqual(before)
  const token = await readToken(db, owner)
  expect(token?.secret_version).toBe(holder.secret_version + 1)
  const terms = await readTerms(db)
  for (const column of sealedColumns) {
    expect(await column.countUnder(db, term), column.name).toBeGreaterThan(0)
    for (const { id } of terms) if (id !== term) expect(await column.countUnder(db, id), column.name).toBe(0)
  }
  expect(await secretVersions(), 'nothing but the wrapping of the data keys changes').toEqual(versions)
})

async function secretVersions() {
  const { rows } = await sql`
    select id, secret_version from client_secrets union all select id, secret_version from client_certificates
    union all select id, secret_version from credentials order by 1`.execute(server.deps.db)
  return rows
}

/** As a refresh does that commits while its old value is being wrapped anew. */
async function renewed(tokenId: string): Promise<void> {
  const { db, vault } = server.deps
  const token = await db.selectFrom('tokens').selectAll().where('id', '=', tokenId).executeTakeFirstOrThrow()
  const next = { ...token, secret_version: token.secret_version + 1 }
  const setup = await readGrantSetup(db, credentialId)
  const secrets = { ...setup, accessToken: new Secret('renewed'), refreshToken: new Secret('renewed too') }
  await updateToken(db, tokenId, { ...sealTokens(vault, next, secrets), secret_version: next.secret_version })
}

test('a value that was damaged, or put into another row, is named by the check', async () => {
  const { db, vault } = server.deps
  const [one, other] = await db.selectFrom('tokens').selectAll().orderBy('id', 'desc').limit(2).execute()
  await db
    .updateTable('tokens')
    .set({ access_token: other?.access_token ?? null })
    .where('id', '=', one?.id ?? '')
    .execute()
  const { failed } = await checkSealed({ db, vault })
  expect(failed).toEqual([{ table: 'tokens', id: one?.id, column: 'access_token', because: 'vault.auth' }])
})

test('when the key is lost, every secret is given up and every record stays', async () => {
  const { db, vault, seams } = server.deps
  const records = async () =>
    (
      await sql<{
        n: number
      }>`select (select count(*) from tokens)::int + (select count(*) from oauth_apps)::int + (select count(*) from credentials)::int as n`.execute(
        db,
      )
    ).rows
  const before = await records()
  expect(await forgetSealed(db, seams.now())).toBe(count)
  expect(await records()).toEqual(before)
  expect(await checkSealed({ db, vault })).toEqual({ opened: 0, failed: [] })
  const states = await db.selectFrom('tokens').select(['state', 'last_error_say']).distinct().execute()
  expect(states).toEqual([{ state: 'reauth_required', last_error_say: expect.stringContaining('lost') }])
})
