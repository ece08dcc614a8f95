import type { MirrorItem } from './mirror-item.ts'

/** What the mirror has of an event already. */
export type Known = {
  eventId: string
  etag: string
  digest: string
  goneAt: Date | null
  changedAt: Date
}

/** An item that is new or means something else than before; `gone` is set for copies of meetings that were cancelled. */
export type ChangedItem = MirrorItem & { gone: 'cancelled' | null; changedAt: Date }

export type RetouchedItem = MirrorItem & { changedAt: Date }

export type MirrorChanges = {
  changed: ChangedItem[]
  /** Another version that means the same in this copy: an echo, Exchange at work, or a change that only the organizer's event shows. */
  retouched: RetouchedItem[]
  /** Read again as they were known. */
  same: string[]
}

/**
 * Compares what was read with what is known. An etag alone is no change: the meaning (digest) must differ, or the item must have been
 * gone. Of several versions of one item the last wins, as they came (event-delta replays).
 */
export function changesOf(known: ReadonlyMap<string, Known>, items: readonly MirrorItem[], now: Date): MirrorChanges {
  const changes: MirrorChanges = { changed: [], retouched: [], same: [] }
  for (const item of new Map(items.map((one) => [one.eventId, one])).values()) {
    const before = known.get(item.eventId)
    const gone = item.view.isCancelled ? 'cancelled' : null
    const isBack = before !== undefined && (before.goneAt !== null) !== (gone !== null)
    if (before === undefined || before.digest !== item.digest || isBack) {
      changes.changed.push({ ...item, gone, changedAt: later(now, before?.changedAt) })
    } else if (before.etag !== item.etag) {
      changes.retouched.push({ ...item, changedAt: later(now, before.changedAt) })
    } else changes.same.push(item.eventId)
  }
  return changes
}

/** Whoever planned a version names it by its moment, so two versions never share one. */
export function later(now: Date, before: Date | undefined): Date {
  return before === undefined || before < now ? now : new Date(before.getTime() + 1)
}
