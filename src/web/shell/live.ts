import { useEffect } from 'react'
import { availability } from '#reservations/contract.ts'
import { browser } from '../browser.ts'
import { featureOf, queryClient } from './queries.ts'

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
    const freeTimes = soon(
      () => void queryClient.invalidateQueries({ queryKey: [featureOf(availability.path), availability.path] }),
    )
    stream.addEventListener('availability', freeTimes.ask)
    stream.addEventListener('open', () => void askAgain())
    return () => {
      stream.close()
      freeTimes.stop()
    }
  }, [enabled])
}

/** Every open page hears of free times at the same moment: each asks at a moment of its own, once for all that changed until then. */
function soon(run: () => void) {
  const place = Number.parseInt(browser.newId().slice(-8), 16) / 2 ** 32
  let stop: (() => void) | null = null
  return {
    ask: () => {
      stop ??= browser.later(
        () => {
          stop = null
          run()
        },
        100 + 900 * place,
      )
    },
    stop: () => stop?.(),
  }
}

/** Before the stream was there nobody told of changes, so what was asked for by then is asked for again as soon as it is answered. */
async function askAgain(): Promise<void> {
  const asked = new Set(queryClient.getQueryCache().findAll({ type: 'active' }))
  const running = [...asked].filter(({ state }) => state.fetchStatus === 'fetching')
  await Promise.allSettled(running.map((query) => query.fetch()))
  await queryClient.invalidateQueries({ predicate: (query) => asked.has(query) })
}
