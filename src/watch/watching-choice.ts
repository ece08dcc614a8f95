import type { Ability, Probed } from './probed.ts'

/** How a room is to be watched after it was tried. */
export type WatchingChoice =
  | { is: 'watching'; method: 'delta' | 'windows'; code: string | null; say: string | null }
  | { is: 'waiting'; code: string; say: string }

/**
 * An application follows changes and is told of them; a delegated account can only look, since Graph refuses it both in mailboxes of
 * others. Whoever can do neither waits.
 */
export function choiceOf({ abilities: { read, delta }, watcher }: Probed): WatchingChoice {
  if (watcher === null || read.ok !== true) {
    return {
      is: 'waiting',
      code: read.code ?? 'untried',
      say: read.say ?? 'Nobody can read this calendar yet. It is tried again by itself.',
    }
  }
  if (watcher.actsAs !== 'application')
    return { is: 'watching', method: 'windows', code: 'looked_at', say: sayDelegated(watcher.identity) }
  if (delta.ok === false) return { is: 'watching', method: 'windows', code: 'no_delta', say: sayNoDelta(delta) }
  return { is: 'watching', method: 'delta', code: null, say: null }
}

function sayDelegated(identity: string): string {
  return `Watched as ${identity}: Graph does not tell a delegated account of changes in other mailboxes, so the calendar is read again and again. With an application's permission changes would be told at once.`
}

function sayNoDelta({ say }: Ability): string {
  return `Graph did not say what changed in this calendar, so it is read again and again. ${say ?? ''}`.trim()
}
