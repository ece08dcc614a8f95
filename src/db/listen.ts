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
  return listenOn(connectionOf(db), listening)
}

export type Ears = {
  /**
   * True when everything that was committed (and told its committer so) before this was called has been heard: the connection that
   * listens answered a query of ours, and PostgreSQL hands a session what is waiting for it before it says that it is ready again.
   */
  prove: () => Promise<boolean>
  close: () => Promise<void>
}

/** As `listen`, for who has a connection's options and no database. */
export async function listenOn(connection: pg.PoolConfig, listening: Listening): Promise<() => Promise<void>> {
  const hearer = new Hearer(connection, listening)
  await hearer.open()
  return () => hearer.close()
}

/** As `listen`, for who must know whether it can be deaf. */
export async function listenProvably(db: Database, listening: Listening): Promise<Ears> {
  const hearer = new Hearer(connectionOf(db), listening)
  await hearer.open()
  return { prove: () => hearer.prove(), close: () => hearer.close() }
}

class Hearer {
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

  async prove(): Promise<boolean> {
    const client = this.#client
    if (client === null) return false
    return client.query('select').then(
      () => client === this.#client,
      () => false,
    )
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
