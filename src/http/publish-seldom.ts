import type { Change } from './live.ts'

type Publish = (change: Change) => void
type Seldom = {
  /** Of these at most one goes out in so many milliseconds. */
  topics: readonly Change['topic'][]
  everyMs: number
  wait: (ms: number) => Promise<void>
}

/**
 * Passes changes on, those of some topics seldom: for what changes a hundred times a second and is looked at as a whole. The last one of
 * a pause goes out at its end, so that nobody is left with an old picture.
 */
export function publishSeldom(publish: Publish, { topics, everyMs, wait }: Seldom): Publish {
  /** The topics that pause now, each with what came meanwhile. */
  const paused = new Map<Change['topic'], Change | null>()
  const pass = async (change: Change): Promise<void> => {
    publish(change)
    paused.set(change.topic, null)
    await wait(everyMs)
    const held = paused.get(change.topic)
    paused.delete(change.topic)
    if (held) await pass(held)
  }
  return (change) => {
    if (!topics.includes(change.topic)) publish(change)
    else if (paused.has(change.topic)) paused.set(change.topic, change)
    else void pass(change)
  }
}
