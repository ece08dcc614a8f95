import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { addressesOf } from './addresses.ts'
import type { WatchDeps } from './deps.ts'
import { countSubscriptionsByNonce } from './list-queries.ts'
import { insertRegistry, type RegistryRow, selectRegistry, updateRegistry } from './registry-queries.ts'
import type { NotificationRegistry } from './subscription.contract.ts'
import { selectAtOtherNonce, updateSubscription } from './subscription-queries.ts'

/** The registry's only record, by the name that people search for. */
const registryName = 'WSDRS Event Subscription'

/** So many bytes nobody guesses: the address is what lets notifications in as far as their client state. */
const nonceBytes = 32

/** Replaced one after another, so that a thousand rooms are not subscribed to in one second. */
const rotatedEveryMs = 250

type RegistryDeps = Pick<WatchDeps, 'db' | 'seams'>

/** The address that Graph is given, made when it is first needed. */
export async function registryOf({ db, seams }: RegistryDeps): Promise<RegistryRow> {
  const found = await selectRegistry(db)
  if (found !== undefined) return found
  const made = { name: registryName, nonce: newNonce(seams), rotated_at: seams.now(), rotated_by: 'system' }
  await insertRegistry(db, made)
  return (await selectRegistry(db)) ?? { ...made, id: true }
}

/** Where Graph sends to, and what is still sent to older addresses. */
export async function readRegistry(
  deps: RegistryDeps & Pick<WatchDeps, 'notificationUrl'>,
): Promise<NotificationRegistry> {
  const { name, nonce, rotated_at, rotated_by } = await registryOf(deps)
  const used = await countSubscriptionsByNonce(deps.db)
  const inUse = used.get(nonce) ?? 0
  const { notificationUrl: callbackUrl, lifecycleNotificationUrl: lifecycleUrl } = addressesOf(deps, nonce)
  return {
    name,
    callbackUrl,
    lifecycleUrl,
    clientState: 'Made anew for each subscription, from 32 random bytes. Only its SHA-256 is kept.',
    rotatedAt: rotated_at.toISOString(),
    rotatedBy: rotated_by,
    inUse,
    atOldAddress: [...used.values()].reduce((sum, count) => sum + count, 0) - inUse,
    isPublic: isPublicOrigin(deps.notificationUrl),
  }
}

/** Graph sends to https only, and nowhere in our own network. */
function isPublicOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' && !/^(localhost|127\.|10\.|192\.168\.|\[)/.test(hostname) && hostname.includes('.')
}

/**
 * Another address. Subscriptions go on at the old one until each was made anew at the new one; after the last of them the old address is
 * nobody's. @returns how many are to be made anew
 */
export async function rotateRegistry(
  deps: WatchDeps,
  { actor, requestId }: { actor: Pick<Actor, 'userId' | 'displayName'>; requestId: string },
): Promise<number> {
  const { db, seams } = deps
  const now = seams.now()
  await registryOf(deps)
  return transaction(db, async (trx) => {
    const nonce = newNonce(seams)
    await updateRegistry(trx, { nonce, rotated_at: now, rotated_by: actor.displayName })
    const old = await selectAtOtherNonce(trx, nonce)
    for (const [index, id] of old.entries()) {
      await updateSubscription(trx, id, { renew_at: new Date(now.getTime() + index * rotatedEveryMs) })
    }
    await recordAudit(trx, {
      actorId: actor.userId,
      actorName: actor.displayName,
      action: 'watch.address_rotated',
      subject: { kind: 'webhook_registry', id: registryName, name: registryName },
      details: { subscriptions: old.length },
      requestId,
    })
    return old.length
  })
}

/** Something random that only Graph is told, in letters that addresses and its fields take as they are. */
export function newNonce(seams: Pick<WatchDeps['seams'], 'randomBytes'>): string {
  return Buffer.from(seams.randomBytes(nonceBytes)).toString('base64url')
}
