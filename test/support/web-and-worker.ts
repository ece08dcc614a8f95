import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Anteroom, startAnteroom } from './anteroom.ts'
import { freePort } from './free-port.ts'

export type Half = 'web' | 'worker'

/** Killed, and started again at once: the moments of both. */
export type Restart = { half: Half; killedAt: Date; startedAt: Date }

/** The service in two processes, as operators run it: one for pages, the API and notifications, one for jobs. */
export type WebAndWorker = {
  origin: string
  /** `kill -9` of one of them, and the same again; ready when this returns. */
  killAndRestart: (half: Half) => Promise<Restart>
  stop: () => Promise<void>
}

export async function startWebAndWorker(common: {
  databaseUrl: string
  tenantOrigin: string
  port: number
}): Promise<WebAndWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-halves-'))
  const ports = { web: common.port, worker: await freePort() }
  const start = (half: Half) =>
    startAnteroom({
      ...common,
      port: ports[half],
      folder,
      env: {
        ANTEROOM_ROLE: half,
        ANTEROOM_DATA_DIR: join(folder, half),
        ANTEROOM_PUBLIC_URL: `http://localhost:${common.port}`,
      },
    })
  const halves: Record<Half, Anteroom> = { web: await start('web'), worker: await start('worker') }
  return {
    origin: halves.web.origin,
    killAndRestart: async (half) => {
      const killedAt = new Date()
      await halves[half].kill()
      const startedAt = new Date()
      halves[half] = await start(half)
      return { half, killedAt, startedAt }
    },
    stop: async () => {
      await halves.worker.stop()
      await halves.web.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
