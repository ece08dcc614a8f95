import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { until } from '../../test/support/until.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import { runCommand } from './command-line.ts'

let whole: WholeService
let tokens: { admin: string; sync: string }
let folder: string
let printed: string[]
let complained: string[]

beforeAll(async () => {
  whole = await startWholeService()
  folder = mkdtempSync(join(tmpdir(), 'anteroom-cli-'))
  const tokenOf = async (name: string, role: 'admin' | 'rsvsync_admin') =>
    String((await whole.token(await whole.person(name, [role]))).authorization).replace('Bearer ', '')
  tokens = { admin: await tokenOf('Ada Admin', 'admin'), sync: await tokenOf('Sam Script', 'rsvsync_admin') }
  const tried = () =>
    whole.database.db.selectFrom('room_watches').selectAll().where('state_code', '<>', 'untried').executeTakeFirst()
  await until(tried, { what: 'a room was tried' })
})
beforeEach(() => {
  printed = []
  complained = []
})
afterAll(async () => {
  await whole.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (as: keyof typeof tokens, ...words: string[]) =>
  runCommand(words, {
    environment: { ANTEROOM_URL: whole.origin, ANTEROOM_TOKEN: tokens[as] },
    folder,
    homeFolder: folder,
    seams: realSeams,
    readInput: async () => '',
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })

async function hold(mailbox: string): Promise<void> {
  const values = { state: 'held', state_code: 'mass_loss', state_say: '6 of 6 are missing.' } as const
  await whole.database.db.updateTable('room_watches').set(values).where('mailbox', '=', mailbox).execute()
}

test('rooms are listed with what they wait for', async () => {
  expect(await run('sync', 'watch', 'list')).toBe(0)
  expect(printed.join()).toMatch(/Mercury +waiting .*\n/)
  expect(await run('sync', 'watch', 'list', '--state', 'watching')).toBe(0)
  expect(complained).toEqual(['There are no such rooms.'])
  expect(await run('sync', 'watch', 'list', '--state', 'asleep')).toBe(2)
  expect(await run('sync', 'watch', 'list', '--json', '--search', 'mercury@contoso.example')).toBe(0)
  expect(JSON.parse(printed.at(-1) ?? '').rows).toMatchObject([{ room: { name: 'Mercury' }, state: 'waiting' }])
})

test('a room that waits is not read, and neither is one that is not watched', async () => {
  expect(await run('sync', 'watch', 'read', 'Mercury')).toBe(1)
  expect(await run('sync', 'watch', 'compare', 'mercury@contoso.example')).toBe(1)
  expect(await run('sync', 'watch', 'read', 'Atlantis')).toBe(1)
  expect(complained).toEqual([
    expect.stringContaining('This room is not being read now.'),
    expect.stringContaining('This room is not being read now.'),
    'anteroom: Atlantis is not watched.',
  ])
})

test('a held room is let go by an administrator, who says which it is', async () => {
  await hold('mercury@contoso.example')
  expect(await run('admin', 'watch', 'release', 'Mercury')).toBe(1)
  expect(await run('sync', 'watch', 'release', 'Mercury', '--gone')).toBe(1)
  expect(complained).toEqual([
    'anteroom: Say which it is: --gone or --read-again.',
    expect.stringContaining('role admin'),
  ])
  expect(await run('admin', 'watch', 'release', 'Mercury', '--gone')).toBe(0)
  expect(printed).toEqual(['Mercury goes on, and is being read.'])
  expect(await run('admin', 'watch', 'release', 'Mercury', '--read-again')).toBe(1)
})
