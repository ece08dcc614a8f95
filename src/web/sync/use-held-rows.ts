import { useState } from 'react'
import type { SyncEvent } from '#sync/sync-event.contract.ts'

/**
 * Keeps the rows of a list where they are while something is done to them, so that each shows its outcome: what is re-processed makes
 * new sync events, which would push it off the page. What the server says of them meanwhile is shown. Another page, search or filter is
 * another list, and shown as it is.
 */
export function useHeldRows(list: unknown, fresh: readonly SyncEvent[]) {
  const which = JSON.stringify(list)
  const [held, setHeld] = useState<{ which: string; rows: readonly SyncEvent[] } | null>(null)
  const kept = held?.which === which ? held.rows : null
  return {
    rows: kept === null ? fresh : kept.map((row) => fresh.find(({ seq }) => seq === row.seq) ?? row),
    hold: () => setHeld({ which, rows: fresh }),
    letGo: () => setHeld(null),
  }
}
