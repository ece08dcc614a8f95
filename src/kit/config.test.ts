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
    [{ ANTEROOM_SMTP_URL: 'mail.contoso.example' }, /ANTEROOM_SMTP_URL: is not an address of a mail server/],
    [{ ANTEROOM_SMTP_URL: 'smtp://user@mail.contoso.example' }, /has a user without a password/],
    [{ ANTEROOM_SMTP_URL: 'smtp://mail.contoso.example' }, /ANTEROOM_MAIL_FROM: is needed with ANTEROOM_SMTP_URL/],
    [{ ANTEROOM_MAIL_FROM: 'Anteroom' }, /ANTEROOM_MAIL_FROM: "Anteroom" is not a mail address/],
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

  test('a mail server: TLS by its scheme, the standard ports, a password with odd characters', () => {
    const from = { ANTEROOM_MAIL_FROM: 'Rooms of Contoso <rooms@contoso.example>' }
    const read = (url: string) => readConfig({ ANTEROOM_SMTP_URL: url, ...from }, nowhere)
    const config = read('smtp://rooms%40contoso.example:p%3Aw%2F%40d@mail.contoso.example')
    expect(config).toMatchObject({
      mailFrom: { name: 'Rooms of Contoso', email: 'rooms@contoso.example' },
      smtp: { host: 'mail.contoso.example', port: 587, secure: false, user: 'rooms@contoso.example' },
    })
    expect(config.smtp?.password?.open('compare')).toBe('p:w/@d')
    expect(read('smtps://mail.contoso.example').smtp).toMatchObject({ port: 465, secure: true, user: null })
    expect(read('smtp://[::1]:2525').smtp).toMatchObject({ host: '::1', port: 2525 })
    expect(readConfig({}, nowhere)).toMatchObject({ smtp: null, mailFrom: { email: 'anteroom@localhost' } })
  })

  test('a secret in the configuration does not print, and a mistake does not show it', () => {
    const from = { ANTEROOM_MAIL_FROM: 'a@b.example' }
    const urls = { ANTEROOM_DATABASE_URL: 'postgresql://a:hunter2@h/db', ANTEROOM_SMTP_URL: 'smtp://a:hunter2@h' }
    expect(JSON.stringify(readConfig({ ...urls, ...from }, nowhere))).not.toContain('hunter2')
    const mistaken = { ANTEROOM_SMTP_URL: 'http://a:hunter2@h' }
    expect(() => readConfig(mistaken, nowhere)).not.toThrow(/hunter2/)
  })
})
