import type { Chance } from '../chance.ts'
import type { EventItem } from '../model.ts'

/** A new version of an item. Every copy has its own, so the room's answer changes the organizer's and not the other way round. */
export function newChangeKey(chance: Chance): string {
  return `DwAAABYAAAB${chance.bytes(21).toString('base64')}`
}

/** The ETag of an item: weak, and the change key word for word. */
export function etagOf(item: Pick<EventItem, 'changeKey'>): string {
  return `W/"${item.changeKey}"`
}

/** If-Match, as best effort: absent and `*` allow, otherwise one of the listed tags must be the present one. */
export function ifMatchAllows(header: string | undefined, item: Pick<EventItem, 'changeKey'>): boolean {
  if (header === undefined || header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//i, '') === `"${item.changeKey}"`)
}
