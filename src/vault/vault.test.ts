import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { Binding } from './blob.ts'
import { formatRootKey } from './root-key.ts'
import { openVault } from './vault.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'anteroom-vault-'))
const rootKeyFile = path.join(folder, 'keys', 'root.key')
let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const open = (file = rootKeyFile) => openVault({ db: database.db, rootKeyFile: file, seams: realSeams, log: silentLog })
const binding: Binding = {
  table: 'tokens',
  column: 'refresh_token',
  recordId: 'r1',
  ownerId: 'u1',
  purpose: 'refresh',
  destination: 'https://issuer|https://issuer/token|app',
  secretVersion: 3,
}
const secret = new Secret('a refresh token')

test('several processes that start on a new database agree on one root key, readable by its owner alone', async () => {
  const vaults = await Promise.all([open(), open(), open()])
  const blob = vaults[0]?.seal(secret, binding)
  for (const vault of vaults) {
    expect(vault.state()).toEqual({ is: 'open' })
    expect(vault.open(blob as Buffer, binding).open('compare')).toBe('a refresh token')
  }
  expect(statSync(rootKeyFile).mode & 0o777).toBe(0o600)
})

test('a blob does not open in another row, for another owner, destination or version', async () => {
  const vault = await open()
  const blob = vault.seal(secret, binding)
  const others: Partial<Binding>[] = [
    { table: 'oauth_apps' },
    { column: 'access_token' },
    { recordId: 'r2' },
    { ownerId: 'u2' },
    { purpose: 'access' },
    { destination: 'https://elsewhere' },
    { secretVersion: 4 },
  ]
  for (const other of others) {
    expect(() => vault.open(blob, { ...binding, ...other })).toThrow(expect.objectContaining({ code: 'vault.auth' }))
  }
  const neighbour = vault.seal(new Secret('another'), { ...binding, recordId: 'r2' })
  expect(() => vault.open(neighbour, binding)).toThrow(expect.objectContaining({ code: 'vault.auth' }))
})

test('what is opened again and again is checked every time, and opens for nothing else either', async () => {
  const vault = await open()
  const blob = vault.seal(secret, binding)
  const openAgain = vault.opener(blob, binding)
  for (let n = 0; n < 3; n++) expect(openAgain().open('compare')).toBe('a refresh token')
  const elsewhere = vault.opener(blob, { ...binding, destination: 'https://elsewhere' })
  expect(() => elsewhere()).toThrow(expect.objectContaining({ code: 'vault.auth' }))
  for (const at of [0, 1, 3, 10, 50, blob.length - 17, blob.length - 1]) {
    const altered = Buffer.from(blob)
    altered[at] = (altered[at] ?? 0) ^ 1
    const code = at === 3 ? 'vault.key_unknown' : 'vault.auth'
    expect(() => vault.opener(altered, binding)(), `byte ${at}`).toThrow(expect.objectContaining({ code }))
  }
  expect(() => vault.open(blob.subarray(0, 40), binding)).toThrow(expect.objectContaining({ code: 'vault.auth' }))
  blob[blob.length - 20] = (blob[blob.length - 20] ?? 0) ^ 1
  expect(() => openAgain()).toThrow(expect.objectContaining({ code: 'vault.auth' }))
})

test('without its key it starts sealed, changes nothing, and opens as soon as the right key is back', async () => {
  const before = await open()
  const blob = before.seal(secret, binding)
  const key = readFileSync(rootKeyFile, 'utf8')
  rmSync(rootKeyFile)
  const vault = await open()
  expect(vault.state()).toEqual({ is: 'sealed', because: expect.stringContaining(`${rootKeyFile} is missing`) })
  expect(() => vault.open(blob, binding)).toThrow(expect.objectContaining({ code: 'vault.sealed' }))
  expect(() => vault.seal(secret, binding)).toThrow(expect.objectContaining({ code: 'vault.sealed' }))
  expect(() => statSync(rootKeyFile)).toThrow()

  writeFileSync(rootKeyFile, formatRootKey(realSeams.randomBytes(32)), { mode: 0o600 })
  expect(vault.state()).toEqual({ is: 'sealed', because: expect.stringContaining('is not the one') })

  writeFileSync(rootKeyFile, key.replace(/.{5}\n$/, 'AAAAA\n'))
  expect(vault.state()).toEqual({ is: 'sealed', because: expect.stringContaining('copied with a mistake') })

  writeFileSync(rootKeyFile, key)
  chmodSync(rootKeyFile, 0o644)
  expect(vault.state()).toEqual({ is: 'sealed', because: expect.stringContaining('chmod 600') })

  chmodSync(rootKeyFile, 0o600)
  expect(vault.state()).toEqual({ is: 'open' })
  expect(vault.open(blob, binding).open('compare')).toBe('a refresh token')
})
