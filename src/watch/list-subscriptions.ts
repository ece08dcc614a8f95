import type { QueryOf } from '#http/contract.ts'
import type { WatchDeps } from './deps.ts'
import { refused } from './errors.ts'
import { subscribeAt } from './jobs.ts'
import { type ListedSubscriptionRow, selectListedSubscriptions } from './list-queries.ts'
import { registryOf } from './registry.ts'
import type { listWatchSubscriptions, WatchSubscription } from './subscription.contract.ts'
import { selectSubscription, updateSubscription } from './subscription-queries.ts'

export async function listSubscriptions(deps: WatchDeps, query: QueryOf<typeof listWatchSubscriptions>) {
  const { rows, total } = await selectListedSubscriptions(deps.db, query)
  const { nonce } = await registryOf(deps)
  return { rows: rows.map((row) => shown(row, nonce)), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `watch.subscription_not_found`, `watch.subscription_over` */
export async function renewNow(deps: WatchDeps, id: string): Promise<{ say: string }> {
  const row = await selectSubscription(deps.db, id)
  if (row === undefined) throw refused('watch.subscription_not_found')
  if (row.state === 'removing' || row.state === 'removed') throw refused('watch.subscription_over')
  const now = deps.seams.now()
  await updateSubscription(deps.db, id, { renew_at: now, attempts: 0, updated_at: now })
  await subscribeAt(deps, id, now)
  return { say: row.state === 'active' ? 'It is being renewed.' : 'It is being made.' }
}

function shown(row: ListedSubscriptionRow, nonce: string): WatchSubscription {
  const isAtOldAddress = row.state === 'active' && row.nonce !== nonce
  return {
    id: row.id,
    room: row.room_id === null ? null : { id: row.room_id, name: row.room_name ?? '' },
    provider: { id: row.provider_id, name: row.provider_name },
    mailbox: row.mailbox,
    resource: row.resource,
    state: row.state,
    say: isAtOldAddress ? 'It works, and is made anew at the new address by itself.' : sayState(row),
    externalId: row.external_id,
    expiresAt: text(row.expires_at),
    renewAt: text(row.renew_at),
    renewedAt: text(row.renewed_at),
    lastNotificationAt: text(row.last_notification_at),
    refused: row.refused,
    attempts: row.attempts,
    error: row.last_error_code === null ? null : { code: row.last_error_code, say: row.last_error_say ?? '' },
    isAtOldAddress,
    createdAt: row.created_at.toISOString(),
  }
}

function sayState({ state, last_error_say: error, last_notification_at: told }: ListedSubscriptionRow): string {
  switch (state) {
    case 'creating':
      return 'It is being made.'
    case 'active':
      if (error !== null) return error
      return told === null ? 'It works. Nothing has been told yet.' : 'It works.'
    case 'failed':
      return error ?? 'It could not be made, and is tried again by itself.'
    case 'removing':
      return 'It is being taken away.'
    case 'removed':
      return 'It is gone.'
  }
}

function text(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
