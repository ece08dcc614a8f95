import type { Database } from '#db/database.ts'
import { findPersonNames } from '#people/person-name.ts'
import { findRoomSyncs } from '#providers/room-sync.ts'
import type { SyncDeps } from './deps.ts'
import { describeEvent, type WholeEvent, wholeEvents } from './describe-event.ts'
import { refused } from './errors.ts'
import type { SyncEventRecord } from './sync-event.contract.ts'

/** One sync event with what was sent and what was answered. @throws Refusal `sync.event_unknown` */
export async function readSyncEvent(
  { db, seams }: Pick<SyncDeps, 'db' | 'seams'>,
  seq: string,
): Promise<SyncEventRecord> {
  const event = await findWholeEvent(db, seq)
  const { row, change } = event
  return {
    ...describeEvent(event, seams.now()),
    askedBy: await askedBy(db, change?.actorId ?? null),
    source: change?.source ?? null,
    provider: await providerOf(db, event),
    requestId: row?.request_id ?? null,
    errorSay: row?.last_error_say ?? null,
    payload: row?.payload ?? null,
    providerPayload: row?.provider_payload ?? null,
    response: row?.response ?? null,
    difference: (row?.difference ?? null) as SyncEventRecord['difference'],
  }
}

/** @throws Refusal `sync.event_unknown` */
export async function findWholeEvent(db: Database, seq: string): Promise<WholeEvent> {
  const [event] = await wholeEvents(db, [seq])
  if (!event) throw refused('sync.event_unknown')
  return event
}

async function askedBy(db: Database, actorId: string | null): Promise<string | null> {
  if (actorId === null) return null
  return (await findPersonNames(db, [actorId])).get(actorId)?.displayName ?? null
}

/** By the room's configuration of today, unless that is another provider's by now. */
async function providerOf(db: Database, { row, whole }: WholeEvent): Promise<SyncEventRecord['provider']> {
  const sync = (await findRoomSyncs(db, [whole.room.id])).get(whole.room.id)
  if (sync === undefined || (row !== null && row.provider_id !== sync.provider.id)) return null
  return { id: sync.provider.id, name: sync.provider.name }
}
