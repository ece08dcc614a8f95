import { readFileSync, renameSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectionOf } from '#db/database.ts'
import { keepPresent } from '#vault/presence.ts'
import {
  type ConnectionsServer,
  contoso,
  fillInApp,
  startConnectionsServer,
  useProfile as withProfile,
} from '../../test/support/connections-server.ts'
import { plantTokenHolders } from '../../test/support/token-holders.ts'
import { runCommand } from './command-line.ts'

let server: ConnectionsServer
let leave: () => Promise<void>
let printed: string[]
let complained: string[]
beforeAll(async () => {
  server = await startConnectionsServer()
  const admin = await server.person('ada.admin@contoso.example')
  await fillInApp(admin, contoso.personalAuth)
  const { id: credentialId } = await withProfile(admin, 'Ms Graph Personal', contoso.personalAuth.name)
  await plantTokenHolders(server.deps, { credentialId, count: 50, lifeMs: 3_600_000 })
  leave = await keepPresent(server.deps)
})
afterAll(async () => {
  await leave()
  await server.close()
})
beforeEach(() => {
  printed = []
  complained = []
})

function key(...words: string[]): Promise<number> {
  const { user, password, host, database } = connectionOf(server.deps.db)
  return runCommand(['key', ...words], {
    environment: {
      ANTEROOM_DATABASE_URL: `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host ?? '')}`,
      ANTEROOM_ROOT_KEY_FILE: server.rootKeyFile,
    },
    folder: '/nowhere',
    homeFolder: '/nowhere',
    seams: server.deps.seams,
    readInput: async () => '',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })
}

/** As if the new key had been the primary one for a minute, or the old one empty for a day. */
const later = (column: 'primary_at' | 'rewrapped_at', minutes: number) =>
  sql`update vault_keys set ${sql.ref(column)} = ${sql.ref(column)} - ${minutes} * interval '1 minute'`.execute(
    server.deps.db,
  )

test('check opens everything; the list says what each key seals and who can use it', async () => {
  expect(await key('check')).toBe(0)
  expect(printed.join()).toBe('The root key fits, and all 101 sealed values open.')
  await key('list')
  expect(printed[1]).toMatch(/primary\s+101\s+1 of 1/)
})

test('rotate --new-root: a second line in the file, everything under the new key, and the old one is destroyed a day later', async () => {
  expect(await key('rotate', '--new-root', '--no-wait')).toBe(0)
  expect(printed.join()).toContain('keep a copy elsewhere')
  expect(readFileSync(server.rootKeyFile, 'utf8').trim().split('\n')).toHaveLength(2)
  expect(await key('rotate')).toBe(1)
  expect(complained.join()).toContain('A change of key is under way')

  const following = key('rotate', '--continue')
  await expect.poll(() => printed.join(), { timeout: 20_000 }).toContain('Waiting until nobody')
  await later('primary_at', 1)
  expect(await following).toBe(0)
  expect(printed.at(-1)).toBe('Done. Check it with: anteroom key check')

  printed = []
  await key('list', '--json')
  const { keys } = JSON.parse(printed.join()) as { keys: { id: number; state: string; values: number }[] }
  expect(keys).toMatchObject([
    { state: 'decrypt_only', values: 0 },
    { state: 'primary', values: 101 },
  ])
  const [old] = keys
  expect(await key('destroy', String(old?.id))).toBe(1)
  expect(complained.at(-1)).toContain('Wait a day longer')
  await later('rewrapped_at', 25 * 60)
  expect(await key('destroy', String(old?.id))).toBe(0)
  expect(await key('check')).toBe(0)
})

test('where no process runs, it is begun and goes on later', async () => {
  await leave()
  expect(await key('rotate')).toBe(0)
  expect(printed.at(-1)).toContain('No Anteroom process is running')
  leave = await keepPresent(server.deps)
  const following = key('rotate', '--continue')
  await expect.poll(() => printed.join(), { timeout: 20_000 }).toContain('Waiting until nobody')
  await later('primary_at', 1)
  expect(await following).toBe(0)
})

test('a lost key is said, and reset only by the name of the installation', async () => {
  expect(await key('reset', '--confirm', 'whatever')).toBe(1)
  expect(complained.at(-1)).toContain('nothing is lost')
  renameSync(server.rootKeyFile, `${server.rootKeyFile}.lost`)
  expect(await key('check')).toBe(1)
  expect(complained.at(-1)).toContain('is missing')
  expect(await key('rotate')).toBe(1)
  expect(await key('reset')).toBe(1)
  const [, installation = ''] = /--confirm (\S+)/.exec(complained.at(-1) ?? '') ?? []
  expect(await key('reset', '--confirm', installation)).toBe(0)
  expect(printed.at(-1)).toContain(
    '50 tokens, and all client secrets, certificates and values of credentials were given up',
  )
  printed = []
  expect(await key('check')).toBe(0)
  expect(printed.join()).toBe('The root key fits, and all 0 sealed values open.')
})
