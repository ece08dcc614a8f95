import { accessSync, constants, mkdirSync } from 'node:fs'
import path from 'node:path'
import { fail, prepare, projectDir } from './launch.mjs'
import { dataDirOf, localTenant } from './local-tenant.mjs'
import { whenNpmEnds } from './npm-above.mjs'
import { portIsTaken, runningTenant } from './ports.mjs'
import { portOf, readSettings, refuseSetting, switchOf } from './settings.mjs'
import { say } from './step.mjs'
import { Supervisor } from './supervisor.mjs'

/*
 * `npm start`: Anteroom and, unless told otherwise, the local Microsoft 365 tenant it talks to. Both end when this ends,
 * however it ends; Ctrl-C stops the service first, so that its last calls still find the tenant.
 */
const settings = readSettings(projectDir, process.env)
const port = portOf(settings, 'ANTEROOM_PORT', 4400)
const tenant = localTenant(settings, projectDir)
const watching = process.argv.includes('--watch')
// Stand-ins are refused in production, and whoever sets them brings the other side too.
const withTenant =
  switchOf(settings, 'ANTEROOM_LOCAL_TENANT') &&
  settings.ANTEROOM_STAND_INS === undefined &&
  settings.ANTEROOM_MODE !== 'production'
if (withTenant && tenant.port === port)
  refuseSetting('ANTEROOM_TENANT_PORT', `${port} is Anteroom's own port, and the tenant needs another`, port + 1)

const { node, env } = await prepare({ web: true })
makeDataDir()
const supervisor = new Supervisor(node, projectDir)
await refuseTakenPort()
if (withTenant && !(await tenantRunsAlready()))
  supervisor.start('local tenant', [tenant.program, ...tenant.args], { env, quiet: true })
supervisor.start('service', [...(watching ? ['--watch'] : []), 'src/main.ts'], { env: { ...env, ...tenantSettings() } })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => supervisor.stop(0))
whenNpmEnds(() => supervisor.stop(0))

/** PostgreSQL runs as another user when we are root, and must be able to pass through this folder, not to look into it. */
function makeDataDir() {
  const dataDir = dataDirOf(settings, projectDir)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    accessSync(dataDir, constants.W_OK)
  } catch (problem) {
    fail(
      `The data folder ${dataDir} cannot be written to by this user (${problem.code}). Start as its owner, or choose another folder: ANTEROOM_DATA_DIR=~/anteroom-data npm start`,
    )
  }
}

function tenantSettings() {
  if (!withTenant) return {}
  const hosts = ['graph.microsoft.com', 'login.microsoftonline.com']
  const standIns = hosts.map((host) => `${host}=http://localhost:${tenant.port}`).join(',')
  return { ANTEROOM_STAND_INS: standIns, ANTEROOM_DEMO: settings.ANTEROOM_DEMO ?? 'on' }
}

async function refuseTakenPort() {
  if (!(await portIsTaken(port))) return
  fail(
    `Port ${port} is in use by another program, perhaps another Anteroom. Stop it, or choose another port: ANTEROOM_PORT=4500 npm start`,
  )
}

/** A tenant started by hand (`npm run tenant`) with the same file is used as it is, and left running at the end. */
async function tenantRunsAlready() {
  if (!(await portIsTaken(tenant.port))) return false
  const found = await runningTenant(tenant.port)
  if (found?.dataFile && path.resolve(projectDir, found.dataFile) === tenant.dataFile) {
    say(`The local tenant is already running on port ${tenant.port}: using it.`)
    return true
  }
  const who = found ? `a local tenant with other data (${found.dataFile ?? 'in memory'})` : 'another program'
  return fail(
    `Port ${tenant.port} is in use by ${who}. Stop it, or choose another port for ours: ANTEROOM_TENANT_PORT=4501 npm start`,
  )
}
