import { ianaZone } from '../exchange/time-zones.ts'
import { GraphProblem } from './graph-problem.ts'

export type Preferences = {
  timeZone: string | null
  bodyAs: 'html' | 'text' | null
  immutableIds: boolean
  maxPageSize: number | null
}

/** Reads a Prefer header (RFC 7240, a comma list). Preferences that Graph does not know are ignored, as the RFC asks. */
export function readPreferences(header: string | null): Preferences {
  const preferences: Preferences = { timeZone: null, bodyAs: null, immutableIds: false, maxPageSize: null }
  for (const [name, value] of preferencePairs(header ?? '')) {
    if (name === 'outlook.timezone') preferences.timeZone = knownZone(value)
    if (name === 'outlook.body-content-type') preferences.bodyAs = value.toLowerCase() === 'text' ? 'text' : 'html'
    if (name === 'idtype') preferences.immutableIds = value.toLowerCase() === 'immutableid'
    if (name === 'odata.maxpagesize') preferences.maxPageSize = Math.max(0, Number.parseInt(value, 10)) || null
  }
  return preferences
}

/** The Preference-Applied header of what was honoured, or null. */
export function preferenceApplied(preferences: Preferences): string | null {
  const applied = [
    preferences.timeZone === null ? null : `outlook.timezone="${preferences.timeZone}"`,
    preferences.bodyAs === null ? null : `outlook.body-content-type="${preferences.bodyAs}"`,
    preferences.immutableIds ? 'IdType="ImmutableId"' : null,
    preferences.maxPageSize === null ? null : `odata.maxpagesize=${preferences.maxPageSize}`,
  ].filter((one) => one !== null)
  return applied.length === 0 ? null : applied.join(', ')
}

function preferencePairs(header: string): [string, string][] {
  const pairs = header.matchAll(/([\w.-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]+))/g)
  return [...pairs].map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? ''])
}

function knownZone(name: string): string {
  if (ianaZone(name) !== null) return name
  const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`
  throw new GraphProblem(400, 'TimeZoneNotSupportedException', message)
}
