import windowsZoneData from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' }
import type { DateTimeZone } from '../model.ts'

/** What Exchange prints where a time is unset. */
export const unsetTime = '0001-01-01T00:00:00Z'

const ianaByWindowsName = new Map(
  windowsZoneData.supplemental.windowsZones.mapTimezones
    .filter(({ mapZone }) => mapZone._territory === '001')
    .map(({ mapZone }) => [mapZone._other.toLowerCase(), mapZone._type]),
)

/**
 * The IANA zone behind a zone name as Graph takes them: Windows (`W. Europe Standard Time`), IANA (`Europe/Berlin`) or UTC.
 * Null for anything else; abbreviations such as `CET` are refused as Exchange refuses them.
 */
export function ianaZone(name: string): string | null {
  if (['utc', 'tzone://microsoft/utc', 'etc/utc', 'etc/gmt'].includes(name.toLowerCase())) return 'UTC'
  const fromWindows = ianaByWindowsName.get(name.toLowerCase())
  if (fromWindows) return fromWindows
  return name.includes('/') && isKnownZone(name) ? name : null
}

/**
 * The UTC instant (ISO 8601, milliseconds) of a dateTimeTimeZone, or null when the time or the zone is not one.
 * A wall time inside a gap moves forward and one that happens twice is the first, as Temporal's `compatible`.
 */
export function instantOf(value: DateTimeZone): string | null {
  const zone = ianaZone(value.timeZone)
  if (zone === null) return null
  try {
    if (/(z|[+-]\d\d:\d\d)$/i.test(value.dateTime)) return isoMillis(Temporal.Instant.from(value.dateTime))
    return isoMillis(Temporal.PlainDateTime.from(value.dateTime).toZonedDateTime(zone).toInstant())
  } catch {
    return null
  }
}

/** A bound of a window: an offset is honoured, none means UTC. Null when it is not a time. */
export function instantOfBound(text: string): string | null {
  return instantOf({ dateTime: text.trim(), timeZone: 'UTC' })
}

/** The wall time of an instant in a zone, as Graph prints it: no offset, seven fractional digits, the zone's name as asked. */
export function wallTime(instant: string, zoneName: string): DateTimeZone {
  const zone = ianaZone(zoneName) ?? 'UTC'
  const wall = Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime()
  return { dateTime: wall.toString({ fractionalSecondDigits: 7 }), timeZone: zoneName }
}

/** True when the instant is midnight in the zone, as both ends of an all-day event must be. */
export function isMidnight(instant: string, zoneName: string): boolean {
  return wallTime(instant, zoneName).dateTime.endsWith('T00:00:00.0000000')
}

const askedBefore = new Map<string, boolean>()

/** Asking the system takes longer than all the rest of a request, so it is asked once. */
function isKnownZone(name: string): boolean {
  const known = askedBefore.get(name) ?? isSystemZone(name)
  if (askedBefore.size < 1_000) askedBefore.set(name, known)
  return known
}

function isSystemZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

function isoMillis(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 })
}
