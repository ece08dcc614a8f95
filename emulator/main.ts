import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readSeedFile } from './seed.ts'
import { serveTenant } from './server.ts'
import { openTenant } from './tenant.ts'

/**
 * Runs the local Microsoft 365 tenant as a program of its own:
 *
 *     node emulator/main.ts --port 4401 --data data/tenant.db --callback-base http://localhost:4400
 *
 * Without --data it forgets everything when it stops. Prints one line of JSON when it is ready.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.TENANT_PORT ?? '4401' },
    host: { type: 'string', default: process.env.TENANT_HOST ?? '127.0.0.1' },
    data: { type: 'string', ...(process.env.TENANT_DATA === undefined ? {} : { default: process.env.TENANT_DATA }) },
    seed: { type: 'string' },
    'callback-base': { type: 'string', multiple: true, default: ['http://localhost:4400'] },
  },
})

if (values.data !== undefined) mkdirSync(dirname(values.data), { recursive: true, mode: 0o700 })
const tenant = openTenant({
  file: values.data ?? null,
  callbackBases: values['callback-base'],
  ...(values.seed === undefined ? {} : { seed: readSeedFile(values.seed) }),
})
const served = await serveTenant({ tenant, port: Number(values.port), host: values.host }).catch((cause: unknown) => {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
  if (!taken) throw cause
  process.stderr.write(
    `tenant: port ${values.port} is taken. Stop what listens there, or choose another with --port.\n`,
  )
  process.exit(1)
})
process.stdout.write(`${JSON.stringify({ ready: true, origin: served.origin, pid: process.pid })}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await served.close()
    tenant.close()
    process.exit(0)
  })
}
