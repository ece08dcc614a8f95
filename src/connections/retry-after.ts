/**
 * What a `Retry-After` header asks for, in milliseconds from now (RFC 9110 section 10.2.3), or null when it says nothing that can be
 * used. Numbers are tried first, because date parsers take `5` for a month; servers also send fractions.
 */
export function retryAfterMs(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  if (!httpDate.test(text)) return null
  const at = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}

/** The three forms of RFC 9110 section 5.6.7: IMF-fixdate, RFC 850 and asctime. */
const httpDate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT|\w+day, \d{2}-\w{3}-\d{2} \d{2}:\d{2}:\d{2} GMT| \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/
