import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { Secret } from '#kit/secret.ts'
import type { StandIns } from '#kit/stand-ins.ts'

/** Anteroom's own client for Sign in with Microsoft. `authority` is an origin; the issuer is `{authority}/{tenantId}/v2.0`. */
export type MicrosoftSignIn = { tenantId: string; clientId: string; clientSecret: Secret; authority: string }

export type VaultState = { is: 'open' } | { is: 'sealed'; because: string }

export type PeopleDeps = {
  db: Database
  /** `fetch` already follows the stand-ins. */
  seams: Seams
  log: Log
  publicUrl: string
  standIns: StandIns
  signIn: MicrosoftSignIn | null
  vaultState: () => VaultState
  demo: boolean
  /** How many proxies of ours stand before this server and append to X-Forwarded-For; 0 unless said otherwise. */
  trustedProxyHops?: number
}
