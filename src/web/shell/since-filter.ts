import { browser } from '../browser.ts'
import type { Filter } from '../design/filter-chip.tsx'

const hourMs = 3_600_000
const spans: Record<string, { label: string; ms: number }> = {
  '1h': { label: 'Last hour', ms: hourMs },
  '24h': { label: 'Last 24 hours', ms: 24 * hourMs },
  '7d': { label: 'Last 7 days', ms: 7 * 24 * hourMs },
  '30d': { label: 'Last 30 days', ms: 30 * 24 * hourMs },
}

/** Narrows a list to what is not older than so long; in the address as `since=24h`. */
export const sinceFilter: Filter = {
  key: 'since',
  label: 'Time',
  options: Object.entries(spans).map(([value, { label }]) => ({ value, label })),
}

/** The instant that a span begins at, or null without one. At a whole minute, or every look would be a new question. */
export function sinceInstant(span: string | undefined): string | null {
  const ms = spans[span ?? '']?.ms
  if (ms === undefined) return null
  const minuteMs = Math.floor(browser.now().getTime() / 60_000) * 60_000
  return new Date(minuteMs - ms).toISOString()
}
