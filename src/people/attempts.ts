import type { Context } from 'hono'
import { clientAddress } from './client-address.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { openTokenBuckets, type TokenBuckets } from './token-bucket.ts'

/** Five wrong passwords at once for one e-mail address, then two a minute: 1 million guesses take a year. */
const perAccount = { capacity: 5, refillMs: 30_000 }
/** Many people may share one address behind an office router, so it gets more, and fills faster. */
const perAddress = { capacity: 30, refillMs: 2_000 }

/** Nothing can be guessed by starting a sign-in elsewhere; this only keeps one address from filling a table. */
const perAddressStarting = { capacity: 300, refillMs: 100 }

/** How often somebody may try to get in. Each refuses with `people.too_many_attempts`. */
export type Attempts = {
  fromAddress: (context: Context) => void
  startingFromAddress: (context: Context) => void
  /** Unknown e-mail addresses are counted like known ones, so that the limit tells nobody which exist. */
  onAccount: (email: string) => void
  succeededOn: (email: string) => void
}

export function openAttempts({
  seams,
  trustedProxyHops = 0,
}: Pick<PeopleDeps, 'seams' | 'trustedProxyHops'>): Attempts {
  const addresses = openTokenBuckets(seams.now, perAddress)
  const accounts = openTokenBuckets(seams.now, perAccount)
  const starts = openTokenBuckets(seams.now, perAddressStarting)
  const takeFrom = (buckets: TokenBuckets, key: string) => {
    if (!buckets.take(key)) throw refused('people.too_many_attempts')
  }
  return {
    fromAddress: (context) => takeFrom(addresses, clientAddress(context, trustedProxyHops)),
    startingFromAddress: (context) => takeFrom(starts, clientAddress(context, trustedProxyHops)),
    onAccount: (email) => takeFrom(accounts, email.toLowerCase()),
    succeededOn: (email) => accounts.forgive(email.toLowerCase()),
  }
}
