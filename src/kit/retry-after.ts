/** Nobody is made to wait longer than this by one answer: an hour. What is still true then will be said again. */
const retryAfterMsMax = 60 * 60 * 1000

/**
 * How long an answer asks us to wait, in milliseconds, or null when it does not say so readably.
 *
 * RFC 9110 section 10.2.3 allows seconds or a date; Graph also sends fractions (`2.128`). Numbers are read first, because
 * `Date.parse('120')` is a valid date in the year 120. Negative values and dates in the past mean now.
 */
export function readRetryAfter(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? ''
  if (text === '') return null
  const waitMs = /^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime()
  if (Number.isNaN(waitMs)) return null
  return Math.min(Math.max(Math.ceil(waitMs), 0), retryAfterMsMax)
}
