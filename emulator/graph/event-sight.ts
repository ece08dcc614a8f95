import type { EventItem } from '../model.ts'
import type { Sight } from './access.ts'

/** What of an item somebody with lesser rights sees: `limitedRead` knows what and when, a private item is only a block. */
export function asSeen(item: EventItem, sight: Sight): EventItem {
  const isPrivate = item.sensitivity === 'private'
  if (sight === 'everything' || (sight === 'notPrivate' && !isPrivate)) return item
  const outline: EventItem = {
    ...item,
    body: { contentType: 'html', content: '' },
    attendees: [],
    categories: [],
    transactionId: null,
    singleValueExtendedProperties: [],
  }
  return isPrivate ? { ...outline, subject: 'Private appointment', location: null } : outline
}
