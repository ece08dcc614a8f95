/** A span in milliseconds as people say it: `0.8 s`, `12 s`, `3 min`, `5 h`, `2 days`; a dash when there is none. */
export function spanWords(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`
  if (ms < 90 * 60_000) return `${Math.round(ms / 60_000)} min`
  const hours = ms / 3_600_000
  return hours < 36 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`
}
