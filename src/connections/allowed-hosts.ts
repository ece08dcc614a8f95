import type { ConnectionsDeps } from './deps.ts'
import { apiHosts } from './entra.ts'

/** Hosts that an access token may be sent to: the provider's own, and those that the operator named. Nobody adds one in a form. */
export function hostsForTokens({ allowedHosts = [] }: Pick<ConnectionsDeps, 'allowedHosts'>): string[] {
  return [...apiHosts, ...allowedHosts]
}

/** Access tokens travel to this address, so it is https and one of the hosts that are named (RFC 9700 section 4.9.1). */
export function mayReceiveTokens(deps: Pick<ConnectionsDeps, 'allowedHosts'>, address: string): boolean {
  const url = URL.parse(address)
  if (url === null || url.protocol !== 'https:' || !hostsForTokens(deps).includes(url.host)) return false
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
