import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'
import type { HistoryEntry } from './contract.ts'
import { insertHistory, selectHistory } from './history-queries.ts'

/** One line of a reservation's timeline: what happened, with whose permission, and under which request id at Microsoft. */
export type Happening = {
  kind: string
  sentence: string
  identity?: string | null
  requestId?: string | null
  details?: Record<string, unknown>
}

/** Writes one line, in the transaction of what it tells about. */
export async function recordHistory(
  trx: Database,
  seams: Pick<Seams, 'newId' | 'now'>,
  { reservationId, kind, sentence, identity, requestId, details }: Happening & { reservationId: string },
): Promise<void> {
  await insertHistory(trx, {
    id: seams.newId(),
    reservation_id: reservationId,
    at: seams.now(),
    kind,
    sentence,
    identity: identity ?? null,
    request_id: requestId ?? null,
    details: details ?? {},
  })
}

/** The timeline of a reservation, newest first. */
export async function readHistory(db: Database, reservationId: string): Promise<HistoryEntry[]> {
  const rows = await selectHistory(db, reservationId)
  return rows.map(({ id, at, kind, sentence, identity, request_id: requestId, details }) => ({
    id,
    at: at.toISOString(),
    kind,
    sentence,
    identity,
    requestId,
    details,
  }))
}
