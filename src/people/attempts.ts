import type { Context } from 'hono'
import { clientAddress } from './client-address.ts'
import type { PeopleDeps } from './deps.ts'
import { refused } from './errors.ts'
import { openTokenBuckets } from './token-bucket.ts'

/** Five wrong passwords at once for one e-mail address, then two a minute: 1 million guesses take a year. */
const perAccount = { capacity: 5, refillMs: 30_000 }
/** Many people may share one address behind an office router, so it gets more, and fills faster. */
const perAddress = { capacity: 30, refillMs: 2_000 }

/** How often somebody may try to get in. Each refuses with `people.too_many_attempts`. */
export type Attempts = {
  fromAddress: (context: Context) => void
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
  return {
    fromAddress: (context) => {
      if (!addresses.take(clientAddress(context, trustedProxyHops))) throw refused('people.too_many_attempts')
    },
    onAccount: (email) => {
      if (!accounts.take(email.toLowerCase())) throw refused('people.too_many_attempts')
    },
    succeededOn: (email) => accounts.forgive(email.toLowerCase()),
  }
}
