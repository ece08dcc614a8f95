import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'
import { type Lease, releaseLease, renewLease, takeLease } from './lease.ts'

export type UnderLease = { db: Database; lane: string; ttlMs: number } & Pick<Seams, 'newId' | 'wait'>

/**
 * Does `work` while holding the lane, renewing the lease until it ends. The signal aborts when the lane was lost; the
 * fence (`assertFence`) is what keeps a slow holder from committing all the same.
 *
 * @returns what `work` returned, or null without doing it while another process holds the lane.
 */
export async function underLease<T>(
  { db, lane, ttlMs, newId, wait }: UnderLease,
  work: (lease: Lease, signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const lease = await takeLease(db, lane, { ownerId: newId(), ttlMs })
  if (!lease) return null
  const lost = new AbortController()
  const done = new AbortController()
  const renewing = renewUntil(done.signal, async () => {
    await wait(ttlMs / 3, done.signal)
    if (!done.signal.aborted && !(await renewLease(db, lease, ttlMs).catch(() => true))) lost.abort()
    return !lost.signal.aborted
  })
  try {
    return await work(lease, lost.signal)
  } finally {
    done.abort()
    await renewing
    await releaseLease(db, lease)
  }
}

async function renewUntil(done: AbortSignal, renew: () => Promise<boolean>): Promise<void> {
  while (!done.aborted && (await renew()));
}
