/**
 * An account at a provider. Tenant (or issuer) and object id (or subject) are its identity, compared to the letter: a provider whose ids do not mind
 * capitals gives them in lower case, and with others `ab` and `aB` are two accounts. Name and e-mail are for people.
 */
export type Account = { tenantId: string; objectId: string; name: string; email: string }

/** Who must have signed in. */
export type ExpectedAccount =
  /** A person's own token, or a mailbox that an accepted sign-in has pinned. */
  | { by: 'identity'; tenantId: string; objectId: string; name: string }
  /** A mailbox's first sign-in: the app's tenant, and an address that a live call with the new token confirms. */
  | { by: 'address'; tenantId: string; address: string }

export type Match =
  | { is: 'right' }
  | { is: 'wrong'; because: 'other_tenant' | 'other_account' | 'address_not_confirmed' }

/**
 * Is the account that signed in the one expected? An e-mail or user name never identifies anybody: it can be changed, given to
 * someone else, or exist twice. It is only compared once, inside the right tenant, with what the directory itself says
 * (`confirmedAddresses`), and from then on the identity is pinned.
 */
export function matchAccount(
  expected: ExpectedAccount,
  actual: Account,
  confirmedAddresses: readonly string[] = [],
): Match {
  if (!identical(expected.tenantId, actual.tenantId)) return { is: 'wrong', because: 'other_tenant' }
  if (expected.by === 'identity') {
    return identical(expected.objectId, actual.objectId) ? { is: 'right' } : { is: 'wrong', because: 'other_account' }
  }
  if (confirmedAddresses.length === 0) return { is: 'wrong', because: 'address_not_confirmed' }
  const confirmed = confirmedAddresses.some((address) => same(address, expected.address))
  return confirmed ? { is: 'right' } : { is: 'wrong', because: 'other_account' }
}

/** The sentence both sides of the comparison are shown in. Nothing is stored, so that is said too. */
export function sayWrongAccount(expectedName: string, actualName: string): string {
  return `${actualName} signed in, but this needs ${expectedName}. Nothing was stored and nothing was changed. Choose the right account.`
}

export function nameOfAccount({ name, email }: Pick<Account, 'name' | 'email'>): string {
  if (email === '' || name === email) return name || email
  return name === '' ? email : `${name} (${email})`
}

function identical(a: string, b: string): boolean {
  return a !== '' && a === b
}

function same(a: string, b: string): boolean {
  return a !== '' && a.toLowerCase() === b.toLowerCase()
}
