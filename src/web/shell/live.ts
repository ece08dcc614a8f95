import { useEffect } from 'react'
import { browser } from '../browser.ts'
import { queryClient } from './queries.ts'

/** What a topic of the live stream makes stale, by feature. */
const staleBy: Record<string, readonly string[]> = {
  reservation: ['reservations', 'rooms'],
  connection: ['connections', 'providers', 'scan'],
  provider: ['providers', 'scan'],
  room: ['rooms', 'providers', 'scan'],
  sync: ['sync'],
  watch: ['watch', 'providers', 'sync', 'scan'],
}

/** One stream of live updates for the whole page: each says that something of a topic changed, and what shows it is asked for again. */
export function useLive(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const stream = browser.eventStream('/api/live')
    const invalidate = (event: Event) => {
      for (const feature of staleBy[event.type] ?? []) void queryClient.invalidateQueries({ queryKey: [feature] })
    }
    for (const topic of Object.keys(staleBy)) stream.addEventListener(topic, invalidate)
    stream.addEventListener('open', refreshAfterGap())
    return () => stream.close()
  }, [enabled])
}

/** After a gap in the stream nobody knows what was missed, so everything on screen is asked for again. */
function refreshAfterGap(): () => void {
  let first = true
  return () => {
    if (!first) void queryClient.invalidateQueries()
    first = false
  }
}
