import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { EventItem, LedgerEntry, Switches } from '../../emulator/model.ts'
import type { Seed } from '../../emulator/seed.ts'

const projectDir = path.dirname(path.dirname(import.meta.dirname))

/** A local tenant in a process of its own, as Microsoft is: what it costs is not counted as ours. */
export type TenantProcess = {
  origin: string
  /** What it was asked, and what it sent, after an entry. */
  ledger: (afterId?: number) => Promise<LedgerEntry[]>
  /** Raw items of a mailbox, those in Deleted Items too when asked for. */
  items: (mailbox: string, options?: { deleted?: boolean }) => Promise<EventItem[]>
  turn: (switches: Partial<Switches>) => Promise<void>
  /** Adds accounts, rooms and applications to those of the demo. */
  plant: (records: Partial<Pick<Seed, 'people' | 'rooms' | 'serviceMailbox' | 'apps'>>) => Promise<void>
  control: <T>(method: string, path: string, body?: unknown) => Promise<T>
  stop: () => Promise<void>
}

/** Starts it without a file, so that it forgets everything at the end. Ready when this returns. */
export async function startTenantProcess(callbackBase: string): Promise<TenantProcess> {
  const program = path.join(projectDir, 'emulator', 'main.ts')
  const endWithParent = ['--import', path.join(projectDir, 'bin', 'end-with-parent.mjs')]
  const child = spawn(process.execPath, [...endWithParent, program, '--port', '0', '--callback-base', callbackBase], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!child.stdout) throw new Error('The tenant has no output to read from.')
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { origin } = JSON.parse(String(line)) as { origin: string }
  const control = <T>(method: string, to: string, body?: unknown) =>
    callControl<T>(`${origin}/_tenant${to}`, method, body)
  return {
    origin,
    control,
    ledger: async (afterId = 0) =>
      (await control<{ entries: LedgerEntry[] }>('GET', `/ledger?since=${afterId}`)).entries,
    items: async (mailbox, { deleted = false } = {}) =>
      (await control<{ events: EventItem[] }>('GET', `/mailboxes/${mailbox}/events?deleted=${deleted}`)).events,
    turn: (switches) => control('PUT', '/switches', switches),
    plant: (records) => control('POST', '/seed', records),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
  }
}

async function callControl<T>(url: string, method: string, body: unknown): Promise<T> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url} -> ${answer.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
