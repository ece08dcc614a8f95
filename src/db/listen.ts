import pg from 'pg'
import { connectionOf, type Database } from './database.ts'
import type { Wait } from './postmaster.ts'

export type Listening = {
  channel: string
  onPayload: (payload: string) => void
  /** Called each time the connection was lost and is back: what was said meanwhile was not heard, so look yourself. */
  onGap?: () => void
  wait: Wait
}

/**
 * Hears what `notify` says on a channel, over a connection of its own that comes back by itself.
 *
 * @returns when the channel is being heard; the result ends it.
 */
export async function listen(db: Database, listening: Listening): Promise<() => Promise<void>> {
  const ears = new Ears(connectionOf(db), listening)
  await ears.open()
  return () => ears.close()
}

class Ears {
  readonly #connection: pg.PoolConfig
  readonly #listening: Listening
  #client: pg.Client | null = null
  #closed = false

  constructor(connection: pg.PoolConfig, listening: Listening) {
    this.#connection = connection
    this.#listening = listening
  }

  async open(): Promise<void> {
    const client = new pg.Client({
      ...this.#connection,
      application_name: `anteroom listens: ${this.#listening.channel}`,
      keepAlive: true,
    })
    client.on('error', () => undefined) // 'end' follows
    client.on('notification', ({ payload }) => this.#listening.onPayload(payload ?? ''))
    await client.connect()
    client.on('end', () => this.#client === client && void this.#reopen())
    await client.query(`listen ${client.escapeIdentifier(this.#listening.channel)}`)
    this.#client = client
    if (this.#closed) await client.end()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#client?.end()
  }

  async #reopen(): Promise<void> {
    for (let delayMs = 100; !this.#closed; delayMs = Math.min(delayMs * 2, 5_000)) {
      await this.#listening.wait(delayMs)
      try {
        await this.open()
        this.#listening.onGap?.()
        return
      } catch {
        // Still away; the pool's own queries report the outage.
      }
    }
  }
}
