import type { Random } from '../scheduler/random.ts'

/**
 * Days on which clocks are changed, or ordinary ones, each with a zone where it matters (transitions of the IANA database: half an hour on
 * Lord Howe, a quarter past the hour in Kathmandu, backwards for Ramadan in Casablanca).
 */
const moments: readonly { at: string; zone: string }[] = [
  { at: '2026-10-24T20:00:00Z', zone: 'Europe/Berlin' },
  { at: '2027-03-27T21:00:00Z', zone: 'Europe/Berlin' },
  { at: '2026-10-31T22:00:00Z', zone: 'America/New_York' },
  { at: '2027-03-13T23:00:00Z', zone: 'America/New_York' },
  { at: '2026-10-03T12:00:00Z', zone: 'Australia/Lord_Howe' },
  { at: '2027-04-03T12:00:00Z', zone: 'Australia/Lord_Howe' },
  { at: '2027-02-06T20:00:00Z', zone: 'Africa/Casablanca' },
  { at: '2026-12-31T22:00:00Z', zone: 'Asia/Kathmandu' },
  { at: '2027-02-28T15:00:00Z', zone: 'America/Sao_Paulo' },
  { at: '2026-11-24T07:00:00Z', zone: 'Pacific/Apia' },
]

export function pickStart(random: Random): { startMs: number; zones: string[] } {
  const moment = random.pick(moments)
  const other = random.pick(moments)
  const aheadMs = random.below(10 * 3_600_000)
  return { startMs: Date.parse(moment.at) + aheadMs, zones: [moment.zone, other.zone] }
}
