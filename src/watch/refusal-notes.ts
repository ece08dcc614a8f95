import { recordAudit } from '#audit/audit.ts'
import type { WatchDeps } from './deps.ts'

/** A flood of forged notifications is one entry a minute and subscription, with how many there were. */
const everyMs = 60_000

export type RefusalNotes = { note: (refused: ReadonlyMap<string, number>) => void }

/** Writes into the audit trail that somebody tried to pass for Graph. The numbers on the subscription are kept elsewhere, all of them. */
export function openRefusalNotes({ db, seams, log }: Pick<WatchDeps, 'db' | 'seams' | 'log'>): RefusalNotes {
  const tallies = new Map<string, { count: number; notedAtMs: number }>()
  return {
    note: (refused) => {
      for (const [subscriptionId, count] of refused) {
        const nowMs = seams.now().getTime()
        const tally = tallies.get(subscriptionId) ?? { count: 0, notedAtMs: Number.NEGATIVE_INFINITY }
        tallies.set(subscriptionId, tally)
        tally.count += count
        if (nowMs - tally.notedAtMs < everyMs) continue
        const entry = {
          actorId: null,
          actorName: 'Anteroom',
          action: 'watch.notification_refused' as const,
          subject: { kind: 'subscription', id: subscriptionId, name: subscriptionId },
          details: { count: tally.count, because: 'wrong client state' },
        }
        Object.assign(tally, { count: 0, notedAtMs: nowMs })
        log.warn(
          { subscriptionId, count: entry.details.count },
          'watch: notifications with a wrong client state were refused',
        )
        recordAudit(db, entry).catch((cause: unknown) =>
          log.error({ problem: String(cause) }, 'watch: a refusal is not in the audit trail'),
        )
      }
    },
  }
}
