import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probeCredential } from '#connections/token.contract.ts'
import { credentialNamed, delegatedUser, getToken, giveProfile } from '../support/founding-page.ts'
import { freePort } from '../support/free-port.ts'
import { type Launched, launch, runToEnd } from '../support/launch.ts'
import { Person } from '../support/person.ts'
import { until } from '../support/until.ts'

/*
 * `npm start` as a stranger meets it, without npm: the launcher, its local tenant and its own PostgreSQL, in a folder and
 * on ports of this test's own. The tests build on each other: one installation lives through all of them.
 */
const projectDir = resolve(import.meta.dirname, '../..')
const command: [string, string] = [process.execPath, 'bin/start.mjs']
const ada = 'ada.admin@contoso.example'

let folder: string
let running: Launched | null = null

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anteroom-start-'))
})

afterAll(async () => {
  await running?.interrupt()
  await rm(folder, { recursive: true, force: true })
})

test('it shows the sign-in page, and Ctrl-C leaves nothing running, even while a page listens for news', async () => {
  const anteroom = await start()
  expect(anteroom.output()).toContain(`Anteroom is ready:  ${anteroom.origin}`)
  expect(anteroom.output()).toContain(ada)

  const administrator = await Person.signIn(anteroom.origin, ada)
  await giveProfile(administrator, 'Ms Graph 1')
  await getToken(administrator, 'Ms Graph 1', delegatedUser)

  const news = await administrator.send('GET', '/api/live')
  expect(news.status).toBe(200)
  const postmaster = postmasterPid()
  expect(await anteroom.interrupt()).toBe(0)
  await news.body?.cancel()
  await expectNothingRuns(anteroom, postmaster)
})

test('after kill -9 of the service the next start has everything, and a second one beside it is refused in words', async () => {
  const killed = await start()
  process.kill(servicePid(), 'SIGKILL')
  expect(await killed.ended, killed.output()).toBe(1)
  expect(killed.output()).toContain('The service was ended by SIGKILL')

  const anteroom = await start()
  expect(anteroom.output()).toContain('adopted the database server of an Anteroom that was killed')
  await expect(start()).rejects.toThrow(/Another Anteroom \(process \d+\) is using .*ANTEROOM_DATA_DIR/s)
  await expectTokenWorks(anteroom)
  await anteroom.interrupt()
})

test('when its PostgreSQL is killed it says so and ends, and the next start has everything', async () => {
  const lost = await start()
  process.kill(postmasterPid(), 'SIGKILL')
  expect(await lost.ended, lost.output()).toBe(1)
  expect(lost.output()).toMatch(/The database in .* ended by itself .* start Anteroom again/)

  const anteroom = await start()
  await expectTokenWorks(anteroom)
  await anteroom.interrupt()
})

test('without its root key it starts sealed and says so; with the key back it works on, and nothing is lost', async () => {
  const [key, aside] = [join(folder, 'root.key'), join(folder, 'root.key.aside')]
  renameSync(key, aside)
  const anteroom = await start()
  expect(anteroom.output()).toContain('The vault is SEALED')
  expect(anteroom.output()).toContain(`${key} is missing`)
  const administrator = await Person.signIn(anteroom.origin, ada)
  const { id } = await credentialNamed(administrator, 'Ms Graph 1')
  await expect(administrator.call(probeCredential, { params: { id } })).rejects.toThrow(/vault_?\.?sealed/)

  writeFileSync(key, `anroot1_${'A'.repeat(48)}\n`, { mode: 0o600 })
  expect(await vaultOf(anteroom)).toBe('sealed')

  renameSync(aside, key)
  expect(await vaultOf(anteroom)).toBe('open')
  await expectTokenWorks(anteroom)
  await anteroom.interrupt()
})

const mistakes: { setting: Record<string, string>; says: string }[] = [
  { setting: { ANTEROOM_PORT: 'abc' }, says: 'ANTEROOM_PORT: "abc" is not a whole number' },
  { setting: { ANTEROOM_TENANT_PORT: '70000' }, says: 'ANTEROOM_TENANT_PORT: "70000" is not a whole number' },
  { setting: { ANTEROOM_LOG: 'loud' }, says: 'ANTEROOM_LOG: "loud" is not one of' },
  { setting: { ANTEROOM_PUBLIC_URL: 'here' }, says: 'ANTEROOM_PUBLIC_URL: "here" is not an origin' },
  { setting: { ANTEROOM_MODE: 'production', ANTEROOM_DEMO: 'on' }, says: 'ANTEROOM_DEMO: demo data is refused' },
]

test.each(mistakes)('$setting ends with exit code 78 and a sentence', async ({ setting, says }) => {
  // Ports of its own: somebody may have a service and a tenant running at the usual ones.
  const [port, tenantPort] = [await freePort(), await freePort()]
  const ports = { ANTEROOM_PORT: String(port), ANTEROOM_TENANT_PORT: String(tenantPort) }
  const env = { ...settings(), ...ports, ANTEROOM_PUBLIC_URL: `http://localhost:${port}`, ...setting }
  const { code, output } = await runToEnd({ command, cwd: projectDir, env })
  expect(output).toContain(says)
  expect(output).toContain('Nothing was started.')
  expect(code).toBe(78)
})

async function start(): Promise<Launched> {
  const launched = await launch({ command, cwd: projectDir, env: settings() })
  running = launched
  return launched
}

function settings(): Record<string, string> {
  return { ANTEROOM_DATA_DIR: join(folder, 'data'), ANTEROOM_ROOT_KEY_FILE: join(folder, 'root.key') }
}

function servicePid(): number {
  return JSON.parse(readFileSync(join(folder, 'data', 'run.json'), 'utf8')).pid
}

function postmasterPid(): number {
  return Number(readFileSync(join(folder, 'data', 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function expectNothingRuns({ origin, tenantOrigin }: Launched, postmaster: number): Promise<void> {
  await expect(fetch(origin)).rejects.toThrow()
  await expect(fetch(tenantOrigin)).rejects.toThrow()
  await until(() => !isAlive(postmaster), { what: 'the postmaster has ended' })
}

/** A zombie is not: where process 1 reaps late, it stays in the table for a while. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'))
}

/** The token that was obtained in the first test still opens, and Microsoft still takes it. */
async function expectTokenWorks({ origin }: Launched): Promise<void> {
  const administrator = await Person.signIn(origin, ada)
  const { id } = await credentialNamed(administrator, 'Ms Graph 1')
  const { state, account, probe } = await administrator.call(probeCredential, { params: { id } })
  expect({ state, email: account?.email, probed: probe?.ok }).toEqual({
    state: 'ready',
    email: delegatedUser,
    probed: true,
  })
}

async function vaultOf({ origin }: Launched): Promise<string> {
  const answer = await fetch(`${origin}/readyz`)
  return (await answer.json()).vault
}
