import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '#kit/secret.ts'
import type { ReceivedItem } from './notification-body.ts'

/** What we know about a subscription that an item names. */
export type KnownSubscription = {
  id: string
  roomId: string | null
  externalId: string
  nonce: string
  clientStateHash: Uint8Array
}

export type Judged = {
  accepted: { item: ReceivedItem; subscription: KnownSubscription }[]
  /** How many came with a wrong client state, by our own id of the subscription. */
  refused: Map<string, number>
  /** Of subscriptions that are not ours, or came to an address that is not theirs. */
  unknown: number
}

/** Each item is judged by its own subscription, so that a good one brings no bad one in with it. */
export function judgeItems(
  items: readonly { nonce: string; item: ReceivedItem }[],
  known: ReadonlyMap<string, KnownSubscription>,
): Judged {
  const judged: Judged = { accepted: [], refused: new Map(), unknown: 0 }
  for (const { nonce, item } of items) {
    const subscription = known.get(item.subscriptionId)
    if (subscription === undefined || subscription.nonce !== nonce) judged.unknown += 1
    else if (hasState(item, subscription)) judged.accepted.push({ item, subscription })
    else judged.refused.set(subscription.id, (judged.refused.get(subscription.id) ?? 0) + 1)
  }
  return judged
}

/** Compared by digests of equal length: `timingSafeEqual` throws at others, and a time would tell how much was right. */
function hasState({ clientState }: ReceivedItem, { clientStateHash }: KnownSubscription): boolean {
  return timingSafeEqual(sha256(clientState ?? ''), clientStateHash) && clientState !== null
}
