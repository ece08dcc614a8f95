import type { EventItem } from '../model.ts'

/** Digits of an availability view (Graph scheduleInformation). */
const digits: Record<EventItem['showAs'], number> = {
  free: 0,
  tentative: 1,
  busy: 2,
  oof: 3,
  workingElsewhere: 4,
  unknown: 0,
}
/** Which of two statuses in one slot is shown. */
const weight = [0, 2, 3, 4, 1]

/** What takes somebody's time in a window, by start: free items, cancelled ones among them, take none. */
export function busyItems(items: EventItem[], from: string, to: string): EventItem[] {
  return items
    .filter((item) => item.showAs !== 'free' && !item.isCancelled && item.startsAt < to && from < item.endsAt)
    .toSorted((one, other) => (one.startsAt < other.startsAt ? -1 : 1))
}

/** One digit for each slot of the window, the last slot perhaps shorter. */
export function availabilityView(items: EventItem[], from: string, to: string, slotMinutes: number): string {
  const [startMs, endMs, slotMs] = [Date.parse(from), Date.parse(to), slotMinutes * 60_000]
  const slots = Math.ceil((endMs - startMs) / slotMs)
  return Array.from({ length: slots }, (_, slot) => {
    const slotFrom = startMs + slot * slotMs
    const slotTo = Math.min(slotFrom + slotMs, endMs)
    const inSlot = items.filter((item) => Date.parse(item.startsAt) < slotTo && slotFrom < Date.parse(item.endsAt))
    return inSlot.map((item) => digits[item.showAs]).reduce(heavier, 0)
  }).join('')
}

function heavier(one: number, other: number): number {
  return (weight[one] ?? 0) >= (weight[other] ?? 0) ? one : other
}
