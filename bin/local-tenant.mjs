import path from 'node:path'
import { portOf } from './settings.mjs'

/** Where the local tenant of this checkout is: the same for `npm start` and for `npm run tenant`. */
export function localTenant(settings, projectDir) {
  const port = portOf(settings, 'ANTEROOM_TENANT_PORT', 4401)
  const dataFile = path.join(dataDirOf(settings, projectDir), 'tenant.sqlite')
  const args = ['--port', String(port), '--data', dataFile, '--callback-base', publicOrigin(settings)]
  return { port, dataFile, program: 'emulator/main.ts', args }
}

export function dataDirOf(settings, projectDir) {
  return path.resolve(projectDir, settings.ANTEROOM_DATA_DIR ?? 'data')
}

/** An address that cannot be read is the service's to refuse. */
function publicOrigin(settings) {
  const ours = `http://localhost:${portOf(settings, 'ANTEROOM_PORT', 4400)}`
  try {
    return new URL(settings.ANTEROOM_PUBLIC_URL ?? ours).origin
  } catch {
    return ours
  }
}
