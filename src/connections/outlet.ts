import type { CredentialRecord } from './credential-queries.ts'
import type { GrantSetup } from './grant-setup.ts'
import type { RetryPolicy } from './retry-decision.ts'
import type { TokenOwner, TokenRecord } from './token-queries.ts'

/** One credential, and the one address where it is used. */
export type Outlet = TokenOutlet | ValueOutlet

/** An outlet whose calls show an access token. */
export type TokenOutlet = Whichever & {
  /** What its token depends on. */
  setup: GrantSetup
  /** Which one it was when the alias was resolved. */
  token: Pick<TokenRecord, 'id' | 'account_email'>
}

/** An outlet of a credential whose value goes with every call as it is. */
export type ValueOutlet = Whichever & { setup: null; token: null }

type Whichever = {
  /** `scope.name` of the alias that was resolved; null where a credential is tried by itself. */
  aliasId: string | null
  credential: Pick<CredentialRecord, 'id' | 'name' | 'type'>
  owner: TokenOwner
  baseUrl: string
  timeoutMs: number
  retryPolicy: RetryPolicy | null
}
