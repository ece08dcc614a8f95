import type { WatchMethod } from '#providers/contract.ts'
import type { Probed } from '#providers/probe.ts'

/** How a room is to be watched after it was tried. */
export type WatchingChoice =
  | { is: 'watching'; method: WatchMethod; code: string | null; say: string | null }
  | { is: 'waiting'; code: string; say: string }
  /** Exchange gave no clear answer, which says nothing about what it would allow: what was is kept. */
  | { is: 'unclear'; code: string; say: string }

/**
 * An application follows changes and is told of them; a delegated account can only look, since Graph refuses it both in mailboxes of
 * others. Whoever can do neither waits.
 */
export function choiceOf({ capabilities: { read, delta }, method, watcher }: Probed): WatchingChoice {
  if (read.ok === null) return { is: 'unclear', code: read.code, say: read.say }
  if (method === null || watcher === null) return { is: 'waiting', code: read.code, say: read.say }
  if (method === 'delta') return { is: 'watching', method, code: null, say: null }
  if (delta.ok === null && watcher.actsAs === 'application') return { is: 'unclear', code: delta.code, say: delta.say }
  return { is: 'watching', method, code: delta.code, say: delta.say }
}
