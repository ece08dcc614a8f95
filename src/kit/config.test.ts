import { describe, expect, test } from 'vitest'
import { ConfigMistake, readConfig } from './config.ts'

const nowhere = '/nonexistent'

describe('a mistake in the configuration names the setting, what is wrong and an example', () => {
  const mistakes: [Record<string, string>, RegExp][] = [
    [{ ANTEROOM_PORT: 'eighty' }, /ANTEROOM_PORT: "eighty" is not a whole number.*\n {2}Example: ANTEROOM_PORT=4400/],
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
