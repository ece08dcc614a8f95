import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigMistake, readConfig } from './config.ts'

const nowhere = '/nonexistent'

describe('a mistake in the configuration names the setting, what is wrong and an example', () => {
  const mistakes: [Record<string, string>, RegExp][] = [
    [{ ANTEROOM_PORT: 'eighty' }, /ANTEROOM_PORT: "eighty" is not a whole number.*\n {2}Example: ANTEROOM_PORT=4400/],
    [{ ANTEROOM_PORT: '0' }, /ANTEROOM_PORT: "0" is not a whole number from 1 to 65535/],
    [{ ANTEROOM_PORTS: '1' }, /ANTEROOM_PORTS: there is no such setting\. The settings are .*ANTEROOM_PORT/],
    [{ ANTEROOM_MODE: 'production' }, /ANTEROOM_PUBLIC_URL: is needed in production/],
    [
      { ANTEROOM_PUBLIC_URL: 'https://a.example/path' },
      /ANTEROOM_PUBLIC_URL: "https:\/\/a.example\/path" is not an origin/,
    ],
    [{ ANTEROOM_STAND_INS: 'graph.microsoft.com=https://evil.example' }, /must be a loopback address/],
    [{ ANTEROOM_STAND_INS: 'graph.microsoft.com' }, /is not HOST=http:\/\/localhost:PORT/],
    [{ ANTEROOM_DATABASE_URL: 'mysql://x' }, /ANTEROOM_DATABASE_URL: is not a PostgreSQL address/],
    [{ ANTEROOM_SIGN_IN_CLIENT_ID: 'x' }, /ANTEROOM_SIGN_IN_TENANT_ID: is missing/],
    [{ ANTEROOM_DEMO: 'yes' }, /ANTEROOM_DEMO: "yes" is neither on nor off/],
  ]
  test.each(mistakes)('%o', (environment, message) => {
    expect(() => readConfig(environment, nowhere)).toThrow(ConfigMistake)
    expect(() => readConfig(environment, nowhere)).toThrow(message)
  })

  test('in the file, the line is named and no secret of it is shown', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'anteroom-config-')), 'anteroom.env')
    writeFileSync(file, '# ours\nANTEROOM_HOST=\nANTEROOM_SIGN_IN_CLIENT_SECRET hunter2\n')
    const read = () => readConfig({ ANTEROOM_CONFIG_FILE: file }, nowhere)
    expect(read).toThrow(/anteroom\.env, line 3: "ANTEROOM_SIGN_IN_CLIENT_SECRET" does not begin a line/)
    expect(read).not.toThrow(/hunter2/)
    rmSync(dirname(file), { recursive: true })
  })

  test('an empty setting is one left out, and the environment wins over the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'anteroom-config-'))
    writeFileSync(join(folder, 'anteroom.env'), 'ANTEROOM_PORT = 4777\nANTEROOM_LOG="warn"\nANTEROOM_DATABASE_URL=\n')
    const config = readConfig({ ANTEROOM_PORT: '4888', ANTEROOM_HOST: '' }, folder)
    expect(config).toMatchObject({ port: 4888, logLevel: 'warn', host: 'localhost', databaseUrl: null })
    rmSync(folder, { recursive: true })
  })

  test('stand-ins and demo data are refused in production', () => {
    const production = { ANTEROOM_MODE: 'production', ANTEROOM_PUBLIC_URL: 'https://a.example' }
    const standIn = { ...production, ANTEROOM_STAND_INS: 'graph.microsoft.com=http://localhost:1' }
    expect(() => readConfig(standIn, nowhere)).toThrow(/refused in production/)
    expect(() => readConfig({ ...production, ANTEROOM_DEMO: 'on' }, nowhere)).toThrow(/refused in production/)
  })

  test('a secret in the configuration does not print', () => {
    const config = readConfig({ ANTEROOM_DATABASE_URL: 'postgresql://a:hunter2@h/db' }, nowhere)
    expect(JSON.stringify(config)).not.toContain('hunter2')
  })
})
