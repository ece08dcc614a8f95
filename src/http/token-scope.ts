import type { Actor } from './actor.ts'
import { type TokenScope, tokenScopes } from './contract.ts'
import { refused } from './errors.ts'

/**
 * Refuses what the API token of this request is not for. It is asked once, before any operation is looked up, so that no
 * operation can forget it; what the token's owner may do is decided afterwards, as for anybody.
 * @throws Refusal `http.scope_required`
 */
export function requireTokenScope(actor: Actor | null, method: string, path: string): void {
  if (actor?.via !== 'api_token') return
  // A token that says nothing about its scopes has none.
  const held = actor.tokenScopes ?? []
  const needed = scopesFor(method, path)
  if (needed.some((scope) => held.includes(scope))) return
  throw refused('http.scope_required', {
    say: `This API token may only be used for: ${held.join(', ') || 'nothing'}. This needs a token with the scope ${needed.join(' or ')}.`,
    facts: { scopesNeeded: needed, scopesHeld: held },
  })
}

/** The scopes any one of which is enough for a request. An address that nobody thought of needs `everything`. */
export function scopesFor(method: string, path: string): TokenScope[] {
  return tokenScopes.filter((scope) => covers[scope](['GET', 'HEAD'].includes(method), path))
}

const covers: Record<TokenScope, (reads: boolean, path: string) => boolean> = {
  // A call through an alias acts at somebody else's, whatever its method.
  read: (reads, path) => reads && !/\/proxy(\/|$)/.test(path),
  reservations: (reads, path) => isUnder(path, 'reservations') || (reads && isUnder(path, ...neededToReserve)),
  // An access token that is given away can do whatever was consented to, far beyond connections.
  connections: (reads, path) =>
    (isUnder(path, 'connections', 'scan') && !/\/access-token$/.test(path)) || (reads && isUnder(path, 'people/me')),
  everything: () => true,
}

/** Which rooms there are, whom to invite, who one is, and hearing that something changed. */
const neededToReserve = ['rooms', 'people/me', 'people/directory', 'live']

function isUnder(path: string, ...places: string[]): boolean {
  return places.some((place) => path === `/api/${place}` || path.startsWith(`/api/${place}/`))
}
