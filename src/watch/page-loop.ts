import type { CalendarPage } from '#graph/calendar-page.ts'

/** A list of a year at fifty a page is far from this. */
const pagesMax = 400
const emptyPagesMax = 40
const repeatsMax = 3

/** Notices a list that never ends: the same page again and again under new links, or more pages than any calendar has. */
export function openPageLoop(): { isEndless: (page: CalendarPage) => boolean } {
  const times = new Map<string, number>()
  let pages = 0
  return {
    isEndless: ({ digest, items, next }) => {
      const count = (times.get(digest) ?? 0) + 1
      times.set(digest, count)
      pages += 1
      if (next === null) return false
      // Empty pages on the way are documented; all of them look alike.
      return count >= (items.length === 0 ? emptyPagesMax : repeatsMax) || pages >= pagesMax
    },
  }
}
