import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolOf } from '#db/database.ts'
import { migrate, migrationsDir, readMigrations } from '#db/migrate.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { associatedData, type Binding, deriveWrappingKey, sealBlob } from '#vault/blob.ts'
import { sealCanary } from '#vault/keyring.ts'
import { createRootKey } from '#vault/root-key.ts'
import { openVault, type Vault } from '#vault/vault.ts'
import { emptyDatabase, type TestDatabase } from '../../test/support/database.ts'
import { clientFor } from './client-for.ts'
import { readClientProofs } from './client-proof-queries.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'

/*
 * An installation that is older than the table of client secrets: its secret was sealed as a column of its OAuth app. A migration has no root key,
 * so it moves the blob as it is.
 */

const appId = '019ac7d2-0000-7000-8000-000000000001'
const tokenUrl = 'https://login.microsoftonline.com/ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4/oauth2/v2.0/token'
const before = '0006_'

let database: TestDatabase
let folder: string
let vault: Vault
beforeAll(async () => {
  database = await emptyDatabase()
  folder = await mkdtemp(join(tmpdir(), 'anteroom-older-'))
  for (const { name } of await readMigrations())
    if (name < before) await cp(join(migrationsDir, name), join(folder, 'migrations', name))
  await migrate(database.db, join(folder, 'migrations'))
  await plantOlderApp()
  await migrate(database.db)
  vault = await openVault({ db: database.db, rootKeyFile: join(folder, 'root.key'), seams: realSeams, log: silentLog })
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** A vault as it was then: one key, and one canary for the whole database. */
async function plantOlderVault(): Promise<(text: string, binding: Binding) => Buffer> {
  const pool = poolOf(database.db)
  const [installId, term, rootKey] = [realSeams.newId(), 4_000_000_007, realSeams.randomBytes(32)]
  createRootKey(join(folder, 'root.key'), rootKey)
  const wrapping = deriveWrappingKey(Buffer.from(rootKey), installId, term)
  const canary = sealCanary(installId, wrapping, realSeams.randomBytes)
  await pool.query('insert into installation (id) values ($1)', [installId])
  await pool.query("insert into vault_keys (id, state) values ($1, 'primary')", [term])
  await pool.query('insert into vault_canary (blob) values ($1)', [canary])
  return (text, binding) =>
    sealBlob(text, associatedData(installId, binding), { wrapping, randomBytes: realSeams.randomBytes })
}

async function plantOlderApp(): Promise<void> {
  const seal = await plantOlderVault()
  const blob = seal('the secret of an older installation', {
    table: 'oauth_apps',
    column: 'client_secret',
    recordId: appId,
    ownerId: appId,
    purpose: 'client_authentication',
    destination: `${tokenUrl}|client-7`,
    secretVersion: 3,
  })
  const pool = poolOf(database.db)
  await pool.query("insert into application_scopes (id, key, name) values ($1, 'global', 'Global')", [appId])
  await pool.query(
    `insert into oauth_apps (id, name, application_scope_id, client_id, client_secret, client_secret_version,
       client_secret_expires_on, authorization_url, token_url, redirect_context, updated_by)
     values ($1, 'Older', $1, 'client-7', $2, 3, '2027-03-31', $3, $4, 'older', 'Ada Okafor')`,
    [appId, blob, tokenUrl.replace('/token', '/authorize'), tokenUrl],
  )
  await pool.query(
    `insert into expiry_warnings (subject_kind, subject_id, expires_on, days_before, told)
     values ('client_secret', $1, '2027-03-31', 60, 'ada.admin@contoso.example')`,
    [appId],
  )
}

async function opened(): Promise<string | null> {
  const app = await readOAuthAppRow(database.db, appId)
  if (app === undefined) throw new Error('the app is gone')
  const deps = { db: database.db, seams: realSeams, vault, log: silentLog }
  const proofs = await readClientProofs(database.db, appId)
  const [proof] = clientFor(deps, { app, proofs, profile: { grantType: 'client_credentials' } }).proofs
  return proof?.is === 'secret' ? proof.secret.open('client_authentication') : null
}

test('its secret keeps opening, with its day, its author and the warning that was given', async () => {
  expect(await opened()).toBe('the secret of an older installation')
  const { secrets } = await readClientProofs(database.db, appId)
  expect(secrets).toMatchObject([{ label: 'Client secret', expires_on: '2027-03-31', set_by: 'Ada Okafor' }])
  const { rows } = await poolOf(database.db).query('select subject_id from expiry_warnings')
  expect(rows).toEqual([{ subject_id: secrets[0]?.id }])
})

test('it stays bound to its app and destination: neither another client ID nor another claim about it opens it', async () => {
  const pool = poolOf(database.db)
  await pool.query("update oauth_apps set client_id = 'client-8'")
  await expect(opened()).rejects.toMatchObject({ code: 'vault.auth' })
  await pool.query("update oauth_apps set client_id = 'client-7'")
  await pool.query("update client_secrets set sealed_as = 'client_secrets'")
  await expect(opened()).rejects.toMatchObject({ code: 'vault.auth' })
})
