import { openWatchDesk, type WatchDesk } from './watch-desk.ts'

/** The same rooms twice: one desk where an application follows changes, one where a delegated account looks at windows. */
export type DeskPair = {
  delta: WatchDesk
  windows: WatchDesk
  /** Keeps a room in step on both. */
  watch: (room: string) => Promise<void>
  /** Both are as before: no meetings, no watches, no faults. */
  forget: (room: string) => Promise<void>
  close: () => Promise<void>
}

export async function openDeskPair(): Promise<DeskPair> {
  const [delta, windows] = await Promise.all([openWatchDesk({ mode: 'normal' }), openWatchDesk({ mode: 'strict' })])
  windows.tokens.application = false
  const both = [delta, windows]
  return {
    delta,
    windows,
    watch: async (room) => {
      for (const desk of both) await desk.watch(room)
    },
    forget: async (room) => {
      for (const desk of both) await desk.forget(room)
    },
    close: async () => {
      for (const desk of both) await desk.close()
    },
  }
}
