import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { Secret } from './secret.ts'
import { parseSmtpAddress, type SmtpAddress } from './smtp-address.ts'
import { parseStandIns, type StandIns } from './stand-ins.ts'

export type Role = 'web' | 'worker' | 'all'

/** Everything an operator can set. Read once at start; a mistake stops the start with the setting's name, what is wrong and an example. */
export type Config = {
  mode: 'production' | 'development'
  role: Role
  publicUrl: string
  /** Origin under which Microsoft reaches this service with notifications: the public one unless another is open to the internet. */
  notificationUrl: string
  host: string
  port: number
  dataDir: string
  databaseUrl: Secret | null
  postgresBin: string | null
  rootKeyFile: string
  standIns: StandIns
  demo: boolean
  logLevel: string
  webDir: string
  trustedProxyHops: number
  /** Hosts (with the port, unless it is 443) besides Microsoft's that credentials may be sent to. */
  allowedHosts: readonly string[]
  /** May a program with the right to it be given an access token? Off: it only gets calls made for it. */
  releaseTokens: boolean
  /** Null: letters are files in DATA/mail. */
  smtp: SmtpAddress | null
  /** Who letters come from. */
  mailFrom: { name: string; email: string }
  /** Anteroom's own OIDC client for Sign in with Microsoft; null when not configured. */
  signIn: { tenantId: string; clientId: string; clientSecret: Secret } | null
}

export class ConfigMistake extends Error {
  /** `where` is a setting or a file; `example` a whole line that is right. */
  constructor(where: string, problem: string, example: string) {
    super(`${where}: ${problem}\n  Example: ${example}`)
    this.name = 'ConfigMistake'
  }
}

function mistake(setting: string, problem: string, example: string): ConfigMistake {
  return new ConfigMistake(setting, problem, `${setting}=${example}`)
}

/**
 * Reads the environment, over one optional file (`ANTEROOM_CONFIG_FILE`, or `anteroom.env` in the working folder) of
 * `NAME=value` lines. The environment wins.
 * @throws ConfigMistake naming the setting.
 */
export function readConfig(environment: Record<string, string | undefined>, folder: string): Config {
  const settings = { ...defined(fileSettings(environment, folder)), ...defined(environment) }
  refuseUnknown(settings)
  const read = reader(settings)
  const mode = read.oneOf('ANTEROOM_MODE', ['production', 'development'], 'development')
  const port = read.port('ANTEROOM_PORT', 4400)
  const publicUrl = read.origin('ANTEROOM_PUBLIC_URL', mode === 'production' ? null : `http://localhost:${port}`)
  return {
    mode,
    role: read.oneOf('ANTEROOM_ROLE', ['web', 'worker', 'all'], 'all'),
    publicUrl,
    notificationUrl: read.origin('ANTEROOM_NOTIFICATION_URL', publicUrl),
    host: read.text('ANTEROOM_HOST', mode === 'production' ? '127.0.0.1' : 'localhost'),
    port,
    dataDir: resolve(folder, read.text('ANTEROOM_DATA_DIR', 'data')),
    databaseUrl: read.secretUrl('ANTEROOM_DATABASE_URL'),
    postgresBin: settings.ANTEROOM_POSTGRES_BIN ?? null,
    rootKeyFile: resolve(folder, read.text('ANTEROOM_ROOT_KEY_FILE', 'keys/root.key')),
    standIns: read.standIns('ANTEROOM_STAND_INS', mode),
    demo: read.switch('ANTEROOM_DEMO', mode),
    logLevel: read.oneOf('ANTEROOM_LOG', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
    webDir: resolve(folder, read.text('ANTEROOM_WEB_DIR', '.build/web')),
    trustedProxyHops: read.count('ANTEROOM_TRUSTED_PROXY_HOPS', 0),
    allowedHosts: read.hosts('ANTEROOM_ALLOWED_HOSTS'),
    releaseTokens: read.oneOf('ANTEROOM_RELEASE_TOKENS', ['on', 'off'], 'off') === 'on',
    smtp: read.smtp('ANTEROOM_SMTP_URL'),
    mailFrom: read.mailFrom('ANTEROOM_MAIL_FROM', publicUrl),
    signIn: read.signIn(),
  }
}

const known = [
  'ANTEROOM_MODE',
  'ANTEROOM_ROLE',
  'ANTEROOM_PUBLIC_URL',
  'ANTEROOM_NOTIFICATION_URL',
  'ANTEROOM_HOST',
  'ANTEROOM_PORT',
  'ANTEROOM_DATA_DIR',
  'ANTEROOM_DATABASE_URL',
  'ANTEROOM_POSTGRES_BIN',
  'ANTEROOM_ROOT_KEY_FILE',
  'ANTEROOM_STAND_INS',
  'ANTEROOM_DEMO',
  'ANTEROOM_LOG',
  'ANTEROOM_WEB_DIR',
  'ANTEROOM_TRUSTED_PROXY_HOPS',
  'ANTEROOM_ALLOWED_HOSTS',
  'ANTEROOM_RELEASE_TOKENS',
  'ANTEROOM_SMTP_URL',
  'ANTEROOM_MAIL_FROM',
  'ANTEROOM_SIGN_IN_TENANT_ID',
  'ANTEROOM_SIGN_IN_CLIENT_ID',
  'ANTEROOM_SIGN_IN_CLIENT_SECRET',
] as const

/** Settings that `npm start` reads. */
const ofTheLauncher = ['ANTEROOM_CONFIG_FILE', 'ANTEROOM_LOCAL_TENANT', 'ANTEROOM_TENANT_PORT'] as const

/** Settings of the command line, the tests and the measurements. */
const elsewhere = /^ANTEROOM_(URL|TOKEN|BROWSER|TEST_[A-Z_]+|GRAPH_OPENAPI|BENCH_[A-Z_]+)$/

const allKnown = new Set<string>([...known, ...ofTheLauncher])

function refuseUnknown(settings: Record<string, string>): void {
  for (const name of Object.keys(settings)) {
    if (!name.startsWith('ANTEROOM_') || allKnown.has(name) || elsewhere.test(name)) continue
    throw new ConfigMistake(
      name,
      `there is no such setting. The settings are ${[...allKnown].join(', ')}.`,
      'ANTEROOM_PORT=4400',
    )
  }
}

function fileSettings(environment: Record<string, string | undefined>, folder: string): Record<string, string> {
  const named = environment.ANTEROOM_CONFIG_FILE
  const path = resolve(folder, named ?? 'anteroom.env')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (named === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw mistake('ANTEROOM_CONFIG_FILE', `${path} cannot be read (${(cause as Error).message})`, './anteroom.env')
  }
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), place: `${path}, line ${index + 1}` }))
  return Object.fromEntries(lines.filter(({ line }) => line !== '' && !line.startsWith('#')).map(fileLine))
}

function fileLine({ line, place }: { line: string; place: string }): [string, string] {
  const [, name, value = ''] = /^(ANTEROOM_[A-Z0-9_]+)\s*=\s*(.*)$/.exec(line) ?? []
  // What stands behind the name may be a secret.
  const shown = line.split(/[\s=]/, 1).join('').slice(0, 40)
  if (!name)
    throw new ConfigMistake(place, `"${shown}" does not begin a line ANTEROOM_NAME=value`, 'ANTEROOM_PORT=4400')
  return [name, value.replace(/^"(.*)"$/, '$1')]
}

function defined(environment: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    ([name, value]) => name.startsWith('ANTEROOM_') && value !== undefined && value !== '',
  )
  return Object.fromEntries(entries) as Record<string, string>
}

function reader(settings: Record<string, string>) {
  const text = (name: string, standard: string) => settings[name] ?? standard
  return {
    text,
    oneOf: <T extends string>(name: string, allowed: readonly T[], standard: T): T => {
      const value = text(name, standard) as T
      if (!allowed.includes(value)) throw mistake(name, `"${value}" is not one of ${allowed.join(', ')}`, standard)
      return value
    },
    port: (name: string, standard: number) =>
      wholeNumber(name, text(name, String(standard)), { least: 1, most: 65_535 }),
    count: (name: string, standard: number) => wholeNumber(name, text(name, String(standard)), { least: 0, most: 10 }),
    origin: (name: string, standard: string | null) => origin(name, settings[name] ?? standard),
    secretUrl: (name: string) => postgresUrl(name, settings[name]),
    hosts: (name: string) => hosts(name, text(name, '')),
    standIns: (name: string, mode: Config['mode']) => standIns(name, settings[name] ?? '', mode),
    switch: (name: string, mode: Config['mode']) => demoSwitch(name, text(name, 'off'), mode),
    smtp: (name: string) => smtp(name, settings[name]),
    mailFrom: (name: string, publicUrl: string) => mailFrom(name, settings, publicUrl),
    signIn: () => signIn(settings),
  }
}

function wholeNumber(name: string, value: string, { least, most }: { least: number; most: number }): number {
  const number = z.coerce.number().int().min(least).max(most).safeParse(value)
  if (!number.success)
    throw mistake(
      name,
      `"${value}" is not a whole number from ${least} to ${most}`,
      name.endsWith('PORT') ? '4400' : '1',
    )
  return number.data
}

function origin(name: string, value: string | null): string {
  const example = 'https://anteroom.contoso.example'
  if (value === null)
    throw mistake(name, 'is needed in production: redirect addresses are built from it, never from a request', example)
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw mistake(name, `"${value}" is not an origin (scheme, host and port only)`, example)
  }
  return url.origin
}

function hosts(name: string, value: string): string[] {
  const listed = value.split(',').map((host) => host.trim().toLowerCase())
  return listed
    .filter((host) => host !== '')
    .map((host) => {
      if (URL.parse(`https://${host}`)?.host === host) return host
      throw new ConfigMistake(name, `"${host}" is not a host name`, 'api.contoso.example,login.contoso.example:8443')
    })
}

function postgresUrl(name: string, value: string | undefined): Secret | null {
  if (value === undefined) return null
  // Not URL.parse: an address of a unix socket (`postgresql://user@/db?host=/run`) has no host, which WHATWG refuses.
  if (!/^postgres(ql)?:\/\/\S+$/.test(value)) {
    throw mistake(
      name,
      'is not a PostgreSQL address',
      'postgresql://anteroom:password@db.contoso.example:5432/anteroom',
    )
  }
  return new Secret(value)
}

function smtp(name: string, value: string | undefined): SmtpAddress | null {
  if (value === undefined) return null
  const address = parseSmtpAddress(value)
  // What was written holds a password, so it is not repeated.
  if (address === null) {
    const problem = 'is not an address of a mail server, or has a user without a password'
    throw mistake(name, problem, 'smtp://anteroom:password@mail.contoso.example:587')
  }
  return address
}

/** `anteroom@contoso.example`, or `Rooms of Contoso <anteroom@contoso.example>`. */
function mailFrom(name: string, settings: Record<string, string>, publicUrl: string): Config['mailFrom'] {
  const example = 'Anteroom <anteroom@contoso.example>'
  const value = settings[name]
  if (value === undefined) {
    if (settings.ANTEROOM_SMTP_URL !== undefined)
      throw mistake(
        name,
        'is needed with ANTEROOM_SMTP_URL: mail servers refuse letters from nobody they know',
        example,
      )
    return { name: 'Anteroom', email: `anteroom@${new URL(publicUrl).hostname}` }
  }
  const [, written = 'Anteroom', email = ''] =
    /^(?:([^<>]*\S)\s*<)?([^\s<>@]+@[A-Za-z0-9.-]+)>?$/.exec(value.trim()) ?? []
  if (email === '') throw mistake(name, `"${value}" is not a mail address`, example)
  return { name: written, email }
}

function standIns(name: string, value: string, mode: Config['mode']): StandIns {
  const example = 'graph.microsoft.com=http://localhost:4401,login.microsoftonline.com=http://localhost:4401'
  try {
    const parsed = parseStandIns(value)
    if (mode === 'production' && parsed.list.length > 0)
      throw new Error(
        'stand-ins are refused in production mode: they would receive real secrets. Leave the setting out',
      )
    return parsed
  } catch (cause) {
    throw mistake(name, (cause as Error).message, example)
  }
}

function demoSwitch(name: string, value: string, mode: Config['mode']): boolean {
  if (!['on', 'off'].includes(value)) throw mistake(name, `"${value}" is neither on nor off`, 'on')
  if (value === 'on' && mode === 'production') throw mistake(name, 'demo data is refused in production mode', 'off')
  return value === 'on'
}

function signIn(settings: Record<string, string>): Config['signIn'] {
  const names = ['ANTEROOM_SIGN_IN_TENANT_ID', 'ANTEROOM_SIGN_IN_CLIENT_ID', 'ANTEROOM_SIGN_IN_CLIENT_SECRET'] as const
  const [tenantId, clientId, clientSecret] = names.map((name) => settings[name])
  if (!tenantId && !clientId && !clientSecret) return null
  for (const name of names) {
    if (!settings[name])
      throw mistake(
        name,
        'is missing: Sign in with Microsoft needs tenant id, client id and client secret',
        '00000000-0000-0000-0000-000000000000',
      )
  }
  return { tenantId: String(tenantId), clientId: String(clientId), clientSecret: new Secret(String(clientSecret)) }
}
