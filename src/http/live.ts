import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

/** "Something about this changed": ids only, the reader fetches what it may see. */
export type Change = {
  topic: 'reservation' | 'availability' | 'connection' | 'provider' | 'room' | 'watch' | 'sync'
  id: string
  userId: string | null
}

/**
 * What to publish when a reservation changed: only its person hears of it by its id. That rooms have other free times concerns everybody,
 * and says nothing about anybody.
 */
export function withAvailability(publish: (change: Change) => void): (change: Change) => void {
  return (change) => {
    publish(change)
    if (change.topic === 'reservation') publish({ topic: 'availability', id: '', userId: null })
  }
}

/** Live updates over server-sent events (HTML Living Standard, section 9.2). A change with a userId goes to that person only. */
export type LiveUpdates = {
  publish: (change: Change) => void
  stream: (context: Context, userId: string) => Response
  close: () => void
}

/** A comment line this often keeps proxies from closing a quiet stream, and tells us of readers that went away. */
const heartbeatMs = 20_000

export function openLiveUpdates(wait: (ms: number, signal?: AbortSignal) => Promise<void>): LiveUpdates {
  const readers = new Set<(change: Change) => void>()
  const closing = new AbortController()
  return {
    publish: (change) => {
      for (const read of readers) read(change)
    },
    close: () => closing.abort(),
    stream: (context, userId) => {
      const response = streamSSE(context, async (stream) => {
        const gone = new AbortController()
        const stop = AbortSignal.any([gone.signal, closing.signal])
        const read = (change: Change) => {
          if (change.userId !== null && change.userId !== userId) return
          void stream.writeSSE({ event: change.topic, data: JSON.stringify({ id: change.id }) })
        }
        readers.add(read)
        stream.onAbort(() => gone.abort())
        await stream.write(': connected\n\n')
        while (!stop.aborted) {
          await wait(heartbeatMs, stop)
          if (!stop.aborted) await stream.write(': still here\n\n')
        }
        readers.delete(read)
      })
      // Hono says no-cache, which lets a cache keep it.
      response.headers.set('Cache-Control', 'no-store')
      return response
    },
  }
}
