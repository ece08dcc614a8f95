import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { Binding } from './blob.ts'
import { notePresence, readTerms } from './queries.ts'
import { resetVault } from './reset.ts'
import { advanceRotation, beginRotation, destroyTerm } from './rotation.ts'
import type { SealedColumn } from './sealed-column.ts'
import { openVault, type Vault } from './vault.ts'

const dayMs = 24 * 3_600_000
const by = { id: null, name: 'a test', requestId: null }
const binding: Binding = {
  table: 'things',
  column: 'secret',
  recordId: 'r1',
  ownerId: 'u1',
  purpose: 'test',
  destination: '',
  secretVersion: 1,
}

let folder: string
let rootKeyFile: string
let database: TestDatabase
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anteroom-rotation-'))
  rootKeyFile = path.join(folder, 'root.key')
  database = await freshDatabase()
})
afterEach(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

const deps = () => ({ db: database.db, rootKeyFile, seams: realSeams, log: silentLog })
const open = () => openVault(deps())

/** As a process does every five seconds. */
async function present(vault: Vault, id: string): Promise<void> {
  await notePresence(database.db, id, await vault.learn())
}
const [one, other] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']

/** Values that are kept nowhere but here. */
function memoryColumn(values: Map<string, Buffer>): SealedColumn {
  const under = (term: number) => [...values].filter(([, blob]) => blob.readUInt32BE(2) === term)
  return {
    name: 'things.secret',
    countUnder: async (_, term) => under(term).length,
    readUnder: async (_, term, { afterId, limit }) =>
      under(term)
        .map(([id, blob]) => ({ id, blob }))
        .filter(({ id }) => id > afterId)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    replace: async (_, changes) => {
      for (const { id, after } of changes) values.set(id, after)
      return changes.length
    },
  }
}

const states = async () => Object.fromEntries((await readTerms(database.db)).map(({ id, state }) => [id, state]))
const opens = (vault: Vault, blob: Buffer | undefined) => vault.open(blob ?? Buffer.alloc(0), binding).open('compare')

/** As if the new term had been the primary one for a minute. */
const aMinutePasses = () =>
  sql`update vault_keys set primary_at = primary_at - interval '1 minute'`.execute(database.db)

test('a new key seals nothing before every process can use it; then everything is wrapped anew, and opens all the while', async () => {
  const [here, there] = [await open(), await open()]
  const values = new Map(
    Array.from({ length: 500 }, (_, n) => [realSeams.newId(), here.seal(new Secret(`secret ${n}`), binding)]),
  )
  const work = { ...deps(), vault: here, columns: [memoryColumn(values)] }
  await present(here, one)
  await present(there, other)
  const [before] = await readTerms(database.db)
  const id = await beginRotation(deps(), by, { newRoot: false })
  await expect(beginRotation(deps(), by, { newRoot: false })).rejects.toMatchObject({
    code: 'vault.rotation_under_way',
  })

  await present(here, one)
  await advanceRotation(work)
  expect(await states(), 'the other one has not said that it can').toMatchObject({ [id]: 'pending' })
  await present(there, other)
  await advanceRotation(work)
  expect(await states()).toMatchObject({ [before?.id ?? 0]: 'decrypt_only', [id]: 'primary' })
  expect([...values.values()].every((blob) => blob.readUInt32BE(2) === id)).toBe(true)
  expect([...values.values()].map((blob) => opens(there, blob))).toEqual(
    Array.from(values.keys(), (_, n) => `secret ${n}`),
  )

  // Whoever has not learned it yet still seals with the old key; that is found by the next run.
  const late = there.seal(new Secret('late'), binding)
  expect(late.readUInt32BE(2)).toBe(before?.id)
  values.set('late', late)
  await advanceRotation(work)
  expect((await readTerms(database.db))[0]?.rewrappedAt, 'somebody may still seal with it').toBeNull()
  await aMinutePasses()
  await advanceRotation(work)
  expect((await readTerms(database.db))[0]?.rewrappedAt).not.toBeNull()
  expect(values.get('late')?.readUInt32BE(2)).toBe(id)
  expect(opens(here, values.get('late'))).toBe('late')
  expect(opens(here, late), 'a copy from before still opens').toBe('late')
})

test('an old key is destroyed only when nothing needs it for a day, and then nothing opens with it', async () => {
  const vault = await open()
  const values = new Map([['a', vault.seal(new Secret('kept'), binding)]])
  const copy = values.get('a')
  const columns = [memoryColumn(values)]
  const [old] = await readTerms(database.db)
  const term = old?.id ?? 0
  const destroy = (now: Date) => destroyTerm({ db: database.db, columns }, by, { term, now })
  const soon = new Date()
  await expect(destroy(soon)).rejects.toMatchObject({
    code: 'vault.key_in_use',
    message: expect.stringContaining('primary'),
  })

  await present(vault, one)
  await beginRotation(deps(), by, { newRoot: false })
  await present(vault, one)
  const frozen = { ...deps(), vault, columns: [] }
  await advanceRotation(frozen)
  await aMinutePasses()
  await expect(destroy(soon)).rejects.toMatchObject({ message: expect.stringContaining('1 values are still sealed') })
  await advanceRotation({ ...frozen, columns })
  await expect(destroy(soon)).rejects.toMatchObject({ message: expect.stringContaining('Wait a day') })
  await destroy(new Date(Date.now() + dayMs + 60_000))
  expect(await states()).toMatchObject({ [term]: 'destroyed' })

  await vault.learn()
  expect(opens(vault, values.get('a'))).toBe('kept')
  expect(() => opens(vault, copy)).toThrow(expect.objectContaining({ code: 'vault.key_unknown' }))
  const trail = await database.db.selectFrom('audit_entries').select(['action', 'actor_name']).orderBy('seq').execute()
  expect(trail.map(({ action, actor_name }) => `${actor_name}: ${action}`)).toEqual([
    'a test: vault.begin_rotation',
    'system: vault.change_primary',
    'system: vault.finish_rotation',
    'a test: vault.destroy_key',
  ])
})

test('a new root key: both are in the file until the old one is not needed any more', async () => {
  const vault = await open()
  const blob = vault.seal(new Secret('before'), binding)
  const values = new Map([['a', blob]])
  const work = { ...deps(), vault, columns: [memoryColumn(values)] }
  const oldKey = readFileSync(rootKeyFile, 'utf8')
  await present(vault, one)
  await beginRotation(deps(), by, { newRoot: true })
  expect(statSync(rootKeyFile).mode & 0o777).toBe(0o600)
  const [newLine = '', oldLine = ''] = readFileSync(rootKeyFile, 'utf8').split('\n')
  expect(`${oldLine}\n`).toBe(oldKey)

  // A machine whose file nobody has copied yet holds the change up.
  const both = readFileSync(rootKeyFile, 'utf8')
  writeFileSync(rootKeyFile, oldKey)
  await present(await open(), other)
  writeFileSync(rootKeyFile, both)
  await present(vault, one)
  await advanceRotation(work)
  expect(Object.values(await states())).toContain('pending')
  await present(await open(), other)
  await advanceRotation(work)
  await aMinutePasses()
  await advanceRotation(work)

  writeFileSync(rootKeyFile, `${newLine}\n`)
  const restarted = await open()
  expect(restarted.state()).toEqual({ is: 'open' })
  expect(opens(restarted, values.get('a'))).toBe('before')
  expect(() => opens(restarted, blob)).toThrow(expect.objectContaining({ code: 'vault.key_unknown' }))
  writeFileSync(rootKeyFile, oldKey)
  expect((await open()).state()).toMatchObject({ is: 'sealed', because: expect.stringContaining('is not the one') })
})

test('a damaged value stops nobody, and a process that is gone holds nothing up', async () => {
  const vault = await open()
  const damaged = vault.seal(new Secret('x'), binding)
  damaged[20] = (damaged[20] ?? 0) ^ 1
  const values = new Map([
    ['a', damaged],
    ['b', vault.seal(new Secret('good'), binding)],
  ])
  await present(vault, other)
  await sql`update vault_processes set seen_at = seen_at - interval '1 minute'`.execute(database.db)
  await present(vault, one)
  const id = await beginRotation(deps(), by, { newRoot: false })
  await present(vault, one)
  await advanceRotation({ ...deps(), vault, columns: [memoryColumn(values)] })
  expect(values.get('b')?.readUInt32BE(2)).toBe(id)
  expect(values.get('a')).toEqual(damaged)
  await aMinutePasses()
  await advanceRotation({ ...deps(), vault, columns: [memoryColumn(values)] })
  expect((await readTerms(database.db))[0]?.rewrappedAt, 'it is not said to be done').toBeNull()
})

test('a lost key: reset gives up what was sealed, only when it is really lost and really meant', async () => {
  await open()
  const forget = async () => 3
  const again = (confirmed: string) => resetVault(deps(), { confirmed, forget })
  await expect(again('x')).rejects.toMatchObject({ message: expect.stringContaining('nothing is lost') })
  const running = await open()
  rmSync(rootKeyFile)
  const restarted = await open()
  expect(restarted.state()).toMatchObject({ is: 'sealed' })
  const refusal: Error = await again('x').then(
    () => new Error('reset'),
    (problem) => problem,
  )
  const [, installation = ''] = /--confirm (\S+)/.exec(refusal.message) ?? []
  expect(await again(installation)).toBe(3)
  await restarted.learn()
  expect(restarted.state()).toEqual({ is: 'open' })
  expect(opens(restarted, restarted.seal(new Secret('anew'), binding))).toBe('anew')
  expect(running.state()).toEqual({ is: 'open' })
  chmodSync(rootKeyFile, 0o600)
})
