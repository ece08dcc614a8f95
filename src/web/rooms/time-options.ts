import { addMinutes, minutesBetween } from './wall-time.ts'

export type TimeOption = { value: string; label: string }

/** Every quarter of an hour of a day, and the time that is set even when it is none of them. */
export function startOptions(current: string): TimeOption[] {
  const quarters = Array.from({ length: 96 }, (_, index) => addMinutes('00:00', index * 15))
  return withCurrent(quarters, current).map((value) => ({ value, label: value }))
}

/** Ends after `from`, each with how long that is: one choice answers both questions. */
export function endOptions(from: string, current: string): TimeOption[] {
  const later = startOptions(current)
    .map(({ value }) => value)
    .filter((value) => minutesBetween(from, value) > 0 || value === current)
  return later.map((value) => ({ value, label: `${value} · ${lengthText(minutesBetween(from, value))}` }))
}

/** `45 min`, `1 h`, `1 h 30 min`; an end that lies before the start says so. */
export function lengthText(minutes: number): string {
  if (minutes <= 0) return 'before the start'
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  return [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
}

function withCurrent(times: string[], current: string): string[] {
  return times.includes(current) ? times : [...times, current].sort()
}
