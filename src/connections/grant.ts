import type { GrantType } from './contract.ts'

/** Does a person sign in, on the provider's own page? Only then can a token be somebody's own, and only then is there a refresh token. */
export function signsInSomebody(grantType: GrantType): boolean {
  return grantType === 'authorization_code'
}

/** What is asked for: without a person at a page nothing is renewed by a refresh token, so none is asked for. */
export function scopesFor(grantType: GrantType, scopes: readonly string[]): string[] {
  return signsInSomebody(grantType) ? [...scopes] : scopes.filter((scope) => scope !== 'offline_access')
}

/** What a form, a document and a trace say beside a grant that is better left alone. */
export function cautionOf(grantType: GrantType): string | null {
  return grantType === 'password' ? sayPassword : null
}

const sayPassword =
  'Not recommended: Anteroom holds somebody’s password, no second factor is possible, and RFC 9700 forbids it for anything new. Use Authorization Code where a person can sign in once.'
