import type { EventItem } from '../model.ts'
import { readFilter } from './odata-filter.ts'

type Properties = EventItem['singleValueExtendedProperties']
/** Which extended properties `$expand` asked for, or null when it did not. */
export type Expanded = ((property: Record<string, unknown>) => boolean) | null

/** Reads `$expand=singleValueExtendedProperties($filter=id eq '...')`. Without a filter nothing can be expanded, so nothing is. */
export function readExpandedProperties(expand: string | null): Expanded {
  const match = /singleValueExtendedProperties\s*\(\s*\$filter\s*=\s*([\s\S]*)\)\s*$/i.exec(expand ?? '')
  return match?.[1] === undefined ? null : readFilter(match[1])
}

/** The extended properties that were asked for; an item without any of them carries none. */
export function expandedProperties(
  item: EventItem,
  expanded: Expanded,
): { singleValueExtendedProperties?: Properties } {
  const wanted = expanded === null ? [] : item.singleValueExtendedProperties.filter(expanded)
  return wanted.length === 0 ? {} : { singleValueExtendedProperties: wanted }
}
