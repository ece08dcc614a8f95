import { answeredByHeader } from './proxy.contract.ts'

/**
 * What passes through the proxy, by name; everything else stays on its side. Cookies and authorization belong to one side each, and what
 * describes a hop (RFC 9110 section 7.6.1) ends with it.
 */
const goingOut = [
  'accept',
  'accept-language',
  'client-request-id',
  'consistencylevel',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'range',
  'return-client-request-id',
]

const comingBack = [
  'accept-ranges',
  'client-request-id',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'location',
  'odata-version',
  'preference-applied',
  'request-id',
  'retry-after',
]

export function headersGoingOut(from: Headers): Headers {
  return picked(from, goingOut)
}

/** A location elsewhere is left out: who follows it would leave the connection. */
export function headersComingBack(from: Headers, baseUrl: string): Headers {
  const headers = picked(from, comingBack)
  const origin = new URL(baseUrl).origin
  const location = headers.get('location')
  if (location !== null && URL.parse(location, baseUrl)?.origin !== origin) headers.delete('location')
  headers.set(answeredByHeader, new URL(baseUrl).host)
  return headers
}

function picked(from: Headers, names: readonly string[]): Headers {
  const headers = new Headers()
  for (const name of names) {
    const value = from.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}
