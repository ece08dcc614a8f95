import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { readProperty } from '#providers/property.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import { runCommand } from './command-line.ts'

let whole: WholeService
let token: string
let folder: string
let printed: string[]
let complained: string[]

beforeAll(async () => {
  whole = await startWholeService()
  folder = mkdtempSync(join(tmpdir(), 'anteroom-cli-'))
  const { authorization = '' } = await whole.token(await whole.person('Sam Script', ['rsvsync_admin']))
  token = authorization.replace('Bearer ', '')
})
beforeEach(() => {
  printed = []
  complained = []
})
afterAll(async () => {
  await whole.close()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...words: string[]) =>
  runCommand(words, {
    environment: { ANTEROOM_URL: whole.origin, ANTEROOM_TOKEN: token },
    folder,
    homeFolder: folder,
    readInput: async () => '',
    seams: realSeams,
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
  })

test('properties are listed, set in the words of a person, and given back', async () => {
  expect(await run('property', 'list')).toBe(0)
  expect(printed.join()).toMatch(/sync\.safety_poll_healthy_seconds +300 seconds +shipped/)
  expect(await run('property', 'set', 'sync.horizon_days', '60')).toBe(0)
  expect(await run('property', 'set', 'sync.use_persons_time_zone', 'on')).toBe(0)
  expect(await readProperty(whole.database.db, 'sync.horizon_days')).toBe(60)
  expect(await readProperty(whole.database.db, 'sync.use_persons_time_zone')).toBe(true)
  expect(await run('property', 'reset', 'sync.horizon_days')).toBe(0)
  expect(printed.at(-1)).toBe('sync.horizon_days is 190 days, as it ships.')
  expect(await run('property', 'set', 'sync.horizon_days', 'far')).toBe(1)
  expect(await run('property', 'set', 'sync.mode', 'loose')).toBe(1)
  expect(await run('property', 'set', 'sync.colour', 'red')).toBe(1)
  expect(complained).toEqual([
    'anteroom: sync.horizon_days takes a number, not far.',
    expect.stringContaining('Choose one of normal, strict and personal.'),
    expect.stringContaining('There is no property sync.colour. There are: sync.mode,'),
  ])
})

test('providers say who acts, and a test says what is missing', async () => {
  expect(await run('provider', 'list')).toBe(0)
  expect(printed.join()).toMatch(/Microsoft Exchange Online +personal +\d+ of \d+/)
  expect(await run('provider', 'show', 'microsoft exchange online')).toBe(0)
  expect(printed.at(-1)).toMatch(/Delegated user +rooms@contoso\.example/)
  expect(await run('provider', 'test', 'Microsoft Exchange Online')).toBe(0)
  expect(printed.at(-1)).toMatch(/read +no +.*OAuth Entity Profile(.|\n)*The room cannot be watched yet/)
  expect(await run('provider', 'show', 'Nowhere')).toBe(1)
})

test('rooms are deactivated and activated by name or mailbox; one that is refused makes the command fail', async () => {
  expect(await run('sync-configuration', 'deactivate', 'Mercury', 'venus@contoso.example')).toBe(0)
  expect(printed.join()).toMatch(/Mercury +deactivated(.|\n)*Venus +deactivated/)
  expect(await run('sync-configuration', 'list', '--search', 'Mercury')).toBe(0)
  expect(printed.at(-1)).toMatch(/Mercury +mercury@contoso\.example .* no +stopped/)
  expect(await run('sync-configuration', 'activate', 'Mercury', 'Venus')).toBe(0)
  expect(await run('sync-configuration', 'activate', 'Atlantis')).toBe(1)
  expect(complained).toEqual(['anteroom: Atlantis has no sync configuration.'])
  expect(
    await run(
      'sync-configuration',
      'create',
      'Berlin, Spree House',
      '--provider',
      'Microsoft Exchange Online',
      '--json',
    ),
  ).toBe(0)
  const { outcomes } = JSON.parse(printed.at(-1) ?? '{}')
  expect(new Set(outcomes.map(({ code }: { code: string }) => code))).toEqual(
    new Set(['providers.configuration_exists']),
  )
})

test('scan fails while something keeps it from working', async () => {
  expect(await run('scan')).toBe(1)
  expect(printed.join()).toMatch(/refused +Microsoft Exchange Online .*OAuth Entity Profile/)
})
