import type { Tenant } from '../tenant.ts'

export type Handshake = 'proved' | 'timedOut' | 'refused' | 'mismatch'

/** How long an endpoint may take to give the token back (change-notifications-delivery, validation). */
const handshakeMs = 10_000

/**
 * Asks an endpoint to prove that it wants notifications: it gets a token in its query and gives it back as plain text, decoded, with
 * 200 and nothing else. The token looks like Graph's, with signs in it that only a decoder gets right.
 */
export async function shakeHands(tenant: Tenant, url: string): Promise<Handshake> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${tenant.chance.uuid()}`
  const address = new URL(url)
  address.searchParams.append('validationToken', token)
  try {
    return await tenant.within(handshakeMs, (signal) => ask(tenant, address, token, signal)).then(readLate)
  } catch {
    return 'refused'
  }
}

async function ask(tenant: Tenant, address: URL, token: string, signal: AbortSignal): Promise<Handshake> {
  const response = await tenant.fetch(address.href, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    redirect: 'manual',
    signal,
  })
  const text = await response.text()
  const isPlain = response.headers.get('content-type')?.toLowerCase().startsWith('text/plain') === true
  if (response.status !== 200 || !isPlain) return 'refused'
  return text === token ? 'proved' : 'mismatch'
}

function readLate(outcome: Handshake | 'late'): Handshake {
  return outcome === 'late' ? 'timedOut' : outcome
}
