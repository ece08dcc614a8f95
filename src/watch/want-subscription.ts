import type { Database } from '#db/database.ts'
import { sha256 } from '#kit/secret.ts'
import type { Acting } from '#providers/acting.ts'
import type { Provider } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { insertSubscription, type SubscriptionRow, selectWanted, unwant } from './subscription-queries.ts'

/** What it is made with: another application, or another account with it, means another subscription. A new secret does not. */
export function fingerprintOf({ clientId, address }: Pick<Acting, 'clientId' | 'address'>): string {
  return `${clientId} ${address?.toLowerCase() ?? 'application'}`
}

export function resourceOf(mailbox: string): string {
  return `users/${mailbox.toLowerCase()}/events`
}

/** How long the old one goes on while the new one is made, so that nothing falls in between. */
export const overlapMs = 30_000

export type Wish = { roomId: string | null; provider: Pick<Provider, 'id'>; mailbox: string; acting: Acting }

/**
 * Says that a mailbox is to be subscribed to; a job makes it so. One that is there stays; one that was made with something else is replaced,
 * the new one first.
 *
 * @returns what waits for a job now
 */
export async function wantSubscription(
  trx: Database,
  { seams }: Pick<WatchDeps, 'seams'>,
  { roomId, provider, mailbox, acting }: Wish,
): Promise<string[]> {
  const now = seams.now()
  const resource = resourceOf(mailbox)
  const before = await selectWanted(trx, resource)
  const isSame =
    before?.made_with === fingerprintOf(acting) && before.room_id === roomId && before.provider_id === provider.id
  if (isSame) return []
  if (before !== undefined) await unwant(trx, { id: before.id }, { at: new Date(now.getTime() + overlapMs), now })
  const place = { room_id: roomId, provider_id: provider.id, mailbox: mailbox.toLowerCase(), resource }
  return insertWanted(trx, seams, { ...place, made_with: fingerprintOf(acting) })
}

/** The same once more, beside one that goes on for a little while or is gone. @returns what waits for a job now */
export async function replaceSubscription(
  trx: Database,
  { seams }: Pick<WatchDeps, 'seams'>,
  before: SubscriptionRow,
  { goesOn }: { goesOn: boolean },
): Promise<string[]> {
  const now = seams.now()
  await unwant(trx, { id: before.id }, { at: new Date(now.getTime() + (goesOn ? overlapMs : 0)), now })
  const { room_id, provider_id, mailbox, resource, made_with } = before
  return insertWanted(trx, seams, { room_id, provider_id, mailbox, resource, made_with })
}

export async function unwantRoom(trx: Database, roomId: string, now: Date): Promise<void> {
  await unwant(trx, { roomId }, { at: now, now })
}

type Place = Pick<SubscriptionRow, 'room_id' | 'provider_id' | 'mailbox' | 'resource' | 'made_with'>

async function insertWanted(trx: Database, seams: WatchDeps['seams'], place: Place): Promise<string[]> {
  const id = seams.newId()
  const now = seams.now()
  // The address and what Graph is to send back are made when it is asked; until then nothing matches this.
  const secrets = { nonce: '', client_state_hash: sha256(seams.randomBytes(32)) }
  const times = { renew_at: now, created_at: now, updated_at: now }
  return (await insertSubscription(trx, { id, ...place, ...secrets, ...times, state: 'creating' })) ? [id] : []
}
