import type { ApiToken } from '#people/api-token.contract.ts'

type TokenScope = ApiToken['scopes'][number]

/** What a token may be used for, the narrowest first. It never can do more than the person it belongs to. */
export const tokenScopeWords: Record<TokenScope, { label: string; description: string }> = {
  read: { label: 'Reading', description: 'Looks at everything you may see, changes nothing.' },
  reservations: { label: 'Reservations', description: 'Finds rooms; makes, changes and cancels your reservations.' },
  connections: { label: 'Connections', description: 'Resolves and configures connections, as far as your roles go.' },
  everything: { label: 'Everything', description: 'Whatever you may do yourself.' },
}

export function scopeList(scopes: readonly TokenScope[]): string {
  return scopes.map((scope) => tokenScopeWords[scope].label.toLowerCase()).join(', ')
}
